/**
 * Monotonic time in whole µs. One scale for all processes of a machine, so a demo that is cart and
 * display at once can compare its times.
 */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
