import { FRAME_STAGES, type Overlay, type StageMs } from '../../../domain/overlay.js';
import { VERDICT_KINDS, type VerdictKind } from '../../../domain/verdict.js';

/** Ends of a frame: the wire's verdicts, and the two that only a generator can see. */
export const OUTCOMES = ['unanswered', 'skipped', ...VERDICT_KINDS] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * What became of the frames of one stream, one column a fact, allocated before the first is due:
 * the generator must not make garbage while it measures. Index = frameId. Times are µs of this
 * process's monotonic clock; NaN = did not happen.
 */
export class FrameLedger {
  readonly dueUs: Float64Array;
  /** When the generator got to it: its own lateness is the difference to `dueUs`. */
  readonly offeredUs: Float64Array;
  readonly sentUs: Float64Array;
  readonly verdictUs: Float64Array;
  readonly receivedByServiceUs: Float64Array;
  readonly publishedUs: Float64Array;
  readonly overlayUs: Float64Array;
  readonly drawnUs: Float64Array;
  /** Six numbers a frame, in the order of `FRAME_STAGES`. */
  readonly stageMs: Float64Array;
  readonly #outcomes: Uint8Array;

  constructor(dueUs: Float64Array) {
    const unknown = () => new Float64Array(dueUs.length).fill(Number.NaN);
    this.dueUs = dueUs;
    this.offeredUs = unknown();
    this.sentUs = unknown();
    this.verdictUs = unknown();
    this.receivedByServiceUs = unknown();
    this.publishedUs = unknown();
    this.overlayUs = unknown();
    this.drawnUs = unknown();
    this.stageMs = new Float64Array(dueUs.length * FRAME_STAGES.length).fill(Number.NaN);
    this.#outcomes = new Uint8Array(dueUs.length);
  }

  get frames(): number {
    return this.dueUs.length;
  }

  outcome(frameId: number): Outcome {
    return OUTCOMES[this.#outcomes[frameId] ?? 0] ?? 'unanswered';
  }

  /** The cart never sent it: a newer frame was due before there was a credit. */
  skip(frameId: number): void {
    this.#outcomes[frameId] = OUTCOMES.indexOf('skipped');
  }

  takeVerdict(frameId: number, verdict: VerdictKind, receivedUs: number): void {
    if (frameId >= this.frames) return;
    this.#outcomes[frameId] = OUTCOMES.indexOf(verdict);
    this.verdictUs[frameId] = receivedUs;
  }

  /**
   * Takes an overlay at the stream's first display; the first one counts.
   *
   * @param offsetUs - target's clock − own clock; null where it is not known
   */
  takeOverlay(overlay: Overlay, receivedUs: number, offsetUs: number | null): boolean {
    const { frameId, clock, stageMs } = overlay;
    if (frameId >= this.frames || !Number.isNaN(this.overlayUs[frameId])) return false;
    this.overlayUs[frameId] = receivedUs;
    if (offsetUs !== null && clock !== undefined) {
      this.receivedByServiceUs[frameId] = clock.receivedAtUs - offsetUs;
      this.publishedUs[frameId] = clock.publishedAtUs - offsetUs;
    }
    if (stageMs === undefined) return true;
    for (const [index, stage] of FRAME_STAGES.entries()) {
      this.stageMs[frameId * FRAME_STAGES.length + index] = stageMs[stage];
    }
    return true;
  }

  /** The stages of one frame; null where its overlay did not state them. */
  stagesOf(frameId: number): StageMs | null {
    const at = (index: number) => this.stageMs[frameId * FRAME_STAGES.length + index] ?? Number.NaN;
    if (Number.isNaN(at(0))) return null;
    return Object.fromEntries(
      FRAME_STAGES.map((stage, index) => [stage, at(index)]),
    ) as unknown as StageMs;
  }
}
