import type { StageMs } from '../../domain/overlay.js';
import type { VerdictCounts } from '../../domain/verdict.js';
import type { ThreadPriority } from './generator/prefer-thread.js';

/** A latency distribution, ms; from an HdrHistogram of 1 µs to 60 s with three digits. */
export interface LatencyFigures {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** The whole distribution, encoded by hdr-histogram-js (V2, compressed, base 64). */
  readonly histogram: string;
}

/** Delay of an event loop, ms. */
export interface DelayFigures {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** What one load did to one target. Times are ms of the generator's clock. */
export interface LoadFigures {
  /** Frames that were due, without warm-up. `due` = skipped + sum of verdicts + unanswered. */
  readonly due: number;
  /** Never sent, because there was no credit until a newer frame was due. */
  readonly skipped: number;
  readonly verdicts: VerdictCounts;
  /** Sent, and no verdict came although it was waited for. */
  readonly unanswered: number;
  readonly overlays: number;
  /**
   * From when a frame was due to its overlay at its stream's first display; null without any. An
   * unanswered frame counts with the time that was waited for it, which is less than it deserves.
   */
  readonly dueToOverlayMs: LatencyFigures | null;
  /** The frame with the longest of these; null without any. */
  readonly worst: { readonly stream: number; readonly frameId: number; readonly ms: number } | null;
  /** Frames without an overlay within this time of being due (lost ones too). */
  readonly missed33Ms: number;
  readonly missed100Ms: number;
  /** Longest time between two overlays of one stream. */
  readonly longestGapMs: number;
  /** Age (now − due) of the newest overlay a display has, at every tick of its 60 Hz. */
  readonly ageAtTicksMs: LatencyFigures | null;
  /** Overlays received in the measured time, per second, over all streams. */
  readonly overlaysPerSecond: number;
  readonly measuredSeconds: number;
  /** Median time of each stage as the overlays state it, ms; null for a target that does not. */
  readonly stageMs: StageMs | null;
  /** From received to published on the target's own clock; null for a target without it. */
  readonly receiveToPublishMs: LatencyFigures | null;
  /** CPU seconds per frame answered `ok`, over all processes of the target; null = not known. */
  readonly targetCpuSecondsPerFrame: number | null;
  readonly generatorCpuSecondsPerFrame: number;
  /** How the system ranks the threads that send and receive. */
  readonly generatorPriority: ThreadPriority;
  /** Largest sum of resident memory over the target's processes; null = not known. */
  readonly targetMemoryBytesMax: number | null;
  /** Delay of the generator's event loop beyond its sampling interval. */
  readonly eventLoopDelayMs: DelayFigures;
  /** The same of the target's, since it was last asked; null for a target that does not say. */
  readonly targetEventLoopDelayMs: DelayFigures | null;
  /** From when a frame was due to when the generator got to it: its own error. */
  readonly sendLatenessMs: LatencyFigures;
  /** ± of the mapping between the display's and the target's clock; null while unknown. */
  readonly clockUncertaintyMs: number | null;
  /** SHA-256 of what the overlays say (`meaning.ts`), in the order of frames; null when lossy. */
  readonly meaning: string | null;
  /** Time stolen by other machines and throttled by the cgroup meanwhile, s; null = not known. */
  readonly stolenSeconds: number | null;
  readonly throttledSeconds: number | null;
  /** Why the figures must not be used; empty = they may. */
  readonly invalidBecause: readonly string[];
}

/** What became of one frame; times in µs of the generator's clock, null = did not happen. */
export interface FrameRecord {
  readonly stream: number;
  readonly frameId: number;
  readonly dueUs: number;
  readonly sentUs: number | null;
  readonly verdict: keyof VerdictCounts | 'skipped' | 'unanswered';
  readonly verdictUs: number | null;
  /** The target's own times, mapped to the generator's clock. */
  readonly receivedByServiceUs: number | null;
  readonly publishedUs: number | null;
  readonly stageMs: StageMs | null;
  readonly receivedByDisplayUs: number | null;
  /** Only with a browser as display. */
  readonly drawnUs: number | null;
}
