import { type EcholineError, isEcholineError } from '../domain/errors.js';
import { nearestName } from '../domain/nearest-name.js';
import {
  type Command,
  type CommandContext,
  EXIT_CONFIG,
  EXIT_FAILURE,
  EXIT_OK,
  EXIT_USAGE,
} from './command.js';
import { commandHelp, overallHelp } from './help.js';
import { packageVersion } from './package-root.js';
import { parseArguments } from './parse-arguments.js';

/** A command that is loaded when it is asked for, so that `--help` does not load the runtimes. */
export interface CommandEntry {
  readonly name: string;
  readonly load: () => Promise<Command>;
}

/**
 * Runs one command line. Operating errors become one line on stderr (a configuration with several
 * problems, one line each); anything else is a bug and is thrown.
 *
 * @param argv - without node and script
 * @returns the exit status: 0, 1 for a failure, 64 for a wrong command line, 78 for a wrong
 *   configuration, 130 when Ctrl-C came before the work was done
 */
export async function runCommandLine(
  argv: readonly string[],
  entries: readonly CommandEntry[],
  context: CommandContext,
): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version' || name === '-v') {
    await context.out(packageVersion());
    return EXIT_OK;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const commands = await Promise.all(entries.map((entry) => entry.load()));
    for (const line of overallHelp(commands)) {
      if (name === undefined) context.err(line);
      else await context.out(line);
    }
    return name === undefined ? EXIT_USAGE : EXIT_OK;
  }
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    context.err(unknownCommand(name, entries));
    return EXIT_USAGE;
  }
  const command = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    for (const line of commandHelp(command)) await context.out(line);
    return EXIT_OK;
  }
  try {
    return await command.run(parseArguments(command, rest), context);
  } catch (error) {
    if (!isEcholineError(error)) throw error;
    const [first, ...more] = error.message.split('\n');
    context.err(`${error.code}: ${first}`);
    for (const line of more) context.err(`  ${line}`);
    return statusOf(error);
  }
}

function unknownCommand(name: string, entries: readonly CommandEntry[]): string {
  const names = entries.map((entry) => entry.name);
  const nearest = nearestName(name, names);
  const advice = nearest === null ? '' : ` Did you mean ${nearest}?`;
  return `echoline: expected one of ${names.join(', ')}; got "${name}".${advice}`;
}

function statusOf(error: EcholineError): number {
  if (error.code === 'ECHOLINE_CONFIG_USAGE') return EXIT_USAGE;
  return error.code.startsWith('ECHOLINE_CONFIG_') ? EXIT_CONFIG : EXIT_FAILURE;
}
