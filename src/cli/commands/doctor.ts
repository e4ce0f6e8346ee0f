import {
  type Arguments,
  type Command,
  type CommandContext,
  EXIT_FAILURE,
  EXIT_OK,
} from '../command.js';
import { CONFIG_FLAGS, loadConfigFrom } from '../config-flags.js';
import { findingLines, runCheck } from '../doctor/check.js';
import { doctorChecks, USUAL_DATA_DIRECTORY } from '../doctor/checks.js';
import { findConfiguration } from '../doctor/configuration.js';

/** `echoline doctor`: what works on this machine, what does not, and what to do. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'say what works on this machine, what does not, and what to do',
  operands: { placeholder: '', min: 0, max: 0 },
  flags: [
    ...CONFIG_FLAGS,
    {
      name: 'data',
      kind: 'text',
      placeholder: 'DIR',
      description: 'where the licensed real data should be',
    },
  ],
  notes: [
    'Looks at the configuration that echoline serve would start with, from the same file,',
    'variables and flags. Exits with 0 when echoline serve would work.',
  ],
  run: runDoctor,
};

async function runDoctor(args: Arguments, context: CommandContext): Promise<number> {
  const checks = doctorChecks({
    configuration: findConfiguration(() => loadConfigFrom(args, context)),
    dataDirectory: args.text('data') ?? USUAL_DATA_DIRECTORY,
    env: context.env,
  });
  let canServe = true;
  for (const check of checks) {
    const finding = await runCheck(check);
    if (finding.isNeeded && !finding.works) canServe = false;
    for (const line of findingLines(finding)) await context.out(line);
  }
  await context.out(canServe ? 'echoline serve will work here.' : 'echoline serve will not work.');
  return canServe ? EXIT_OK : EXIT_FAILURE;
}
