/**
 * A stage that owns state per stream (region of interest, motion background, tracker).
 *
 * `createState` makes the cold state; `step` advances it in place or returns results derived from
 * it. Time is an argument. `pipeline.ts` holds the states of all stages and replaces all of them
 * together when `trackEpoch` rises. Stages without state are plain functions.
 */
export interface StatefulStage<State, Input, Output> {
  createState(): State;
  step(state: State, input: Input, nowUs: number): Output;
}
