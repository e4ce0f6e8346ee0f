import { median } from '../domain/median.js';

/** The newest figures of something measured over and over, and their median. */
export interface SampleWindow {
  add(value: number): void;
  /** Median of the kept figures; null while there are none. Sorts: not for every frame. */
  median(): number | null;
}

/** Keeps the newest `capacity` figures in a ring that is allocated once. */
export function createSampleWindow(capacity: number): SampleWindow {
  const ring = new Float64Array(capacity);
  let count = 0;
  return {
    add(value) {
      ring[count % capacity] = value;
      count += 1;
    },
    median() {
      return count === 0 ? null : median(ring.subarray(0, Math.min(count, capacity)));
    },
  };
}
