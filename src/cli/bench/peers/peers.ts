import type { LatencyFigures } from '../load-figures.js';
import type { TargetKind } from '../target.js';

/** The parts that no service can do without, measured by themselves. */
export interface Floors {
  /**
   * `run()` of the network alone in a process of its own: every 1/`pacedHz` seconds, or back to
   * back where that is null. CPU is that of the measuring process.
   */
  rawRun(options: {
    readonly pacedHz: number | null;
    readonly runs: number;
    readonly intraOpThreads: number;
    readonly modelDirectory: string;
    readonly precision: 'int8' | 'fp32';
  }): Promise<{ readonly latencyMs: LatencyFigures; readonly cpuSecondsPerRun: number }>;
  /** A bare `ws` server in another process: each message is answered with an overlay's bytes. */
  wsEcho(options: {
    /** The same bytes as the frames. */
    readonly messageBytes: number;
    readonly fps: number;
    readonly messages: number;
  }): Promise<LatencyFigures>;
}

/** What people would use instead, each loaded by the same driver. */
export const PEERS: readonly TargetKind[] = [];

/** null while nobody measures them. */
export const FLOORS: Floors | null = null;
