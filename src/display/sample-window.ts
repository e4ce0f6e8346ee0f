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
      const kept = ring.slice(0, Math.min(count, capacity)).sort();
      if (kept.length === 0) return null;
      const high = kept[kept.length >> 1] ?? 0;
      return kept.length % 2 === 1 ? high : (high + (kept[(kept.length >> 1) - 1] ?? high)) / 2;
    },
  };
}
