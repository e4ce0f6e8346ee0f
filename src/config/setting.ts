import { type Config, ConfigSchema } from './schema.js';

export type SettingKey = keyof Config;

/** Shape of a setting's value; decides how text from the environment or a flag is read. */
export type SettingKind =
  | { readonly kind: 'text' }
  | { readonly kind: 'switch' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'list' }
  | {
      readonly kind: 'number';
      readonly isInteger: boolean;
      readonly minimum: number;
      readonly maximum: number;
      /** What may stand in a number's place, e.g. `auto`. */
      readonly words: readonly string[];
    };

/** One key of the configuration under its three names, with what its schema says about it. */
export interface Setting {
  readonly key: SettingKey;
  /** e.g. `ECHOLINE_FRAME_AGE_MAX_MS` */
  readonly environmentName: string;
  /** e.g. `frame-age-max-ms`, without the dashes. */
  readonly flagName: string;
  readonly shape: SettingKind;
  readonly defaultValue: unknown;
  readonly description: string;
}

/** What this module reads of a property of the schema (JSON Schema keywords). */
interface PropertySchema {
  readonly type?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly (PropertySchema & { readonly const?: unknown })[];
}

/** Every setting, in the order of the schema. */
export const SETTINGS: readonly Setting[] = Object.entries(
  ConfigSchema.properties as Readonly<Record<SettingKey, PropertySchema>>,
).map(([key, schema]) => settingOf(key as SettingKey, schema));

function settingOf(key: SettingKey, schema: PropertySchema): Setting {
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return {
    key,
    environmentName: `ECHOLINE_${words.replaceAll(' ', '_').toUpperCase()}`,
    flagName: words.replaceAll(' ', '-'),
    shape: shapeOf(schema),
    defaultValue: schema.default,
    description: schema.description ?? '',
  };
}

function shapeOf(schema: PropertySchema): SettingKind {
  if (schema.anyOf !== undefined) {
    const number = schema.anyOf.find(({ type }) => type === 'integer' || type === 'number');
    const words = schema.anyOf.filter((one) => one !== number).map((one) => String(one.const));
    return number === undefined ? { kind: 'choice', choices: words } : numberOf(number, words);
  }
  switch (schema.type) {
    case 'boolean':
      return { kind: 'switch' };
    case 'array':
      return { kind: 'list' };
    case 'integer':
    case 'number':
      return numberOf(schema, []);
    default:
      return { kind: 'text' };
  }
}

function numberOf(schema: PropertySchema, words: readonly string[]): SettingKind {
  return {
    kind: 'number',
    isInteger: schema.type === 'integer',
    minimum: schema.minimum ?? Number.NEGATIVE_INFINITY,
    maximum: schema.maximum ?? Number.POSITIVE_INFINITY,
    words,
  };
}

/** Says in words which values a setting takes, e.g. `an integer from 0 to 65535`. */
export function expectedOf(shape: SettingKind): string {
  switch (shape.kind) {
    case 'text':
      return 'text';
    case 'switch':
      return 'true or false';
    case 'choice':
      return `one of ${shape.choices.join(', ')}`;
    case 'list':
      return 'a list of texts';
    case 'number': {
      const noun = shape.isInteger ? 'an integer' : 'a number';
      const range = `${noun} from ${shape.minimum} to ${shape.maximum}`;
      return [...shape.words, range].join(' or ');
    }
  }
}
