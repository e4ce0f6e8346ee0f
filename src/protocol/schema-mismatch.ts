import type { TSchema } from 'typebox';
import Value from 'typebox/value';
import { nearestName } from '../domain/nearest-name.js';

/** Why a JSON value is not what a schema says. */
export interface SchemaMismatch {
  /** Path with dots, e.g. `protocol.major`; '' is the message itself. */
  readonly field: string;
  readonly expected: string;
  readonly received: string;
  /** The known field an unknown one most likely meant; null when none is near. */
  readonly suggestion: string | null;
}

/** The part of JSON Schema that our schemas use (TypeBox schemas are plain JSON Schema). */
interface JsonSchema {
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

const RECEIVED_CHARS_MAX = 60;

/**
 * Says what is wrong with `value`: an unknown field first, then a missing one, then a wrong value.
 * TypeBox's interpreter only, no compiled code: pages run it under a strict content policy.
 */
export function explainMismatch(schema: TSchema, value: unknown): SchemaMismatch {
  const errors = Value.Errors(schema, value);
  const root = schema as JsonSchema;
  for (const error of errors) {
    if (error.keyword !== 'additionalProperties') continue;
    const path = pathOf(error.instancePath);
    const [name = ''] = error.params.additionalProperties;
    const known = Object.keys(schemaAt(root, path)?.properties ?? {});
    return {
      field: [...path, name.slice(0, RECEIVED_CHARS_MAX)].join('.'),
      expected: `only the fields ${known.join(', ')}`,
      received: `the unknown field ${show(name)}`,
      suggestion: nearestName(name, known),
    };
  }
  for (const error of errors) {
    if (error.keyword !== 'required') continue;
    const path = pathOf(error.instancePath);
    const [name = ''] = error.params.requiredProperties;
    const expected = describe(schemaAt(root, [...path, name]));
    return { field: [...path, name].join('.'), expected, received: 'nothing', suggestion: null };
  }
  const path = pathOf(errors[0]?.instancePath ?? '');
  const expected = describe(schemaAt(root, path));
  return {
    field: path.join('.'),
    expected,
    received: show(valueAt(value, path)),
    suggestion: null,
  };
}

/**
 * A JSON value in at most 60 characters, for an error message. Arrays and objects are only named: a
 * peer may nest them so deep that writing them out would exhaust the stack.
 */
export function show(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > RECEIVED_CHARS_MAX ? `${text.slice(0, RECEIVED_CHARS_MAX)}...` : text;
}

/** Splits a JSON pointer (RFC 6901). */
function pathOf(pointer: string): string[] {
  const parts = pointer.split('/').slice(1);
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function schemaAt(root: JsonSchema, path: readonly string[]): JsonSchema | undefined {
  let schema: JsonSchema | undefined = root;
  for (const part of path) {
    const options: readonly JsonSchema[] = schema?.anyOf ?? (schema ? [schema] : []);
    schema = options.map((option) => option.properties?.[part] ?? option.items).find(Boolean);
  }
  return schema;
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value;
}

function describe(schema: JsonSchema | undefined): string {
  if (schema === undefined) return 'what docs/protocol.md says';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(show).join(' or ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(describe).join(' or ');
  const { minimum, exclusiveMinimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  const bounds = [
    minimum === undefined ? null : `>= ${minimum}`,
    exclusiveMinimum === undefined ? null : `> ${exclusiveMinimum}`,
    maximum === undefined ? null : `<= ${maximum}`,
    minLength === undefined ? null : `${minLength} or more characters`,
    maxLength === undefined ? null : `at most ${maxLength} characters`,
    minItems === undefined ? null : `${minItems} or more items`,
    maxItems === undefined ? null : `at most ${maxItems} items`,
  ].filter((bound) => bound !== null);
  const kind = schema.items ? `array of ${describe(schema.items)}` : (schema.type ?? 'value');
  return bounds.length === 0 ? kind : `${kind} (${bounds.join(', ')})`;
}
