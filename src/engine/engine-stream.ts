import type { Frame } from '../domain/frame.js';
import type { GuidancePlan } from '../domain/guidance-plan.js';
import type { SecondOpinionReport } from '../domain/second-opinion.js';
import type { EngineErrorReport, EngineResult, HopTimes } from './engine-messages.js';

/** What an engine is for. One that is still starting counts as spare. */
export type EngineRole = 'serving' | 'spare';

/** Something happened in the pool that is not about one stream. */
export type EnginePoolEvent =
  | { readonly kind: 'engine-ready'; readonly pid: number | null; readonly role: EngineRole }
  | {
      readonly kind: 'engine-died';
      readonly pid: number | null;
      readonly role: EngineRole;
      readonly error: EngineErrorReport;
    }
  | { readonly kind: 'restarts-exhausted'; readonly nextRestartInMs: number }
  | {
      readonly kind: 'second-opinion';
      readonly pid: number | null;
      readonly report: SecondOpinionReport;
    };

/** What a stream hears from the pool. `lost` comes before the frame in flight fails. */
export interface EngineStreamListener {
  /** The stream's engine is gone and its tracker with it; another one may be there already. */
  onEngineLost(): void;
  /** The stream has an engine again. */
  onEngineReady(): void;
}

/** A stream's place in the pool. */
export interface EngineStream {
  /** Whether `submit` may be called. */
  isAvailable(): boolean;
  submit(
    frame: Frame,
    trackEpoch: number,
    onResult: (result: EngineResult, times: HopTimes | null) => void,
  ): void;
  /**
   * What guidance goes by from the next submitted frame on. Kept for the stream: an engine that
   * takes over is told it before its first frame. May be called while no engine is available.
   */
  setPlan(plan: GuidancePlan): void;
  /** Gives the place back. Idempotent. */
  close(): void;
}

/** How the engines are, for `/readyz`, `/version`, `doctor` and tests. */
export interface EnginePoolStatus {
  readonly engines: readonly {
    readonly role: EngineRole;
    readonly pid: number | null;
    readonly state: 'starting' | 'ready' | 'dead';
    readonly silentMs: number;
    readonly streams: number;
  }[];
  readonly restarts: number;
  /** More restarts in the last minute than allowed. */
  readonly isExhausted: boolean;
}
