import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { doctorCommand } from '../../../src/cli/commands/doctor.js';
import { loadConfigFrom } from '../../../src/cli/config-flags.js';
import { runCheck } from '../../../src/cli/doctor/check.js';
import { findConfiguration } from '../../../src/cli/doctor/configuration.js';
import { parseArguments } from '../../../src/cli/parse-arguments.js';
import { fakeContext } from '../fake-context.js';

const scratch = mkdtempSync(join(tmpdir(), 'echoline-doctor-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function written(name: string, content: string): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

async function find(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const args = parseArguments(doctorCommand, argv);
  const { config, check } = findConfiguration(() => loadConfigFrom(args, fakeContext(env)));
  return { config, ...(await runCheck(check)) };
}

describe('the configuration that doctor finds', () => {
  it('is told in a word where nothing is given', async () => {
    const { works, found } = await find([]);
    expect(works).toBe(true);
    expect(found).toBe('no file, all keys by default');
  });

  it('names the file, and every key that is given with where it came from', async () => {
    const path = written('good.json', '{"engines":2,"port":90}');
    const { works, found, config } = await find(['--port', '91'], {
      ECHOLINE_CONFIG: path,
      ECHOLINE_LOG_LEVEL: 'warn',
    });
    expect(works).toBe(true);
    expect(found.split('\n')).toEqual([
      `file ${path}`,
      'port = 91  (flag --port)',
      `engines = 2  (file ${path})`,
      'logLevel = "warn"  (environment ECHOLINE_LOG_LEVEL)',
    ]);
    expect(config).toMatchObject({ port: 91, engines: 2 });
  });

  it('tells everything that is wrong with its code, and the other checks go by defaults', async () => {
    const path = written('bad.json', '{"engins":2,"port":"high"}');
    const { works, isNeeded, found, config } = await find(['--config', path]);
    expect([works, isNeeded]).toEqual([false, true]);
    expect(found).toContain('ECHOLINE_CONFIG_UNKNOWN_KEY: ');
    expect(found).toContain('engins is no configuration key. Did you mean engines?');
    expect(found).toContain(`port (file ${path}): expected an integer`);
    expect(config.port).toBe(8787);
  });

  it.each([
    ['a flag', ['--execution-provider', 'abacus'], 'expected one of cpu, cuda'],
    ['a file that is not there', ['--config', '/no/such.json'], 'expected a readable JSON file'],
    ['a tokens file', ['--auth', 'tokens', '--tokens', '/no/such.json'], 'cannot be read'],
    ['a certificate', ['--tls-cert', '/no/cert', '--tls-key', '/no/key'], 'tlsCert (/no/cert)'],
    ['an address that others reach', ['--host', '0.0.0.0'], 'can be reached by other machines'],
  ])('refuses %s as serve does', async (_what, argv, words) => {
    const { works, found } = await find(argv);
    expect(works).toBe(false);
    expect(found).toMatch(/^ECHOLINE_CONFIG_/);
    expect(found).toContain(words);
  });

  it('refuses protocols as serve does', async () => {
    const { found } = await find(['--protocols', scratch]);
    expect(found).toMatch(/^ECHOLINE_CONFIG_PROTOCOL_FILE: /);
  });
});
