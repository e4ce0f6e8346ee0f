import type { ErrorCode, ErrorDetails } from '../domain/errors.js';
import type {
  ExecutionProvider,
  ExecutionProviderFallback,
  SelectedProvider,
} from '../domain/execution-provider.js';
import type { Frame } from '../domain/frame.js';
import type { GuidancePlan } from '../domain/guidance-plan.js';
import type { Precision, PrecisionChoice } from '../domain/model-manifest.js';
import type { ModelIdentity, StageMs } from '../domain/overlay.js';
import type { SecondOpinionChoice, SecondOpinionReport } from '../domain/second-opinion.js';
import type { WrittenFindings } from './written-findings.js';

/**
 * What the service and an engine process say to each other; this file is the whole contract. The
 * child's IPC channel carries what its life is about, in few and small messages. Frames and results
 * go through a socket of their own (`record-stream.ts`), pixels through shared memory where it can
 * be had: IPC with `serialization: 'advanced'` copies them several times (docs/performance.md).
 *
 * Times are µs of the machine's monotonic clock (`read-clock.ts`), which all processes share.
 */

/** File descriptors of an engine process besides standard ones and IPC (3). */
export const FRAME_SOCKET_DESCRIPTOR = 4;
export const FRAME_MEMORY_DESCRIPTOR = 5;

export interface EngineOptions {
  /** Directory with `manifest.json` and its ONNX files. */
  readonly modelDirectory: string;
  readonly precision: PrecisionChoice;
  readonly executionProvider: ExecutionProvider;
  readonly executionProviderFallback: ExecutionProviderFallback;
  /** Measured by the first engine; the others get its choice. */
  readonly intraOpThreads: number | { readonly autoUpTo: number };
  readonly secondOpinion: SecondOpinionChoice;
  /** Shortest time between two second opinions. */
  readonly secondOpinionIntervalMs: number;
  readonly kernels: 'auto' | 'native' | 'reference';
  /** Runs before the engine says that it is ready; the first ones are slow. */
  readonly warmUpRuns: number;
  /** Interval of heartbeats. */
  readonly heartbeatMs: number;
}

/** What an engine runs; the same for all engines of a service. */
export interface EngineIdentity {
  readonly model: ModelIdentity;
  /** In which precision the network runs and why in this one, on what and on how much of it. */
  readonly inference: {
    readonly precision: Precision;
    readonly reason: string;
    readonly executionProvider: SelectedProvider;
    readonly threads: { readonly count: number; readonly reason: string };
  };
  readonly kernels: { readonly origin: 'native' | 'reference'; readonly reason: string };
}

/** Service → engine, by IPC, once. */
export interface EngineStart {
  readonly kind: 'start';
  readonly options: EngineOptions;
  /** Size of the memory at `FRAME_MEMORY_DESCRIPTOR`; null = there is none. */
  readonly memoryBytes: number | null;
}

/** Engine → service, by IPC. After `fatal` the engine exits by itself. */
export type EngineReply =
  | { readonly kind: 'ready'; readonly identity: EngineIdentity }
  | { readonly kind: 'fatal'; readonly error: EngineErrorReport }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'second-opinion'; readonly report: SecondOpinionReport };

/**
 * Service → engine, head of a record. What is about streams goes one way, so that a plan counts for
 * the frames that are sent after it.
 */
export type StreamRequest = FrameRequest | StreamNote;

/**
 * A frame. `ticket` names it in one engine and comes back with its result; until then the engine
 * may read the payload where it lies.
 */
export interface FrameRequest {
  readonly kind: 'frame';
  readonly ticket: number;
  /** Names the per-stream state; unique in the service's life, unlike a stream's id. */
  readonly streamKey: number;
  readonly trackEpoch: number;
  readonly frame: Omit<Frame, 'payload'>;
  /** Where the payload lies in the shared memory; null = it is the record's body. */
  readonly place: { readonly atBytes: number; readonly lengthBytes: number } | null;
}

/** What an engine has to know about a stream; it has no answer. */
export type StreamNote =
  | {
      /** Counts for the stream's frames that are sent after it. */
      readonly kind: 'plan';
      readonly streamKey: number;
      readonly plan: GuidancePlan;
    }
  | { readonly kind: 'forget'; readonly streamKey: number };

/** Engine → service, head of a record. Findings are its body, as JSON. */
export interface FrameReply {
  readonly ticket: number;
  readonly result: { readonly kind: 'ok'; readonly stageMs: StageMs } | NoResult;
  /** When the engine got the frame, and when it had the result. */
  readonly receivedAtUs: number;
  readonly doneAtUs: number;
}

/** When a frame was where on its way to an engine and back, µs. */
export interface HopTimes {
  readonly sentAtUs: number;
  readonly receivedAtUs: number;
  readonly doneAtUs: number;
  readonly heardAtUs: number;
}

/** Time that a frame and its result spent between the processes, µs. */
export function hopUs(times: HopTimes): number {
  return times.heardAtUs - times.sentAtUs - (times.doneAtUs - times.receivedAtUs);
}

/** An operating error as it crosses the process boundary. */
export interface EngineErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

/**
 * What became of a frame in an engine: `ok` with findings, `invalid` when the payload cannot be
 * decoded, `failed` when inference failed or the engine died.
 */
export type EngineResult =
  | { readonly kind: 'ok'; readonly findings: WrittenFindings; readonly stageMs: StageMs }
  | NoResult;

interface NoResult {
  readonly kind: 'invalid' | 'failed';
  readonly error: EngineErrorReport;
}
