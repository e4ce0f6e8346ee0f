import { describe, expect, it } from 'vitest';
import {
  type Arguments,
  type Command,
  EXIT_CONFIG,
  EXIT_FAILURE,
  EXIT_USAGE,
} from '../../src/cli/command.js';
import { runCommandLine } from '../../src/cli/command-line.js';
import { usageError } from '../../src/cli/parse-arguments.js';
import { EcholineError } from '../../src/domain/errors.js';
import { fakeContext } from './fake-context.js';

const seen: Arguments[] = [];
const PAINT: Command = {
  name: 'paint',
  summary: 'paint a wall',
  operands: { placeholder: 'WALL', min: 1, max: 1 },
  flags: [
    { name: 'coats', kind: 'number', placeholder: 'N', description: 'how often' },
    { name: 'colour', kind: 'text', placeholder: 'NAME', description: 'which colour' },
    { name: 'tool', kind: 'list', placeholder: 'NAME', description: 'which tools' },
    { name: 'dry', kind: 'switch', placeholder: '', description: 'only say it' },
  ],
  notes: ['Open a window.'],
  async run(args) {
    seen.push(args);
    const [wall] = args.operands;
    if (wall === 'wet') throw new EcholineError('ECHOLINE_CLIP_NOT_FOUND', 'no wall');
    if (wall === 'odd') throw usageError('paint', 'expected an even wall.');
    if (wall === 'bad') throw new EcholineError('ECHOLINE_CONFIG_INVALID', 'one\ntwo');
    if (wall === 'bug') throw new TypeError('a bug');
    return 7;
  },
};

async function run(...argv: string[]) {
  const context = fakeContext();
  const entries = [{ name: 'paint', load: async () => PAINT }];
  const status = await runCommandLine(argv, entries, context);
  return { status, out: context.outLines, err: context.errLines };
}

describe('the command line', () => {
  it('hands operands and flags to the command and returns its status', async () => {
    const flags = ['--coats=-2', '--tool', 'a', '--tool=b', '--dry', '--colour', 'red'];
    expect((await run('paint', 'north', ...flags)).status).toBe(7);
    const args = seen.at(-1);
    expect(args?.operands).toEqual(['north']);
    expect(args?.number('coats')).toBe(-2);
    expect(args?.list('tool')).toEqual(['a', 'b']);
    expect(args?.has('dry')).toBe(true);
    expect(args?.text('colour')).toBe('red');
    await run('paint', '--', '--north');
    expect(seen.at(-1)?.operands).toEqual(['--north']);
    expect(seen.at(-1)?.number('coats')).toBeNull();
    expect(seen.at(-1)?.list('tool')).toEqual([]);
  });

  it.each([
    [['paint'], 'expected WALL'],
    [['paint', 'a', 'b'], 'got also "b"'],
    [['paint', 'a', '--coat', '1'], 'Did you mean --coats?'],
    [['paint', 'a', '-c'], 'there is no flag -c'],
    [['paint', 'a', '--coats', 'many'], 'expected a number for --coats, got "many"'],
    [['paint', 'a', '--coats='], 'expected a number'],
    [['paint', 'a', '--coats'], 'expected --coats N, got no value'],
    [['paint', 'a', '--dry=yes'], '--dry takes no value'],
    [['paint', 'odd'], 'even wall'],
    [['pain', 'a'], 'Did you mean paint?'],
  ])(
    'answers %j with one line that says what was expected (ECHOLINE_CONFIG_USAGE)',
    async (argv, words) => {
      const { status, out, err } = await run(...argv);
      expect(status).toBe(EXIT_USAGE);
      expect(out).toEqual([]);
      expect(err).toHaveLength(1);
      expect(err[0]).toContain(words);
    },
  );

  it('turns operating errors into lines and a status, and lets bugs through', async () => {
    expect(await run('paint', 'wet')).toEqual({
      status: EXIT_FAILURE,
      out: [],
      err: ['ECHOLINE_CLIP_NOT_FOUND: no wall'],
    });
    expect(await run('paint', 'bad')).toMatchObject({
      status: EXIT_CONFIG,
      err: ['ECHOLINE_CONFIG_INVALID: one', '  two'],
    });
    await expect(run('paint', 'bug')).rejects.toThrow('a bug');
  });

  it('prints help from the table, and the version', async () => {
    const help = await run('paint', 'a', '--help');
    expect(help.status).toBe(0);
    expect(help.out[0]).toBe('Usage: echoline paint WALL [flags]');
    expect(help.out.join('\n')).toMatch(/--coats N\s+how often[\s\S]*--dry\s+only say it/);
    expect(help.out.at(-1)).toBe('Open a window.');
    const overall = await run('--help');
    expect(overall.status).toBe(0);
    expect(overall.out.join('\n')).toMatch(/paint\s+paint a wall/);
    expect(await run()).toMatchObject({ status: EXIT_USAGE, out: [] });
    expect((await run('--version')).out[0]).toMatch(/^\d+\.\d+\.\d+/);
  });
});
