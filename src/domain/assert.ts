/**
 * Asserts a programmer's assumption.
 *
 * A failed assertion is a bug in this code base, never bad input: it throws a plain `Error`, which
 * crashes the engine process (the service replaces it). Bad input throws an `EcholineError`
 * instead.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Assertion failed: ${message}`);
}

/** Makes the compiler prove that a `switch` over a union is exhaustive. */
export function assertNever(value: never, context: string): never {
  throw new Error(`Assertion failed: unexpected ${context}: ${JSON.stringify(value)}`);
}
