import { EXECUTION_PROVIDERS } from '../../domain/execution-provider.js';
import {
  type Arguments,
  type Command,
  type CommandContext,
  EXIT_FAILURE,
  EXIT_OK,
} from '../command.js';
import { findingLines, runCheck } from '../doctor/check.js';
import { doctorChecks, USUAL_DATA_DIRECTORY } from '../doctor/checks.js';
import { MODEL_FLAG } from '../open-pipeline.js';
import { usageError } from '../parse-arguments.js';

const DEFAULT_PORT = 8787;

/** `echoline doctor`: what works on this machine, what does not, and what to do. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'say what works on this machine, what does not, and what to do',
  operands: { placeholder: '', min: 0, max: 0 },
  flags: [
    {
      name: 'port',
      kind: 'number',
      placeholder: 'N',
      description: `port that serve would use (${DEFAULT_PORT})`,
    },
    {
      name: 'data',
      kind: 'text',
      placeholder: 'DIR',
      description: 'where the licensed real data should be',
    },
    MODEL_FLAG,
    {
      name: 'execution-provider',
      kind: 'text',
      placeholder: EXECUTION_PROVIDERS.join('|'),
      description: 'what serve would compute the network on (cpu)',
    },
  ],
  notes: ['Exits with 0 when echoline serve would work.'],
  run: runDoctor,
};

async function runDoctor(args: Arguments, context: CommandContext): Promise<number> {
  const port = args.number('port') ?? DEFAULT_PORT;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw usageError('doctor', 'expected --port from 0 to 65535.');
  }
  const wanted = args.text('execution-provider') ?? 'cpu';
  const executionProvider = EXECUTION_PROVIDERS.find((name) => name === wanted);
  if (executionProvider === undefined) {
    const expected = EXECUTION_PROVIDERS.join(', ');
    throw usageError('doctor', `expected --execution-provider to be one of ${expected}.`);
  }
  const checks = doctorChecks({
    port,
    executionProvider,
    modelDirectory: args.text('model'),
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
