/** How long an engine may be busy with one frame. */
export interface WatchdogLimits {
  readonly hangUs: number;
  /** For the first frame of an engine's life, which touches memory for the first time. */
  readonly firstFrameUs: number;
}

/**
 * Knows since when an engine has been busy with its current frame. Frames wait in the engine's
 * channel when several streams share it, so the clock of a frame starts when the one before it
 * came back. Pure: the caller reads the clock and does the killing.
 */
export interface Watchdog {
  readonly framesDone: number;
  readonly framesInEngine: number;
  /** When the current frame's turn began, µs; null while idle. */
  readonly busySinceUs: number | null;
}

export const IDLE_WATCHDOG: Watchdog = { framesDone: 0, framesInEngine: 0, busySinceUs: null };

/** A frame was handed to the engine. */
export function frameSent(watchdog: Watchdog, nowUs: number): Watchdog {
  return {
    ...watchdog,
    framesInEngine: watchdog.framesInEngine + 1,
    busySinceUs: watchdog.busySinceUs ?? nowUs,
  };
}

/** A result came back from the engine. */
export function frameReturned(watchdog: Watchdog, nowUs: number): Watchdog {
  const framesInEngine = watchdog.framesInEngine - 1;
  return {
    framesDone: watchdog.framesDone + 1,
    framesInEngine,
    busySinceUs: framesInEngine > 0 ? nowUs : null,
  };
}

/** Time until the engine counts as hung, µs; ≤ 0 means now, null while it is idle. */
export function hangsInUs(
  watchdog: Watchdog,
  limits: WatchdogLimits,
  nowUs: number,
): number | null {
  if (watchdog.busySinceUs === null) return null;
  const limitUs = watchdog.framesDone === 0 ? limits.firstFrameUs : limits.hangUs;
  return watchdog.busySinceUs + limitUs - nowUs;
}

/**
 * The service itself did not run for `pauseUs` (a busy machine, a CPU quota that was used up): the
 * engine probably did not run either, so that time is not held against it. Killing innocent engines
 * on a starved machine would starve it further, because their successors have to load the model.
 */
export function servicePaused(watchdog: Watchdog, pauseUs: number, nowUs: number): Watchdog {
  if (watchdog.busySinceUs === null) return watchdog;
  return { ...watchdog, busySinceUs: Math.min(nowUs, watchdog.busySinceUs + pauseUs) };
}
