import { join } from 'node:path';
import { describeGiven } from '../../config/describe.js';
import { type LoadedConfig, loadConfig } from '../../config/load.js';
import type { Config } from '../../config/schema.js';
import { readTlsFiles } from '../../server/tls-files.js';
import { readTokensFile } from '../../server/tokens-file.js';
import { readProtocolLibrary } from '../../session/procedure/protocol-library.js';
import { PACKAGE_ROOT } from '../package-root.js';
import type { Check } from './check.js';

/** The configuration as `echoline serve` would find it here. */
export interface FoundConfiguration {
  /** What the other checks go by: the defaults where the configuration is wrong. */
  readonly config: Config;
  /** Tells the file and every key that is given, or everything that is wrong. */
  readonly check: Check;
}

/**
 * Looks for the configuration.
 *
 * @param load - loads it from file, environment and flags; throws what is wrong with it
 */
export function findConfiguration(load: () => LoadedConfig): FoundConfiguration {
  const tell = (look: Check['look']): Check => ({
    subject: 'configuration',
    isNeeded: true,
    advice: 'docs/configuration.md describes every key; the other lines go by the defaults.',
    look,
  });
  try {
    const loaded = load();
    return { config: loaded.config, check: tell(() => lookAtConfiguration(loaded)) };
  } catch (error) {
    const { config } = loadConfig({ filePath: null, env: {}, flags: {} });
    return { config, check: tell(() => Promise.reject(error)) };
  }
}

/** Also reads the files that the service reads before it starts. */
function lookAtConfiguration(loaded: LoadedConfig): string {
  const { config, filePath } = loaded;
  readTlsFiles(config);
  if (config.auth === 'tokens') readTokensFile(config.tokens);
  readProtocolLibrary(config.protocols === '' ? join(PACKAGE_ROOT, 'protocols') : config.protocols);
  const file = filePath === null ? 'no file' : `file ${filePath}`;
  const given = describeGiven(loaded);
  return [given.length === 0 ? `${file}, all keys by default` : file, ...given].join('\n');
}
