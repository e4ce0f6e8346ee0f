import type { NeedleState } from '../../domain/needle.js';
import { FRAME_STAGES, type FrameStage, type Overlay } from '../../domain/overlay.js';
import { distanceMm } from '../../domain/spacing.js';
import type { VerdictKind } from '../../domain/verdict.js';
import { percentile, rounded } from '../percentiles.js';
import type { DemoFrame } from './demo-frame.js';

/** Distance within which a tip counts as found, mm. */
const RECALL_MM = 2;

/** Figures of one pass; the JSON of `demo --json` (interfaces.md section 6). */
export interface PassFigures {
  readonly offered: number;
  readonly verdicts: Readonly<Record<VerdictKind, number>>;
  readonly overlays: number;
  /** Frames the cart held back because the service had given it no credit. */
  readonly skippedAtCart: number;
  /**
   * From when a frame was due at the cart to its overlay at a display, ms; null without overlays.
   */
  readonly offerToOverlayMs: Readonly<Record<'p50' | 'p95' | 'p99' | 'max', number | null>>;
  /** Of tips shown on frames whose true tip can be seen, mm; null without truth or spacing. */
  readonly tipErrorMm: Readonly<Record<'median' | 'p95', number | null>>;
  /**
   * Share of frames with a visible true tip whose overlay shows it within 2 mm; null without truth.
   */
  readonly recallAt2mm: number | null;
  /** Share of needle-free frames whose overlay shows a tip; null without needle-free frames. */
  readonly falseTipRate: number | null;
  /** Frames with a visible true tip, and needle-free frames, that the two shares are about. */
  readonly framesWithVisibleTip: number;
  readonly framesWithoutNeedle: number;
  /** Median time in each stage, ms. */
  readonly stageMs: Readonly<Record<FrameStage, number | null>>;
}

interface Pending {
  readonly dueMs: number;
  readonly demoFrame: DemoFrame;
}

/** Collects what became of the frames of one pass (one epoch). */
export class PassRecord {
  readonly #pending = new Map<number, Pending>();
  readonly #latenciesMs: number[] = [];
  readonly #tipErrorsMm: number[] = [];
  readonly #stages = new Map<FrameStage, number[]>(FRAME_STAGES.map((stage) => [stage, []]));
  readonly #verdicts = { ok: 0, superseded: 0, expired: 0, invalid: 0, failed: 0 };
  #offered = 0;
  #overlays = 0;
  #skipped = 0;
  #found = 0;
  #visible = 0;
  #needleFree = 0;
  #falseTips = 0;
  #needleState: NeedleState = 'absent';

  /** Notes that a frame was due; call it before the frame is sent. */
  offer(frameId: number, demoFrame: DemoFrame, dueMs: number): void {
    this.#offered += 1;
    this.#pending.set(frameId, { dueMs, demoFrame });
    if (demoFrame.truth.kind === 'unknown') return;
    const { needle } = demoFrame.truth;
    if (needle === null) this.#needleFree += 1;
    else if (needle.tipVisible) this.#visible += 1;
  }

  /** Counts a frame that the cart held back for want of a credit. */
  skip(): void {
    this.#skipped += 1;
  }

  /** Counts a verdict. */
  verdict(kind: VerdictKind): void {
    this.#verdicts[kind] += 1;
  }

  /** Takes the overlay of one frame in; `receivedMs` is on the clock of `dueMs`. */
  overlay(overlay: Overlay, receivedMs: number): void {
    const pending = this.#pending.get(overlay.frameId);
    if (pending === undefined) return;
    this.#pending.delete(overlay.frameId);
    this.#overlays += 1;
    this.#needleState = overlay.needle.state;
    this.#latenciesMs.push(receivedMs - pending.dueMs);
    for (const stage of FRAME_STAGES) this.#stages.get(stage)?.push(overlay.stageMs[stage]);
    this.#score(overlay, pending.demoFrame);
  }

  #score(overlay: Overlay, { frame, truth }: DemoFrame): void {
    const tip = overlay.needle.tip;
    if (truth.kind === 'unknown' || tip === null) return;
    if (truth.needle === null) {
      this.#falseTips += 1;
      return;
    }
    if (!truth.needle.tipVisible || frame.spacing === null) return;
    const errorMm = distanceMm(tip, truth.needle.tip, frame.spacing);
    this.#tipErrorsMm.push(errorMm);
    if (errorMm <= RECALL_MM) this.#found += 1;
  }

  get needleState(): NeedleState {
    return this.#needleState;
  }

  /** Frames offered whose verdict has not come yet. */
  get open(): number {
    const known = Object.values(this.#verdicts).reduce((sum, count) => sum + count, 0);
    return this.#offered - known;
  }

  /** The figures so far. */
  figures(): PassFigures {
    const latency = (percent: number) => rounded(percentile(this.#latenciesMs, percent), 2);
    return {
      offered: this.#offered,
      verdicts: { ...this.#verdicts },
      overlays: this.#overlays,
      skippedAtCart: this.#skipped,
      offerToOverlayMs: { p50: latency(50), p95: latency(95), p99: latency(99), max: latency(100) },
      tipErrorMm: {
        median: rounded(percentile(this.#tipErrorsMm, 50), 2),
        p95: rounded(percentile(this.#tipErrorsMm, 95), 2),
      },
      recallAt2mm: share(this.#found, this.#visible),
      falseTipRate: share(this.#falseTips, this.#needleFree),
      framesWithVisibleTip: this.#visible,
      framesWithoutNeedle: this.#needleFree,
      stageMs: Object.fromEntries(
        FRAME_STAGES.map((stage) => [
          stage,
          rounded(percentile(this.#stages.get(stage) ?? [], 50), 3),
        ]),
      ) as Record<FrameStage, number | null>,
    };
  }
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Number((part / whole).toFixed(4));
}
