import { describe, expect, it } from 'vitest';
import { createRestartBudget, takeRestart } from '../../src/engine/restart-budget.js';

describe('the restart budget', () => {
  it('allows so many restarts a minute and says when the next one is allowed', () => {
    let budget = createRestartBudget(2);
    for (const nowUs of [0, 10_000_000]) {
      const taken = takeRestart(budget, nowUs);
      expect(taken.allowedInUs).toBe(0);
      budget = taken.budget;
    }
    const refused = takeRestart(budget, 20_000_000);
    expect(refused.allowedInUs).toBe(40_000_000);
    expect(takeRestart(refused.budget, 59_999_999).allowedInUs).toBe(1);

    const later = takeRestart(refused.budget, 60_000_000);
    expect(later.allowedInUs).toBe(0);
    expect(takeRestart(later.budget, 60_000_001).allowedInUs).toBe(9_999_999);
  });
});
