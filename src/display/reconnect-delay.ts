const FIRST_MS = 250;
const LONGEST_MS = 5000;

/**
 * How long to wait before the next attempt to connect, ms: doubling from 250 ms to 5 s, of which a
 * random half is taken off, so that displays that lost the same service do not come back at once.
 * Where the service said when to come back, that is kept to, plus up to a quarter.
 *
 * @param attempt - failed attempts since the last welcome, from 0
 * @param askedMs - `reconnectAfterMs` of a bye; null when the service said nothing
 * @param random - in [0, 1)
 */
export function reconnectDelayMs(attempt: number, askedMs: number | null, random: number): number {
  if (askedMs !== null) return askedMs * (1 + 0.25 * random);
  const doubledMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return doubledMs * (0.5 + 0.5 * random);
}
