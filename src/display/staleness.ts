import type { SourceLatency } from '../domain/frame.js';

/**
 * What the operator may believe of the picture and the overlay, decided in this one place:
 * `WAITING` no frame has come yet · `LIVE` current · `STALE` the overlay is too old to be shown ·
 * `LOST` no frame for a second · `FROZEN` the scanner froze the image · `UNAVAILABLE` there is an
 * image but no engine behind it.
 */
export type DisplayState = 'WAITING' | 'LIVE' | 'STALE' | 'LOST' | 'FROZEN' | 'UNAVAILABLE';

/** No frame for this long and the picture is LOST, ms. */
const LOST_AFTER_MS = 1000;
/** Never show an overlay as current beyond this, whatever the frame rate, ms. */
const HIDE_AT_MOST_MS = 400;
/** An overlay that starts to fade keeps this much of its strength until it is hidden. */
const OPACITY_BEFORE_HIDDEN = 0.25;
/** A clock that is less certain than this is not used to measure an age, ms. */
const CLOCK_UNCERTAINTY_MAX_MS = 50;

/**
 * From which moment an age counts: `echo`, when the scanner made the image, where the cart states
 * its source's own latency · `grab`, when the cart had the image; what the scanner took before is
 * not in it · `received`, when this display had it, where the cart's clock is not known.
 */
export type AgeOrigin = 'echo' | 'grab' | 'received';

/** How old an overlay's frame is, ms, and within what that is certain (0 for `received`). */
export interface MeasuredAge {
  readonly ageMs: number;
  readonly uncertaintyMs: number;
  readonly since: AgeOrigin;
}

/** What `measureAge` needs; every time in µs. */
export interface AgeInput {
  /** Display clock. */
  readonly nowUs: number;
  /** When the frame (or its overlay, if earlier) reached this display, display clock. */
  readonly receivedAtUs: number;
  /** Cart clock. */
  readonly captureTimeUs: number;
  /** Display clock − cart clock; null while unknown. */
  readonly cartOffsetUs: number | null;
  readonly uncertaintyUs: number | null;
  /** The source's own delay before it stamped the frame; null where the cart does not state it. */
  readonly sourceLatency: SourceLatency | null;
}

/**
 * Measures an age. A capture time later than now (beyond its uncertainty), or later than the
 * receipt, proves the clocks wrong; then the age since the receipt is what remains.
 */
export function measureAge(input: AgeInput): MeasuredAge {
  const sinceReceiptMs = Math.max(0, (input.nowUs - input.receivedAtUs) / 1000);
  const received: MeasuredAge = { ageMs: sinceReceiptMs, uncertaintyMs: 0, since: 'received' };
  if (input.cartOffsetUs === null || input.uncertaintyUs === null) return received;
  const source = input.sourceLatency;
  const uncertaintyMs = input.uncertaintyUs / 1000 + (source?.uncertaintyMs ?? 0);
  if (!(uncertaintyMs <= CLOCK_UNCERTAINTY_MAX_MS)) return received;
  const capturedAtUs = input.captureTimeUs + input.cartOffsetUs;
  const ageMs = (input.nowUs - capturedAtUs) / 1000 + (source?.latencyMs ?? 0);
  if (ageMs + uncertaintyMs < sinceReceiptMs) return received;
  const since = source === null ? 'grab' : 'echo';
  return { ageMs: Math.max(ageMs, sinceReceiptMs), uncertaintyMs, since };
}

/** From what an age counts, in words, with its uncertainty in whole ms, rounded up. */
export function sinceWords(age: MeasuredAge): string {
  if (age.since === 'received') return 'since received';
  return `since ${age.since}, ± ${Math.max(1, Math.ceil(age.uncertaintyMs))} ms`;
}

/** When an overlay starts to fade and when it is hidden, ms, for a stream's frame interval. */
export function fadeLimits(frameIntervalMs: number): { fadeMs: number; hideMs: number } {
  const hideMs = Math.min(HIDE_AT_MOST_MS, Math.max(200, 2.5 * frameIntervalMs));
  return { fadeMs: Math.min(hideMs, Math.max(100, 1.5 * frameIntervalMs)), hideMs };
}

/** What is on the screen and what is known of its source. */
export interface StalenessInput {
  /** Time since the last frame arrived, ms; null before the first. */
  readonly sinceFrameMs: number | null;
  readonly isFrozen: boolean;
  /** Whether the service or the overlay says that there is no engine behind the picture. */
  readonly isEngineUnavailable: boolean;
  /** Age of the newest overlay that was shown on its frame; null when there was none yet. */
  readonly overlayAge: MeasuredAge | null;
  /** Measured frame interval; null before two frames came (then 30 fps is assumed). */
  readonly frameIntervalMs: number | null;
}

/** The verdict on what is on the screen. */
export interface Staleness {
  readonly state: DisplayState;
  /** 1 = as current, between = fading, 0 = must not be drawn. */
  readonly overlayOpacity: number;
}

/**
 * Judges what is on the screen. The age counts with its uncertainty added: an overlay is called
 * current only when it surely is.
 *
 * A frozen picture keeps its overlay, because it does not claim to be current and says so. Source
 * of the limits: laparoscopy studies see harm above 105 ms of lag (Kumcu 2017), 200 ms is the
 * most that is called acceptable (Xu 2014).
 */
export function assessStaleness(input: StalenessInput): Staleness {
  if (input.sinceFrameMs === null) return { state: 'WAITING', overlayOpacity: 0 };
  if (input.sinceFrameMs >= LOST_AFTER_MS) return { state: 'LOST', overlayOpacity: 0 };
  if (input.isFrozen) return { state: 'FROZEN', overlayOpacity: 1 };
  if (input.isEngineUnavailable) return { state: 'UNAVAILABLE', overlayOpacity: 0 };
  const { fadeMs, hideMs } = fadeLimits(input.frameIntervalMs ?? 1000 / 30);
  if (input.overlayAge === null) return { state: 'UNAVAILABLE', overlayOpacity: 0 };
  const worstAgeMs = input.overlayAge.ageMs + input.overlayAge.uncertaintyMs;
  if (worstAgeMs > hideMs) return { state: 'STALE', overlayOpacity: 0 };
  if (worstAgeMs <= fadeMs) return { state: 'LIVE', overlayOpacity: 1 };
  const left = (hideMs - worstAgeMs) / (hideMs - fadeMs);
  const overlayOpacity = OPACITY_BEFORE_HIDDEN + (1 - OPACITY_BEFORE_HIDDEN) * left;
  return { state: 'LIVE', overlayOpacity };
}
