import type { Frame } from '../domain/frame.js';
import type { GuidanceReason } from '../domain/guidance.js';
import type { Overlay } from '../domain/overlay.js';
import type { StreamInfo } from '../protocol/control-messages.js';
import { createFrameMatcher, type MatchCounts, type Shown } from './frame-matcher.js';
import { createFrameRateMeter } from './frame-rate.js';
import { createSampleWindow } from './sample-window.js';
import { assessStaleness, type MeasuredAge, measureAge, type Staleness } from './staleness.js';

/** Latency across clocks is stated only when the clocks are this certain, µs (ecosystem note 2). */
const LATENCY_UNCERTAINTY_MAX_US = 5000;
const LATENCY_SAMPLES = 128;

/** Reasons that mean: there is no engine behind this picture. */
const ENGINE_REASONS: readonly GuidanceReason[] = [
  'engine-unavailable',
  'inference-failed',
  'decode-failed',
  'imaging-mode',
  'several-panes',
];

/** A frame that reached the display, with its decoded picture. */
export interface ArrivedFrame<Picture> extends Omit<Frame, 'payload'> {
  readonly picture: Picture;
  /** Display clock, µs. */
  readonly receivedAtUs: number;
}

/** How the service's clock relates to the display's. */
export interface ServiceClock {
  /** Service clock − display clock, µs. */
  readonly offsetUs: number;
  readonly uncertaintyUs: number;
}

/** Median latency and between which two moments; the uncertainty is of the clocks. */
export interface LatencyReading {
  readonly kind: 'capture-to-display' | 'receive-to-publish';
  readonly medianMs: number;
  readonly uncertaintyMs: number;
}

/** All that the page shows, at one moment. */
export interface DisplayView<Picture> {
  readonly shown: Shown<ArrivedFrame<Picture>, Overlay> | null;
  readonly staleness: Staleness;
  /** Age of the newest overlay that was shown on its frame; null before the first. */
  readonly overlayAge: MeasuredAge | null;
  /** The newest overlay that was shown on its frame, while it may count as current; else null. */
  readonly current: Overlay | null;
  readonly info: StreamInfo | null;
}

/** Figures that are worth reading a few times a second, not on every frame. */
export interface DisplayFigures {
  readonly framesPerSecond: number;
  readonly latency: LatencyReading | null;
  readonly counts: MatchCounts;
}

/** What one display knows of one stream. Pure of DOM and clocks: time is an argument. */
export interface DisplaySession<Picture> {
  /** Something reached the display, decodable or not: the stream lives. */
  noteFrame(frame: Frame, nowUs: number): void;
  offerFrame(frame: ArrivedFrame<Picture>): void;
  offerOverlay(overlay: Overlay): void;
  setInfo(info: StreamInfo): void;
  setClock(clock: ServiceClock | null): void;
  /** Decides what belongs on the screen now. */
  view(nowUs: number): DisplayView<Picture>;
  figures(nowUs: number): DisplayFigures;
}

/** Makes a session. `release` is called for every frame whose picture is not needed any more. */
export function createDisplaySession<Picture>(
  release: (frame: ArrivedFrame<Picture>) => void,
): DisplaySession<Picture> {
  const matcher = createFrameMatcher<ArrivedFrame<Picture>, Overlay>(release);
  const rate = createFrameRateMeter();
  const acrossClocksMs = createSampleWindow(LATENCY_SAMPLES);
  const inServiceMs = createSampleWindow(LATENCY_SAMPLES);
  let info: StreamInfo | null = null;
  let clock: ServiceClock | null = null;
  let lastFrameAtUs: number | null = null;
  let newestOverlay: Overlay | null = null;
  let lastMatched: Shown<ArrivedFrame<Picture>, Overlay> | null = null;

  function ageOf(matched: Shown<ArrivedFrame<Picture>, Overlay>, nowUs: number): MeasuredAge {
    const { frame, overlay } = matched;
    const cart = overlay?.clock ?? null;
    const known = clock !== null && cart?.cartOffsetUs != null && cart.uncertaintyUs != null;
    return measureAge({
      nowUs,
      receivedAtUs: frame.receivedAtUs,
      captureTimeUs: frame.captureTimeUs,
      cartOffsetUs: known ? (cart.cartOffsetUs ?? 0) - (clock?.offsetUs ?? 0) : null,
      uncertaintyUs: known ? (cart.uncertaintyUs ?? 0) + (clock?.uncertaintyUs ?? 0) : null,
      sourceLatencyMs: frame.extensions.sourceLatency?.latencyMs ?? 0,
      sourceUncertaintyMs: frame.extensions.sourceLatency?.uncertaintyMs ?? 0,
    });
  }

  function sampleLatency(matched: Shown<ArrivedFrame<Picture>, Overlay>, nowUs: number): void {
    const { overlay } = matched;
    if (overlay === null) return;
    inServiceMs.add((overlay.clock.publishedAtUs - overlay.clock.receivedAtUs) / 1000);
    const age = ageOf(matched, nowUs);
    if (age.since === 'capture' && age.uncertaintyMs * 1000 <= LATENCY_UNCERTAINTY_MAX_US) {
      acrossClocksMs.add(age.ageMs);
    }
  }

  return {
    noteFrame(frame, nowUs) {
      lastFrameAtUs = nowUs;
      rate.add(frame, nowUs);
    },
    offerFrame: (frame) => matcher.offerFrame(frame, frame.receivedAtUs),
    offerOverlay(overlay) {
      newestOverlay = overlay;
      matcher.offerOverlay(overlay);
    },
    setInfo(next) {
      info = next;
    },
    setClock(next) {
      clock = next;
    },
    view(nowUs) {
      const shown = matcher.advance(nowUs);
      if (shown !== null && shown.overlay !== null && shown.overlay !== lastMatched?.overlay) {
        lastMatched = shown;
        sampleLatency(shown, nowUs);
      }
      const overlayAge = lastMatched === null ? null : ageOf(lastMatched, nowUs);
      const staleness = assessStaleness({
        sinceFrameMs: lastFrameAtUs === null ? null : (nowUs - lastFrameAtUs) / 1000,
        isFrozen: shown?.frame.flags.isFrozen ?? false,
        isEngineUnavailable:
          info?.engine === 'unavailable' ||
          (newestOverlay !== null && saysUnavailable(newestOverlay)),
        overlayAge,
        frameIntervalMs: rate.intervalMs(),
      });
      const isFrozen = staleness.state === 'FROZEN';
      const newest = isFrozen ? shown?.overlay : lastMatched?.overlay;
      const current = staleness.overlayOpacity > 0 ? (newest ?? null) : null;
      return { shown, staleness, overlayAge, current, info };
    },
    figures(nowUs) {
      return {
        framesPerSecond: rate.perSecond(nowUs),
        latency: readLatency(acrossClocksMs.median(), inServiceMs.median(), lastMatched, clock),
        counts: matcher.counts(),
      };
    },
  };
}

/** Whether an overlay says that nothing looked at the picture. */
export function saysUnavailable(overlay: Overlay): boolean {
  const { validity, reasons } = overlay.guidance;
  return validity === 'unavailable' && reasons.some((reason) => ENGINE_REASONS.includes(reason));
}

function readLatency(
  acrossClocksMs: number | null,
  inServiceMs: number | null,
  lastMatched: Shown<unknown, Overlay> | null,
  clock: ServiceClock | null,
): LatencyReading | null {
  if (acrossClocksMs !== null && clock !== null) {
    const cartUncertaintyUs = lastMatched?.overlay?.clock.uncertaintyUs ?? 0;
    const uncertaintyMs = (cartUncertaintyUs + clock.uncertaintyUs) / 1000;
    return { kind: 'capture-to-display', medianMs: acrossClocksMs, uncertaintyMs };
  }
  if (inServiceMs === null) return null;
  return { kind: 'receive-to-publish', medianMs: inServiceMs, uncertaintyMs: 0 };
}
