/** Refresh interval of a bedside display, µs. */
export const TICK_US = 1e6 / 60;

/** An overlay as one display got it, on one clock, µs. */
export interface Arrival {
  readonly receivedUs: number;
  /** When its frame was due. */
  readonly dueUs: number;
}

/**
 * Age of the newest overlay at every tick of a 60 Hz display, µs: what somebody who looks at the
 * screen gets. Ticks before the first overlay have none.
 *
 * @param arrivals - in the order received
 */
export function agesAtTicksUs(
  arrivals: readonly Arrival[],
  fromUs: number,
  toUs: number,
): readonly number[] {
  const ages: number[] = [];
  let next = 0;
  let newestDueUs = Number.NEGATIVE_INFINITY;
  for (let tick = 0; ; tick++) {
    const nowUs = fromUs + tick * TICK_US;
    if (nowUs >= toUs) return ages;
    for (let one = arrivals[next]; one !== undefined && one.receivedUs <= nowUs; ) {
      newestDueUs = Math.max(newestDueUs, one.dueUs);
      next += 1;
      one = arrivals[next];
    }
    if (newestDueUs > Number.NEGATIVE_INFINITY) ages.push(nowUs - newestDueUs);
  }
}

/** Longest pause between two overlays, or from the last one to the end, µs; 0 without any. */
export function longestGapUs(arrivals: readonly Arrival[], fromUs: number, toUs: number): number {
  let longest = 0;
  let lastUs = fromUs;
  for (const { receivedUs } of arrivals) {
    if (receivedUs < fromUs || receivedUs > toUs) continue;
    longest = Math.max(longest, receivedUs - lastUs);
    lastUs = receivedUs;
  }
  return Math.max(longest, toUs - lastUs);
}
