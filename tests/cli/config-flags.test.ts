import { describe, expect, it } from 'vitest';
import { type Command, NO_OPERANDS } from '../../src/cli/command.js';
import { CONFIG_FLAGS, loadConfigFrom } from '../../src/cli/config-flags.js';
import { parseArguments } from '../../src/cli/parse-arguments.js';
import { fakeContext } from './fake-context.js';

const COMMAND: Command = {
  name: 'serve',
  summary: '',
  operands: NO_OPERANDS,
  flags: CONFIG_FLAGS,
  notes: [],
  run: async () => 0,
};

function load(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return loadConfigFrom(parseArguments(COMMAND, argv), fakeContext(env));
}

describe('configuration flags', () => {
  it('reach the configuration as numbers, switches, lists and texts', () => {
    const argv = [
      '--port',
      '1',
      '--insecure',
      '--origins',
      'http://a,http://b',
      '--origins=http://c',
    ];
    const { config, origins } = load(argv, { ECHOLINE_PORT: '2', ECHOLINE_ENGINES: '3' });
    expect(config).toMatchObject({ port: 1, insecure: true, engines: 3 });
    expect(config.origins).toEqual(['http://a', 'http://b', 'http://c']);
    expect(origins.port).toEqual({ source: 'flag', where: '--port' });
  });

  it('leave the word about a wrong value to the configuration', () => {
    expect(() => load(['--port', 'x'])).toThrow('port (flag --port): expected an integer');
  });
});
