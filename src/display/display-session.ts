import type { Advisory } from '../domain/advisory.js';
import type { Frame } from '../domain/frame.js';
import type { GuidanceReason } from '../domain/guidance.js';
import type { Overlay } from '../domain/overlay.js';
import type { StreamInfo } from '../protocol/control-messages.js';
import type { RefusedMessage } from './display-events.js';
import { createFrameMatcher, type MatchCounts, type Shown } from './frame-matcher.js';
import { createFrameRateMeter } from './frame-rate.js';
import { createFrameSequence } from './frame-sequence.js';
import { createSampleWindow } from './sample-window.js';
import { assessStaleness, type MeasuredAge, measureAge, type Staleness } from './staleness.js';
import { createStreamFaultWatch, type StreamFault } from './stream-fault.js';

/** Latency across clocks is stated only when the clocks are this certain, ms (ecosystem note 2). */
const LATENCY_UNCERTAINTY_MAX_MS = 5;
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
  /** What `current` advises; nothing on a frozen picture, which says nothing about now. */
  readonly advisories: readonly Advisory[];
  /** What is wrong with what comes; null while nothing is. */
  readonly fault: StreamFault | null;
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
  /** Takes a picture for the screen; one that repeats or goes back is released and not shown. */
  offerFrame(frame: ArrivedFrame<Picture>): void;
  offerOverlay(overlay: Overlay, nowUs: number): void;
  /** The client refused a message. */
  noteRefused(message: RefusedMessage, nowUs: number): void;
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
  const sequence = createFrameSequence();
  const rate = createFrameRateMeter();
  const latency = createLatencyMeter();
  const faults = createStreamFaultWatch();
  let info: StreamInfo | null = null;
  let clock: ServiceClock | null = null;
  let lastFrameAtUs: number | null = null;
  let newestOverlay: Overlay | null = null;
  let lastMatched: Matched | null = null;

  return {
    noteFrame(frame, nowUs) {
      lastFrameAtUs = nowUs;
      rate.add(frame, nowUs);
      faults.frame(nowUs);
    },
    offerFrame(frame) {
      if (sequence.accepts(frame)) matcher.offerFrame(frame, frame.receivedAtUs);
      else release(frame);
    },
    offerOverlay(overlay, nowUs) {
      newestOverlay = overlay;
      faults.overlay(nowUs);
      matcher.offerOverlay(overlay);
    },
    noteRefused: faults.refused,
    setInfo(next) {
      if (next.state === 'idle' || next.state === 'closed') sequence.restart();
      info = next;
    },
    setClock(next) {
      clock = next;
    },
    view(nowUs) {
      const matched = matcher.advance(nowUs);
      const shown = withoutContradiction(matched);
      if (shown !== matched) faults.contradicted(nowUs);
      if (shown !== null && shown.overlay !== null && shown.overlay !== lastMatched?.overlay) {
        lastMatched = { frame: shown.frame, overlay: shown.overlay };
        latency.add(shown.overlay, ageOf(lastMatched, clock, nowUs));
      }
      const overlayAge = lastMatched === null ? null : ageOf(lastMatched, clock, nowUs);
      const staleness = assessStaleness({
        sinceFrameMs: lastFrameAtUs === null ? null : (nowUs - lastFrameAtUs) / 1000,
        isFrozen: shown?.frame.flags.isFrozen ?? false,
        isEngineUnavailable: isWithoutEngine(info, newestOverlay),
        overlayAge,
        frameIntervalMs: rate.intervalMs(),
      });
      const present = whatIsCurrent(
        staleness,
        shown?.overlay ?? null,
        lastMatched?.overlay ?? null,
      );
      const fault = faults.fault(nowUs);
      return { shown, staleness, overlayAge, ...present, fault, info };
    },
    figures(nowUs) {
      return {
        framesPerSecond: rate.perSecond(nowUs),
        latency: latency.read(),
        counts: matcher.counts(),
      };
    },
  };
}

/** Which overlay may count as current, and what it advises: a frozen picture has its own only. */
function whatIsCurrent(
  { state, overlayOpacity }: Staleness,
  shown: Overlay | null,
  lastMatched: Overlay | null,
): Pick<DisplayView<unknown>, 'current' | 'advisories'> {
  const isFrozen = state === 'FROZEN';
  const current = overlayOpacity > 0 ? (isFrozen ? shown : lastMatched) : null;
  return { current, advisories: isFrozen ? [] : (current?.guidance.advisories ?? []) };
}

/** An overlay in the pixels of another size would be drawn in the wrong place: it is left out. */
function withoutContradiction<F extends ArrivedFrame<unknown>>(
  shown: Shown<F, Overlay> | null,
): Shown<F, Overlay> | null {
  if (shown === null || shown.overlay === null) return shown;
  const { widthPx, heightPx } = shown.overlay.image;
  const isOfSize = widthPx === shown.frame.widthPx && heightPx === shown.frame.heightPx;
  return isOfSize ? shown : { frame: shown.frame, overlay: null };
}

function isWithoutEngine(info: StreamInfo | null, newest: Overlay | null): boolean {
  return info?.engine === 'unavailable' || (newest !== null && saysUnavailable(newest));
}

/** Whether an overlay says that nothing looked at the picture. */
function saysUnavailable(overlay: Overlay): boolean {
  const { validity, reasons } = overlay.guidance;
  return validity === 'unavailable' && reasons.some((reason) => ENGINE_REASONS.includes(reason));
}

/** What the age of an overlay is measured from. */
interface Matched {
  readonly frame: Pick<ArrivedFrame<unknown>, 'receivedAtUs' | 'captureTimeUs' | 'extensions'>;
  readonly overlay: Overlay;
}

/** Age of a matched overlay; from cart to display there are two clocks to cross. */
function ageOf({ frame, overlay }: Matched, clock: ServiceClock | null, nowUs: number) {
  const { cartOffsetUs, uncertaintyUs } = overlay.clock;
  const isKnown = clock !== null && cartOffsetUs !== null && uncertaintyUs !== null;
  return measureAge({
    nowUs,
    receivedAtUs: frame.receivedAtUs,
    captureTimeUs: frame.captureTimeUs,
    cartOffsetUs: isKnown ? cartOffsetUs - clock.offsetUs : null,
    uncertaintyUs: isKnown ? uncertaintyUs + clock.uncertaintyUs : null,
    sourceLatency: frame.extensions.sourceLatency,
  });
}

/** Collects the latency of each overlay when it is first shown on its frame. */
function createLatencyMeter() {
  const acrossClocksMs = createSampleWindow(LATENCY_SAMPLES);
  const inServiceMs = createSampleWindow(LATENCY_SAMPLES);
  let uncertaintyMs = 0;
  return {
    add(overlay: Overlay, age: MeasuredAge): void {
      inServiceMs.add((overlay.clock.publishedAtUs - overlay.clock.receivedAtUs) / 1000);
      if (age.since === 'received' || age.uncertaintyMs > LATENCY_UNCERTAINTY_MAX_MS) return;
      acrossClocksMs.add(age.ageMs);
      uncertaintyMs = age.uncertaintyMs;
    },
    read(): LatencyReading | null {
      const acrossMs = acrossClocksMs.median();
      if (acrossMs !== null) {
        return { kind: 'capture-to-display', medianMs: acrossMs, uncertaintyMs };
      }
      const medianMs = inServiceMs.median();
      return medianMs === null ? null : { kind: 'receive-to-publish', medianMs, uncertaintyMs: 0 };
    },
  };
}
