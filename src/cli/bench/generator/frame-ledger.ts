import { FRAME_STAGES, type Overlay, type StageMs } from '../../../domain/overlay.js';
import { VERDICT_KINDS, type VerdictKind } from '../../../domain/verdict.js';

/** Ends of a frame: the wire's verdicts, and the two that only a generator can see. */
const OUTCOMES = ['unanswered', 'skipped', ...VERDICT_KINDS] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Columns of µs, in the order of the memory; one byte of outcome a frame follows the stages. */
const TIME_COLUMNS = 7;
/** How many overlays were taken, at the very start of the memory. */
const HEAD_BYTES = 8;

/**
 * What became of the frames of one stream, one column a fact, allocated before the first is due:
 * the generator must not make garbage while it measures. Index = frameId. Times are µs of this
 * machine's monotonic clock; NaN = did not happen. The memory is shared: the thread that sends
 * writes due, offered, sent and the verdict, the thread of the display the rest.
 */
export class FrameLedger {
  readonly memory: SharedArrayBuffer;
  readonly dueUs: Float64Array;
  /** When the generator got to it: its own lateness is the difference to `dueUs`. */
  readonly offeredUs: Float64Array;
  readonly sentUs: Float64Array;
  readonly verdictUs: Float64Array;
  readonly receivedByServiceUs: Float64Array;
  readonly publishedUs: Float64Array;
  readonly overlayUs: Float64Array;
  /** Six numbers a frame, in the order of `FRAME_STAGES`. */
  readonly stageMs: Float64Array;
  readonly #outcomes: Uint8Array;
  readonly #overlays: Int32Array;

  /** A new one of frames that are due at these times, or another thread's by its memory. */
  constructor(dueUsOrMemory: Float64Array | SharedArrayBuffer) {
    const isNew = !(dueUsOrMemory instanceof SharedArrayBuffer);
    const memory = isNew ? memoryFor(dueUsOrMemory.length) : dueUsOrMemory;
    const frames = (memory.byteLength - HEAD_BYTES) / bytesAFrame();
    const columnAt = (index: number, width = 1) =>
      new Float64Array(memory, HEAD_BYTES + index * frames * 8, frames * width);
    this.memory = memory;
    this.dueUs = columnAt(0);
    this.offeredUs = columnAt(1);
    this.sentUs = columnAt(2);
    this.verdictUs = columnAt(3);
    this.receivedByServiceUs = columnAt(4);
    this.publishedUs = columnAt(5);
    this.overlayUs = columnAt(6);
    this.stageMs = columnAt(TIME_COLUMNS, FRAME_STAGES.length);
    this.#outcomes = new Uint8Array(memory, memory.byteLength - frames, frames);
    this.#overlays = new Int32Array(memory, 0, 1);
    if (!isNew) return;
    columnAt(0, TIME_COLUMNS + FRAME_STAGES.length).fill(Number.NaN);
    this.dueUs.set(dueUsOrMemory);
  }

  get frames(): number {
    return this.dueUs.length;
  }

  /** Overlays taken so far. */
  get overlays(): number {
    return Atomics.load(this.#overlays, 0);
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
    Atomics.add(this.#overlays, 0, 1);
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

function bytesAFrame(): number {
  return 8 * (TIME_COLUMNS + FRAME_STAGES.length) + 1;
}

function memoryFor(frames: number): SharedArrayBuffer {
  return new SharedArrayBuffer(HEAD_BYTES + frames * bytesAFrame());
}
