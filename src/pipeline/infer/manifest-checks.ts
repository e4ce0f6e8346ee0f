import { EcholineError } from '../../domain/errors.js';

/** One value of a manifest together with its path in it, so that a complaint can name the place. */
export interface Field {
  readonly value: unknown;
  readonly path: string;
  readonly file: string;
}

/** Complains about a field: what was expected, what came, where. */
export function complain(field: Field, expected: string): EcholineError {
  const came = JSON.stringify(field.value) ?? 'nothing';
  return new EcholineError(
    'ECHOLINE_MODEL_MANIFEST_INVALID',
    `${field.file}: ${field.path || 'the manifest'} must be ${expected}; ` +
      `found ${came.slice(0, 80)}. Export the model again.`,
    { path: field.path },
  );
}

/** A member of an object; a missing one is a field with the value undefined. */
export function member(field: Field, name: string): Field {
  const path = field.path === '' ? name : `${field.path}.${name}`;
  return { value: objectOf(field)[name], path, file: field.file };
}

/** The members of an object; complains about anything else. */
export function objectOf(field: Field): Readonly<Record<string, unknown>> {
  const { value } = field;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw complain(field, 'an object');
  }
  return value as Readonly<Record<string, unknown>>;
}

/** A text that fits the pattern. */
export function textOf(field: Field, pattern = /./): string {
  const { value } = field;
  if (typeof value !== 'string' || !pattern.test(value)) {
    throw complain(field, pattern.source === '.' ? 'a text' : `a text like ${pattern.source}`);
  }
  return value;
}

/** A number within bounds, ends included; NaN is none. */
export function numberOf(field: Field, min: number, max: number): number {
  const { value } = field;
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw complain(field, `a number from ${min} to ${max}`);
  }
  return value;
}

/** One of a set of values. */
export function oneOf<T>(field: Field, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === field.value);
  if (found === undefined) throw complain(field, `one of ${allowed.join(', ')}`);
  return found;
}

/** The elements of a list, each with its index in its path. */
export function listOf(field: Field): readonly Field[] {
  if (!Array.isArray(field.value)) throw complain(field, 'a list');
  return field.value.map((value: unknown, index) => {
    return { value, path: `${field.path}[${index}]`, file: field.file };
  });
}
