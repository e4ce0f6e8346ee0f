import { describe, expect, it } from 'vitest';
import { EXIT_CONFIG, EXIT_OK } from '../../../src/cli/command.js';
import { runCommandLine } from '../../../src/cli/command-line.js';
import { serveCommand } from '../../../src/cli/commands/serve.js';
import { fakeContext } from '../fake-context.js';

async function serve(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const context = fakeContext(env);
  const entries = [{ name: 'serve', load: async () => serveCommand }];
  const status = await runCommandLine(['serve', ...argv], entries, context);
  return { status, out: context.outLines, err: context.errLines.join('\n') };
}

describe('echoline serve', () => {
  it('prints the configuration with its origins', async () => {
    const { status, out } = await serve(['--print-config', '--port', '99'], {
      ECHOLINE_ENGINES: '3',
    });
    expect(status).toBe(EXIT_OK);
    expect(out).toContain('port = 99  (flag --port)');
    expect(out).toContain('engines = 3  (environment ECHOLINE_ENGINES)');
  });

  it('refuses a wrong configuration before it starts anything', async () => {
    const wrong = await serve([], { ECHOLINE_PROT: '1' });
    expect(wrong.status).toBe(EXIT_CONFIG);
    expect(wrong.err).toContain('Did you mean ECHOLINE_PORT?');
    expect((await serve(['--host', '0.0.0.0'])).err).toContain('INSECURE_BIND');
  });
});
