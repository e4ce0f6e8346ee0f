import type { Command, Flag } from './command.js';

const COLUMN = 34;

/** The lines of `echoline COMMAND --help`, made from the command's table. */
export function commandHelp(command: Command): readonly string[] {
  const usage = ['echoline', command.name, command.operands.placeholder].filter(Boolean).join(' ');
  return [
    `Usage: ${usage}${command.flags.length > 0 ? ' [flags]' : ''}`,
    '',
    `${capitalised(command.summary)}.`,
    ...(command.flags.length > 0 ? ['', 'Flags:', ...command.flags.map(flagLine)] : []),
    ...(command.notes.length > 0 ? ['', ...command.notes] : []),
  ];
}

/** The lines of `echoline --help`. */
export function overallHelp(commands: readonly Command[]): readonly string[] {
  return [
    'Usage: echoline COMMAND [arguments]',
    '',
    'Real-time ultrasound guidance engine. Not a medical device.',
    '',
    'Commands:',
    ...commands.map((command) => `  ${command.name.padEnd(10)} ${command.summary}`),
    '',
    'echoline COMMAND --help tells more; echoline --version prints the version.',
  ];
}

function flagLine(flag: Flag): string {
  const name = flag.kind === 'switch' ? `--${flag.name}` : `--${flag.name} ${flag.placeholder}`;
  return `  ${name.padEnd(COLUMN)} ${flag.description}`;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
