/**
 * The machine's monotonic clock, µs. All processes of one machine read the same clock, so that the
 * service can subtract an engine's times from its own. Only edges call this; everything else takes
 * `nowUs`.
 */
export function readClockUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
