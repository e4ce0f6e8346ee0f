// A timer's resolution is a millisecond: the rest is spun, which only this waiting process pays.

const SPIN_MS = 1;

/** Waits until a time of `performance.now()`. */
export async function sleepUntil(dueMs) {
  const waitMs = dueMs - performance.now() - SPIN_MS;
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  while (performance.now() < dueMs) {
    // Less than a millisecond: letting the event loop turn would overshoot.
  }
}
