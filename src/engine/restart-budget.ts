/** Length of the window in which restarts are counted, µs. */
const WINDOW_US = 60_000_000;

/**
 * Counts engine restarts in a sliding minute. An engine that dies over and over (a broken model, a
 * machine out of memory) must not eat the machine while the picture has to go on.
 */
export interface RestartBudget {
  /** When restarts happened, µs, oldest first; only those inside the window. */
  readonly restartsUs: readonly number[];
  readonly perMinuteMax: number;
}

/** A budget that nothing was taken from. */
export function createRestartBudget(perMinuteMax: number): RestartBudget {
  return { restartsUs: [], perMinuteMax };
}

/** Takes one restart from the budget, or says when the next one is allowed. */
export function takeRestart(
  budget: RestartBudget,
  nowUs: number,
): { readonly budget: RestartBudget; readonly allowedInUs: number } {
  const recent = recentRestarts(budget, nowUs);
  const oldest = recent[0];
  if (recent.length >= budget.perMinuteMax && oldest !== undefined) {
    const allowedInUs = oldest + WINDOW_US - nowUs;
    return { budget: { ...budget, restartsUs: recent }, allowedInUs };
  }
  return { budget: { ...budget, restartsUs: [...recent, nowUs] }, allowedInUs: 0 };
}

function recentRestarts(budget: RestartBudget, nowUs: number): readonly number[] {
  return budget.restartsUs.filter((atUs) => nowUs - atUs < WINDOW_US);
}
