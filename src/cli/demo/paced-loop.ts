import type { DemoFrame } from './demo-frame.js';

/** How close to the due time the timer hands over to a short spin, ms. */
const SPIN_MS = 1;

/** Why a pass over the loop ended. */
export type PassEnd = 'done' | 'aborted';

/**
 * Offers the frames of one loop, each when it is due: open loop, so that a late frame counts from
 * when it was due and not from when it was sent.
 *
 * @param offer - called with the frame, its index and the time it was due, ms (performance.now)
 */
export async function runPacedPass(
  frames: readonly DemoFrame[],
  offer: (frame: DemoFrame, index: number, dueMs: number) => void,
  signal: AbortSignal,
): Promise<PassEnd> {
  const startMs = performance.now() + 5;
  for (const [index, frame] of frames.entries()) {
    const dueMs = startMs + frame.offsetUs / 1000;
    await sleepUntil(dueMs, signal);
    if (signal.aborted) return 'aborted';
    offer(frame, index, dueMs);
  }
  return 'done';
}

/** Sleeps with a timer, whose resolution is a millisecond, and spins over the rest. */
export async function sleepUntil(dueMs: number, signal: AbortSignal): Promise<void> {
  const waitMs = dueMs - performance.now() - SPIN_MS;
  if (waitMs > 0 && !signal.aborted) {
    await new Promise<void>((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, waitMs);
      signal.addEventListener('abort', finish);
    });
  }
  while (performance.now() < dueMs && !signal.aborted) {
    // Less than a millisecond: letting the event loop turn would overshoot.
  }
}
