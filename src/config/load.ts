import { readFileSync } from 'node:fs';
import { nearestName } from '../domain/nearest-name.js';
import { exposureProblems } from './check-exposure.js';
import { originProblems } from './check-origins.js';
import { type Problem, problemsError } from './problem.js';
import { isValueOf, valueFromText } from './read-value.js';
import type { Config } from './schema.js';
import { expectedOf, SETTINGS, type Setting, type SettingKey } from './setting.js';

/** Environment variable that names the configuration file; a `--config` flag is stronger. */
export const CONFIG_FILE_VARIABLE = 'ECHOLINE_CONFIG';

/**
 * Variables of Echoline that are no configuration: the file itself, the browser of the tests, and
 * whether the demo shows the service's log.
 */
const OTHER_VARIABLES: readonly string[] = [
  CONFIG_FILE_VARIABLE,
  'ECHOLINE_CHROMIUM',
  'ECHOLINE_DEMO_LOG',
];

/** Where a value came from, and under which name there. */
export interface Origin {
  readonly source: 'default' | 'file' | 'environment' | 'flag';
  /** The file, the variable, or the flag; empty for a default. */
  readonly where: string;
}

/** The sources of a configuration. */
export interface ConfigSources {
  /** JSON file; null = the one that `ECHOLINE_CONFIG` names, or none. */
  readonly filePath: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What was given on the command line, by flag name: text, true for a switch, or a list. */
  readonly flags: Readonly<Record<string, string | boolean | readonly string[]>>;
}

/** The configuration and where each of its values came from. All of it is frozen. */
export interface LoadedConfig {
  readonly config: Config;
  /** The configuration file; null = none was named. */
  readonly filePath: string | null;
  readonly origins: Readonly<Record<SettingKey, Origin>>;
}

interface Candidate {
  readonly value: unknown;
  readonly origin: Origin;
}
type Candidates = Map<SettingKey, Candidate>;

/**
 * Loads the configuration: defaults, then file, then `ECHOLINE_*` variables, then flags; the last
 * one wins. An empty variable counts as not set.
 *
 * @throws EcholineError ECHOLINE_CONFIG_UNKNOWN_KEY, ECHOLINE_CONFIG_INVALID or
 *   ECHOLINE_CONFIG_INSECURE_BIND, telling every problem at once
 */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const problems: Problem[] = [];
  const candidates: Candidates = new Map();
  for (const setting of SETTINGS) {
    const origin: Origin = { source: 'default', where: '' };
    candidates.set(setting.key, { value: setting.defaultValue, origin });
  }
  const filePath = filePathOf(sources);
  if (filePath !== null) takeFile(filePath, candidates, problems);
  takeEnvironment(sources.env, candidates, problems);
  takeFlags(sources.flags, candidates);

  for (const setting of SETTINGS) checkValue(setting, candidates.get(setting.key), problems);
  if (problems.length > 0) throw problemsError(problems);

  const entries = [...candidates].map(([key, candidate]) => [key, deepFreeze(candidate.value)]);
  const config = Object.freeze(Object.fromEntries(entries)) as Config;
  const joint = [...exposureProblems(config), ...originProblems(config)];
  if (joint.length > 0) throw problemsError(joint);
  const origins = [...candidates].map(([key, candidate]) => [key, Object.freeze(candidate.origin)]);
  return Object.freeze({ config, filePath, origins: Object.freeze(Object.fromEntries(origins)) });
}

function filePathOf({ filePath, env }: ConfigSources): string | null {
  const path = filePath ?? env[CONFIG_FILE_VARIABLE] ?? '';
  return path === '' ? null : path;
}

function takeFile(path: string, candidates: Candidates, problems: Problem[]): void {
  const content = readJsonObject(path, problems);
  if (content === null) return;
  const known = SETTINGS.map((setting) => setting.key);
  for (const [key, value] of Object.entries(content)) {
    const setting = SETTINGS.find((candidate) => candidate.key === key);
    if (setting === undefined) problems.push(unknownKey(`${path}: ${key}`, key, known));
    else candidates.set(setting.key, { value, origin: { source: 'file', where: path } });
  }
}

function readJsonObject(path: string, problems: Problem[]): object | null {
  const code = 'ECHOLINE_CONFIG_INVALID';
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content;
    problems.push({ code, message: `${path}: expected a JSON object with configuration keys.` });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    problems.push({ code, message: `${path}: expected a readable JSON file: ${words}.` });
  }
  return null;
}

function takeEnvironment(
  env: ConfigSources['env'],
  candidates: Candidates,
  problems: Problem[],
): void {
  const known = SETTINGS.map((setting) => setting.environmentName);
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith('ECHOLINE_') || OTHER_VARIABLES.includes(name)) continue;
    const setting = SETTINGS.find((candidate) => candidate.environmentName === name);
    if (setting === undefined) {
      problems.push(unknownKey(`environment variable ${name}`, name, known));
    } else if (text !== undefined && text !== '') {
      const origin: Origin = { source: 'environment', where: name };
      candidates.set(setting.key, { value: valueFromText(text, setting.shape), origin });
    }
  }
}

/** Unknown flags were refused where the command line was parsed; others' flags are not ours. */
function takeFlags(flags: ConfigSources['flags'], candidates: Candidates): void {
  for (const setting of SETTINGS) {
    const given = flags[setting.flagName];
    if (given === undefined) continue;
    const value = typeof given === 'string' ? valueFromText(given, setting.shape) : given;
    const origin: Origin = { source: 'flag', where: `--${setting.flagName}` };
    candidates.set(setting.key, { value, origin });
  }
}

function unknownKey(where: string, name: string, known: readonly string[]): Problem {
  const nearest = nearestName(name, known);
  const advice =
    nearest === null ? 'See docs/configuration.md for all keys.' : `Did you mean ${nearest}?`;
  return {
    code: 'ECHOLINE_CONFIG_UNKNOWN_KEY',
    message: `${where} is no configuration key. ${advice}`,
  };
}

function checkValue(setting: Setting, candidate: Candidate | undefined, problems: Problem[]): void {
  if (candidate === undefined || isValueOf(candidate.value, setting.shape)) return;
  const { source, where } = candidate.origin;
  problems.push({
    code: 'ECHOLINE_CONFIG_INVALID',
    message:
      `${setting.key} (${source} ${where}): expected ${expectedOf(setting.shape)}, ` +
      `got ${JSON.stringify(candidate.value)}.`,
  });
}

function deepFreeze(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(deepFreeze));
  return value;
}
