import { expect, it } from 'vitest';
import { EXIT_FAILURE, EXIT_USAGE } from '../../../src/cli/command.js';
import { runCommandLine } from '../../../src/cli/command-line.js';
import { demoCommand } from '../../../src/cli/commands/demo.js';
import { fakeContext } from '../fake-context.js';

async function demo(...argv: string[]) {
  const context = fakeContext();
  const entries = [{ name: 'demo', load: async () => demoCommand }];
  const status = await runCommandLine(['demo', ...argv], entries, context);
  return { status, err: context.errLines.join('\n') };
}

it('echoline demo refuses what it cannot stream before it starts anything', async () => {
  const missing = await demo('--clip', '/nowhere/clip');
  expect(missing.status).toBe(EXIT_FAILURE);
  expect(missing.err).toMatch(/^ECHOLINE_CLIP_NOT_FOUND: .*$/);
  expect((await demo('--fps', '0')).status).toBe(EXIT_USAGE);
});
