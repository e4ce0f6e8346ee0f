import type { LoadedConfig } from './load.js';
import { expectedOf, SETTINGS, type SettingKey } from './setting.js';

/**
 * The configuration reference (`docs/configuration.md`), made from the schema: a test proves that
 * the file is what this function returns.
 */
export function describeConfiguration(): string {
  const rows = SETTINGS.map(
    (setting) =>
      `| \`${setting.key}\` | \`${setting.environmentName}\` | \`--${setting.flagName}\` ` +
      `| ${expectedOf(setting.shape)} | \`${JSON.stringify(setting.defaultValue)}\` ` +
      `| ${setting.description.replaceAll('|', '\\|')} |`,
  );
  return [
    '# Configuration',
    '',
    '<!-- Made by `node scripts/describe-configuration.mjs` from src/config/schema.ts. -->',
    '',
    'Sources, weakest first: default, file (JSON, `--config FILE` or `ECHOLINE_CONFIG`),',
    'environment variable, flag of `echoline serve`. A list is separated by commas in a',
    'variable, and its flag may be given several times. An empty variable counts as not set.',
    'Unknown keys are errors that name the nearest key; all problems are told at once, and the',
    'process exits with status 78. `echoline serve --print-config` shows every value and where',
    'it came from; `echoline doctor`, with the same flags, tells what is given and what is wrong.',
    '',
    'An address that other machines can reach needs TLS and `auth: tokens`, unless `insecure`',
    'is given.',
    '',
    '| key | variable | flag | values | default | meaning |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** Every key with its value and origin, one a line: what `serve --print-config` prints. */
export function describeLoaded(loaded: LoadedConfig): readonly string[] {
  return SETTINGS.map(({ key }) => describeKey(loaded, key));
}

/** The keys that are not left to their defaults, like `describeLoaded`: what `doctor` prints. */
export function describeGiven(loaded: LoadedConfig): readonly string[] {
  const given = SETTINGS.filter(({ key }) => loaded.origins[key].source !== 'default');
  return given.map(({ key }) => describeKey(loaded, key));
}

function describeKey({ config, origins }: LoadedConfig, key: SettingKey): string {
  const { source, where } = origins[key];
  const origin = where === '' ? source : `${source} ${where}`;
  return `${key} = ${JSON.stringify(config[key])}  (${origin})`;
}
