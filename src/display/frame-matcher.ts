import type { FrameIdentity } from '../domain/frame.js';

/** How long a frame may wait for its own overlay before it is shown bare, µs (interfaces.md 3). */
const OVERLAY_WAIT_MAX_US = 30_000;

/** Frames that may wait at a time. One more and the oldest is shown without its overlay. */
const WAITING_FRAMES_MAX = 4;
/** Overlays that may be kept for frames that are still being decoded. */
const EARLY_OVERLAYS_MAX = 8;

/**
 * What makes an overlay the overlay of a frame: the identity, and the capture time as a second
 * witness, because a new cart may start its numbering where an old one did.
 */
export interface Matchable extends FrameIdentity {
  readonly captureTimeUs: number;
}

/** A frame on the screen with its own overlay, or bare (null). */
export interface Shown<FrameLike, OverlayLike> {
  readonly frame: FrameLike;
  readonly overlay: OverlayLike | null;
}

/** How many frames and overlays went which way since the start. */
export interface MatchCounts {
  /** Frames put on the screen. */
  readonly shown: number;
  /** Of these, frames that got their overlay, at once or while they were on the screen. */
  readonly withOverlay: number;
  /** Frames that a newer one overtook before they were shown. */
  readonly skipped: number;
  /** Overlays whose frame was not there (any more); they are never drawn. */
  readonly unmatchedOverlays: number;
}

/** Pairs frames with their own overlays. Time is an argument (µs, any monotonic clock). */
export interface FrameMatcher<FrameLike extends Matchable, OverlayLike extends Matchable> {
  /** Takes over a frame that arrived at `arrivedAtUs`; the wait counts from there. */
  offerFrame(frame: FrameLike, arrivedAtUs: number): void;
  /** Takes an overlay; it may come before its frame was decoded, or after it was shown. */
  offerOverlay(overlay: OverlayLike): void;
  /** Decides what belongs on the screen now; null before the first frame. */
  advance(nowUs: number): Shown<FrameLike, OverlayLike> | null;
  /** How many frames and overlays went which way. */
  counts(): MatchCounts;
}

interface Waiting<FrameLike, OverlayLike> {
  readonly frame: FrameLike;
  readonly arrivedAtUs: number;
  overlay: OverlayLike | null;
}

/**
 * Makes a matcher. Frames wait in order of arrival; the newest frame that either has its overlay or
 * has waited for `waitMaxUs` goes on the screen, older ones are skipped. Several frames may wait at
 * a time: with one slot, a 60 fps stream with 20 ms of inference would never show an overlay.
 *
 * @param release - called once for every frame that will not be needed any more
 */
export function createFrameMatcher<FrameLike extends Matchable, OverlayLike extends Matchable>(
  release: (frame: FrameLike) => void = () => {},
  waitMaxUs: number = OVERLAY_WAIT_MAX_US,
): FrameMatcher<FrameLike, OverlayLike> {
  const waiting: Waiting<FrameLike, OverlayLike>[] = [];
  const early: OverlayLike[] = [];
  let shown: Shown<FrameLike, OverlayLike> | null = null;
  const counts = { shown: 0, withOverlay: 0, skipped: 0, unmatchedOverlays: 0 };

  function takeEarly(frame: FrameLike): OverlayLike | null {
    const index = early.findIndex((overlay) => belongsTo(overlay, frame));
    const [overlay] = index < 0 ? [] : early.splice(index, 1);
    return overlay ?? null;
  }

  function show(next: Waiting<FrameLike, OverlayLike>): void {
    if (shown !== null) release(shown.frame);
    shown = { frame: next.frame, overlay: next.overlay };
    counts.shown += 1;
    if (next.overlay !== null) counts.withOverlay += 1;
  }

  return {
    offerFrame(frame, arrivedAtUs) {
      waiting.push({ frame, arrivedAtUs, overlay: takeEarly(frame) });
      // Nobody asks in a tab in the background: the bound has to hold without `advance`.
      const oldest = waiting.length > WAITING_FRAMES_MAX ? waiting.shift() : undefined;
      if (oldest !== undefined) show(oldest);
    },
    offerOverlay(overlay) {
      const owner = waiting.find((entry) => belongsTo(overlay, entry.frame));
      if (owner !== undefined) {
        owner.overlay = overlay;
      } else if (shown !== null && belongsTo(overlay, shown.frame)) {
        if (shown.overlay === null) counts.withOverlay += 1;
        shown = { frame: shown.frame, overlay };
      } else if (shown !== null && isPast(overlay, shown.frame)) {
        counts.unmatchedOverlays += 1;
      } else {
        early.push(overlay);
        if (early.length > EARLY_OVERLAYS_MAX) {
          early.shift();
          counts.unmatchedOverlays += 1;
        }
      }
    },
    advance(nowUs) {
      const ready = waiting.findLastIndex(
        (entry) => entry.overlay !== null || nowUs - entry.arrivedAtUs >= waitMaxUs,
      );
      if (ready < 0) return shown;
      const taken = waiting.splice(0, ready + 1);
      for (const [index, entry] of taken.entries()) {
        if (index === ready) {
          show(entry);
        } else {
          release(entry.frame);
          counts.skipped += 1;
        }
      }
      return shown;
    },
    counts: () => ({ ...counts }),
  };
}

function belongsTo(overlay: Matchable, frame: Matchable): boolean {
  return (
    overlay.frameId === frame.frameId &&
    overlay.epoch === frame.epoch &&
    overlay.captureTimeUs === frame.captureTimeUs
  );
}

function isPast(overlay: Matchable, shownFrame: Matchable): boolean {
  return overlay.epoch === shownFrame.epoch && overlay.frameId < shownFrame.frameId;
}
