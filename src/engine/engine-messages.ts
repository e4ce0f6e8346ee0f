import type { ErrorCode, ErrorDetails } from '../domain/errors.js';
import type {
  ExecutionProvider,
  ExecutionProviderFallback,
  SelectedProvider,
} from '../domain/execution-provider.js';
import type { Frame } from '../domain/frame.js';
import type { GuidancePlan } from '../domain/guidance-plan.js';
import type { Precision, PrecisionChoice } from '../domain/model-manifest.js';
import type { FrameFindings, ModelIdentity, StageMs } from '../domain/overlay.js';
import type { SecondOpinionChoice, SecondOpinionReport } from '../domain/second-opinion.js';

/**
 * What the service and an engine process say to each other over the child's IPC channel
 * (`serialization: 'advanced'`, so typed arrays travel as bytes). This file is the whole contract.
 *
 * Times are µs of the machine's monotonic clock (`read-clock.ts`), which all processes share.
 */
export interface EngineOptions {
  /** Directory with `manifest.json` and its ONNX files. */
  readonly modelDirectory: string;
  readonly precision: PrecisionChoice;
  readonly executionProvider: ExecutionProvider;
  readonly executionProviderFallback: ExecutionProviderFallback;
  readonly intraOpThreads: number;
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
  /** In which precision the network runs and why in this one, and on what. */
  readonly inference: {
    readonly precision: Precision;
    readonly reason: string;
    readonly executionProvider: SelectedProvider;
  };
  readonly kernels: { readonly origin: 'native' | 'reference'; readonly reason: string };
}

/** Service → engine. `ticket` names one frame in one engine and comes back with its result. */
export type EngineRequest =
  | { readonly kind: 'start'; readonly options: EngineOptions }
  | {
      readonly kind: 'frame';
      readonly ticket: number;
      /** Names the per-stream state; unique in the service's life, unlike a stream's id. */
      readonly streamKey: number;
      readonly trackEpoch: number;
      readonly frame: Frame;
    }
  | {
      /** Counts for the stream's frames that are sent after it. */
      readonly kind: 'plan';
      readonly streamKey: number;
      readonly plan: GuidancePlan;
    }
  | { readonly kind: 'forget'; readonly streamKey: number };

/** Engine → service. After `fatal` the engine exits by itself. */
export type EngineReply =
  | { readonly kind: 'ready'; readonly identity: EngineIdentity }
  | { readonly kind: 'fatal'; readonly error: EngineErrorReport }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'second-opinion'; readonly report: SecondOpinionReport }
  | {
      readonly kind: 'result';
      readonly ticket: number;
      readonly result: EngineResult;
      /** When the engine got the frame, and when it had the result. */
      readonly receivedAtUs: number;
      readonly doneAtUs: number;
    };

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
  | { readonly kind: 'ok'; readonly findings: FrameFindings; readonly stageMs: StageMs }
  | { readonly kind: 'invalid' | 'failed'; readonly error: EngineErrorReport };
