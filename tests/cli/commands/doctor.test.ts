import { expect, it } from 'vitest';
import { EXIT_USAGE } from '../../../src/cli/command.js';
import { runCommandLine } from '../../../src/cli/command-line.js';
import { doctorCommand } from '../../../src/cli/commands/doctor.js';
import { fakeContext } from '../fake-context.js';

it('echoline doctor refuses an execution provider that it does not know', async () => {
  const context = fakeContext();
  const entries = [{ name: 'doctor', load: async () => doctorCommand }];
  const argv = ['doctor', '--execution-provider', 'abacus'];
  expect(await runCommandLine(argv, entries, context)).toBe(EXIT_USAGE);
  expect(context.errLines.join('\n')).toContain('one of cpu, cuda');
});
