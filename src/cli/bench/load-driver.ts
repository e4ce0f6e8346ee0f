import type { FrameRecord, LoadFigures } from './load-figures.js';
import type { LoadPlan } from './load-plan.js';
import type { Target } from './target.js';

/** What a load showed. */
export interface LoadResult {
  readonly figures: LoadFigures;
  /** In the order of frames; empty unless the plan keeps them. */
  readonly records: readonly FrameRecord[];
}

/**
 * Loads a target from a process of its own and waits for what becomes of it.
 *
 * @throws EcholineError ECHOLINE_CLIP_EMPTY, ECHOLINE_SESSION_ENDED when the target dies in
 *   mid-run, ECHOLINE_SESSION_UNREACHABLE, or what else the service said
 */
export type RunLoad = (target: Target, plan: LoadPlan, stop: AbortSignal) => Promise<LoadResult>;
