/**
 * Which parts of the memory that service and engine share are free. The lowest free one is taken
 * first, so that few streams use few pages, and those stay in the cache.
 */
export interface FrameSlots {
  /** Takes a slot; null when all are taken. */
  take(): number | null;
  /** Gives a taken slot back. */
  free(slot: number): void;
}

/** Slots 0 to count − 1, all free. */
export function createFrameSlots(count: number): FrameSlots {
  const taken = new Array<boolean>(count).fill(false);
  return {
    take() {
      const slot = taken.indexOf(false);
      if (slot < 0) return null;
      taken[slot] = true;
      return slot;
    },
    free(slot) {
      taken[slot] = false;
    },
  };
}
