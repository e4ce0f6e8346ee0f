import { parseArgs } from 'node:util';
import { assert } from '../domain/assert.js';
import { EcholineError } from '../domain/errors.js';
import { nearestName } from '../domain/nearest-name.js';
import type { Arguments, Command, Flag } from './command.js';

/**
 * Parses the arguments of a command against its table of flags.
 *
 * @throws EcholineError ECHOLINE_CONFIG_USAGE with one line that says what was expected
 */
export function parseArguments(command: Command, argv: readonly string[]): Arguments {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(command.flags.map((flag) => [flag.name, optionOf(flag)])),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const operands: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = knownFlag(command, token.name, token.rawName);
    const text = checkedText(command, flag, token.value);
    const earlier = values.get(flag.name) ?? [];
    values.set(flag.name, flag.kind === 'list' ? [...earlier, text] : [text]);
  }
  checkOperands(command, operands);
  return argumentsOf(command, operands, values);
}

/** An error about how a command was called: one line. */
export function usageError(command: string, expected: string): EcholineError {
  return new EcholineError(
    'ECHOLINE_CONFIG_USAGE',
    `echoline ${command}: ${expected} See: echoline ${command} --help`,
  );
}

function optionOf(flag: Flag) {
  return { type: flag.kind === 'switch' ? ('boolean' as const) : ('string' as const) };
}

function knownFlag(command: Command, name: string, rawName: string): Flag {
  const flag = command.flags.find((candidate) => candidate.name === name);
  if (flag !== undefined && rawName === `--${name}`) return flag;
  const names = command.flags.map((candidate) => `--${candidate.name}`);
  const nearest = nearestName(rawName, names);
  const advice = nearest === null ? '' : ` Did you mean ${nearest}?`;
  throw usageError(command.name, `there is no flag ${rawName}.${advice}`);
}

function checkedText(command: Command, flag: Flag, value: string | undefined): string {
  if (flag.kind === 'switch') {
    if (value === undefined) return 'true';
    throw usageError(command.name, `--${flag.name} takes no value, got "${value}".`);
  }
  if (value === undefined) {
    throw usageError(command.name, `expected --${flag.name} ${flag.placeholder}, got no value.`);
  }
  if (flag.kind === 'number' && (value.trim() === '' || !Number.isFinite(Number(value)))) {
    throw usageError(command.name, `expected a number for --${flag.name}, got "${value}".`);
  }
  return value;
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const { placeholder, min, max } = command.operands;
  if (operands.length < min) {
    throw usageError(command.name, `expected ${placeholder}.`);
  }
  if (operands.length > max) {
    const expected = max === 0 ? 'no argument' : placeholder;
    throw usageError(command.name, `expected ${expected}, got also "${operands[max]}".`);
  }
}

function argumentsOf(
  command: Command,
  operands: readonly string[],
  values: ReadonlyMap<string, readonly string[]>,
): Arguments {
  const get = (name: string, ...kinds: readonly Flag['kind'][]): readonly string[] | undefined => {
    const flag = command.flags.find((candidate) => candidate.name === name);
    assert(flag !== undefined && kinds.includes(flag.kind), `--${name} is in the table as asked`);
    return values.get(name);
  };
  return {
    operands,
    has: (name) => get(name, 'switch') !== undefined,
    text: (name) => get(name, 'text')?.[0] ?? null,
    number: (name) => {
      const text = get(name, 'number')?.[0];
      return text === undefined ? null : Number(text);
    },
    list: (name) => get(name, 'list') ?? [],
  };
}
