import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeLoaded } from '../../src/config/describe.js';
import { loadConfig } from '../../src/config/load.js';
import { SETTINGS } from '../../src/config/setting.js';
import { EcholineError } from '../../src/domain/errors.js';

const NOTHING = { filePath: null, env: {}, flags: {} } as const;

function fileWith(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'echoline-config-')), 'echoline.json');
  writeFileSync(path, text);
  return path;
}

function problemOf(sources: Partial<Parameters<typeof loadConfig>[0]>): EcholineError {
  try {
    loadConfig({ ...NOTHING, ...sources });
  } catch (error) {
    if (error instanceof EcholineError) return error;
    throw error;
  }
  throw new Error('expected the configuration to be refused');
}

describe('loadConfig', () => {
  it('gives every key its default when nothing is set', () => {
    const { config, origins } = loadConfig(NOTHING);
    expect(config.port).toBe(8787);
    expect(config.host).toBe('127.0.0.1');
    expect(config.frameBytesMax).toBe(9 * 1024 * 1024);
    expect(Object.keys(config)).toHaveLength(SETTINGS.length);
    expect(origins.port).toEqual({ source: 'default', where: '' });
  });

  it('lets the file beat the default, the environment the file, and a flag all of them', () => {
    const filePath = fileWith('{"port": 1, "engines": 2, "drainMs": 3}');
    const env = { ECHOLINE_ENGINES: '4', ECHOLINE_DRAIN_MS: '5', HOME: '/' };
    const loaded = loadConfig({ filePath, env, flags: { 'drain-ms': '6', insecure: true } });
    expect(loaded.config).toMatchObject({ port: 1, engines: 4, drainMs: 6, insecure: true });
    expect(loaded.origins.port).toEqual({ source: 'file', where: filePath });
    expect(loaded.origins.engines).toEqual({ source: 'environment', where: 'ECHOLINE_ENGINES' });
    expect(loaded.origins.drainMs).toEqual({ source: 'flag', where: '--drain-ms' });
    expect(describeLoaded(loaded)).toContain('drainMs = 6  (flag --drain-ms)');
    expect(describeLoaded(loaded)).toContain('host = "127.0.0.1"  (default)');
  });

  it("takes a word in a number's place where one is meant, and no other", () => {
    const given = (text: string) => ({ ...NOTHING, env: { ECHOLINE_INTRA_OP_THREADS: text } });
    expect(loadConfig(given('auto')).config.intraOpThreads).toBe('auto');
    expect(loadConfig(given('4')).config.intraOpThreads).toBe(4);
    const { message } = problemOf({ env: { ECHOLINE_INTRA_OP_THREADS: 'many' } });
    expect(message).toContain('expected auto or an integer from 1 to 64');
    expect(problemOf({ env: { ECHOLINE_PORT: 'auto' } }).message).toContain('expected an integer');
  });

  it('finds the file through ECHOLINE_CONFIG', () => {
    const env = { ECHOLINE_CONFIG: fileWith('{"port": 99}') };
    expect(loadConfig({ ...NOTHING, env }).config.port).toBe(99);
  });

  it('reads lists from commas and from repeated flags, and takes an empty variable as unset', () => {
    const env = { ECHOLINE_ORIGINS: 'http://a, http://b', ECHOLINE_PORT: '' };
    const { config } = loadConfig({ ...NOTHING, env });
    expect(config.origins).toEqual(['http://a', 'http://b']);
    expect(config.port).toBe(8787);
    const flags = { origins: ['http://c'] };
    expect(loadConfig({ ...NOTHING, env, flags }).config.origins).toEqual(['http://c']);
  });

  it('refuses origins that no browser sends, and says what was meant (ECHOLINE_CONFIG_INVALID)', () => {
    const messages = (...origins: readonly string[]) => {
      try {
        loadConfig({ ...NOTHING, flags: { origins } });
        return '';
      } catch (error) {
        expect(error).toMatchObject({ code: 'ECHOLINE_CONFIG_INVALID' });
        return String(error);
      }
    };
    expect(messages('http://localhost:9000', 'https://cart.example')).toBe('');
    expect(messages('http://localhost:9000/')).toContain('Did you mean http://localhost:9000?');
    expect(messages('nonsense')).toContain('got "nonsense".');
    expect(messages('*')).toContain('origins: expected scheme, host and port');
    expect(messages('file:///x')).not.toContain('Did you mean');
  });

  it('freezes the configuration and its lists', () => {
    const { config } = loadConfig({ ...NOTHING, flags: { origins: ['http://a'] } });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.origins)).toBe(true);
  });

  it('refuses unknown keys and names the nearest one (ECHOLINE_CONFIG_UNKNOWN_KEY)', () => {
    const fromFile = problemOf({ filePath: fileWith('{"frameAgeMax": 3}') });
    expect(fromFile.code).toBe('ECHOLINE_CONFIG_UNKNOWN_KEY');
    expect(fromFile.message).toContain('Did you mean frameAgeMaxMs?');
    const fromEnv = problemOf({ env: { ECHOLINE_PROT: '3' } });
    expect(fromEnv.code).toBe('ECHOLINE_CONFIG_UNKNOWN_KEY');
    expect(fromEnv.message).toContain('Did you mean ECHOLINE_PORT?');
    const farAway = problemOf({ filePath: fileWith('{"zzzzzzzzzzzzzzzzzzzzz": 3}') });
    expect(farAway.message).toContain('docs/configuration.md');
    expect(problemOf({ filePath: fileWith('{"__proto__": {"port": 1}}') }).code).toBe(
      'ECHOLINE_CONFIG_UNKNOWN_KEY',
    );
  });

  it('refuses wrong values and says what was expected and what came (ECHOLINE_CONFIG_INVALID)', () => {
    const port = problemOf({ flags: { port: '70000' } });
    expect(port.code).toBe('ECHOLINE_CONFIG_INVALID');
    expect(port.message).toBe(
      'port (flag --port): expected an integer from 0 to 65535, got 70000.',
    );
    expect(problemOf({ flags: { port: '1.5' } }).message).toContain('got 1.5');
    expect(problemOf({ flags: { port: 'abc' } }).message).toContain('got "abc"');
    expect(problemOf({ env: { ECHOLINE_INSECURE: 'yes' } }).message).toContain('true or false');
    expect(problemOf({ flags: { auth: 'none' } }).message).toContain('one of off, tokens');
    expect(problemOf({ filePath: fileWith('{"origins": [1]}') }).message).toContain('a list');
    expect(problemOf({ filePath: fileWith('{"host": 1}') }).message).toContain('expected text');
  });

  it('refuses a file that is missing, no JSON, or no object (ECHOLINE_CONFIG_INVALID)', () => {
    for (const filePath of ['/nowhere/x.json', fileWith('{'), fileWith('[]'), fileWith('null')]) {
      const error = problemOf({ filePath });
      expect(error.code).toBe('ECHOLINE_CONFIG_INVALID');
      expect(error.message).toContain(filePath);
    }
  });

  it('tells all problems at once', () => {
    const error = problemOf({
      filePath: fileWith('{"prot": 1, "engines": 0}'),
      env: { ECHOLINE_DRAIN_MS: 'x' },
    });
    expect(error.message.split('\n')).toHaveLength(3);
    expect(error.details).toEqual({ problems: 3 });
  });

  it('refuses an address others can reach without TLS (ECHOLINE_CONFIG_INSECURE_BIND)', () => {
    const bare = problemOf({ flags: { host: '0.0.0.0' } });
    expect(bare.code).toBe('ECHOLINE_CONFIG_INSECURE_BIND');
    expect(bare.message).toContain('--insecure');
    const tls = { host: '10.0.0.1', 'tls-cert': 'c.pem', 'tls-key': 'k.pem' };
    expect(problemOf({ flags: tls }).message).toContain('auth is off');
    const full = { ...tls, auth: 'tokens', tokens: 't.json' };
    expect(loadConfig({ ...NOTHING, flags: full }).config.host).toBe('10.0.0.1');
    const waived = { host: '0.0.0.0', insecure: true };
    expect(loadConfig({ ...NOTHING, flags: waived }).config.host).toBe('0.0.0.0');
    for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1']) {
      expect(loadConfig({ ...NOTHING, flags: { host } }).config.host).toBe(host);
    }
  });

  it('wants both halves of TLS, and a file for tokens', () => {
    expect(problemOf({ flags: { 'tls-cert': 'c.pem' } }).message).toContain('tlsKey is empty');
    expect(problemOf({ flags: { 'tls-key': 'k.pem' } }).message).toContain('tlsCert is empty');
    expect(problemOf({ flags: { auth: 'tokens' } }).code).toBe('ECHOLINE_CONFIG_INVALID');
  });
});
