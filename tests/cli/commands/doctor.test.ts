import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { EXIT_FAILURE, EXIT_OK } from '../../../src/cli/command.js';
import { runCommandLine } from '../../../src/cli/command-line.js';
import { doctorCommand } from '../../../src/cli/commands/doctor.js';
import { fakeContext } from '../fake-context.js';

async function doctor(...argv: readonly string[]) {
  const context = fakeContext({ PATH: process.env.PATH });
  const entries = [{ name: 'doctor', load: async () => doctorCommand }];
  const status = await runCommandLine(['doctor', ...argv], entries, context);
  return { status, out: context.outLines };
}

describe('echoline doctor', () => {
  it('tells what works, and exits with 0 where serve would', async () => {
    const { status, out } = await doctor('--port', '0');
    expect(status).toBe(EXIT_OK);
    expect(out.join('\n')).toMatch(
      /works\s+configuration\s+no file\n\s+port = 0 {2}\(flag --port\)/,
    );
    expect(out.join('\n')).toMatch(/works\s+model\s+guidenet.* runs on cpu/);
    expect(out.join('\n')).toMatch(/works\s+second opinion\s+tfjs-.* computes the network/);
    expect(out.join('\n')).toMatch(/works\s+kernels\s+(native \(|reference \(.*times as long)/);
    expect(out.at(-1)).toBe('echoline serve will work here.');
  });

  it('tries the port and the execution provider that it is told', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const argv = ['--port', String(port), '--execution-provider', 'dml'];
    const { status, out } = await doctor(...argv);
    taken.close();
    expect(status).toBe(EXIT_FAILURE);
    expect(out.join('\n')).toMatch(
      /BROKEN\s+model\s+ECHOLINE_MODEL_\w+: The execution provider dml/,
    );
    expect(out.join('\n')).toMatch(/BROKEN\s+port/);
  });
});
