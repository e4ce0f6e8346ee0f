import type { TSchema } from 'typebox';

const cache = new WeakMap<TSchema, TSchema>();

/**
 * The same schema, accepting fields it does not know, at every depth: how a reader treats a peer of
 * a newer minor. Made once for each schema.
 */
export function acceptingUnknownFields<S extends TSchema>(schema: S): S {
  const known = cache.get(schema);
  if (known !== undefined) return known as S;
  const tolerant = withoutAdditionalProperties(schema) as S;
  cache.set(schema, tolerant);
  return tolerant;
}

/** Copies JSON Schema, leaving `additionalProperties: false` out. */
function withoutAdditionalProperties(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutAdditionalProperties);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).filter(
    ([key, value]) => key !== 'additionalProperties' || value !== false,
  );
  return Object.fromEntries(
    entries.map(([key, value]) => [key, withoutAdditionalProperties(value)]),
  );
}
