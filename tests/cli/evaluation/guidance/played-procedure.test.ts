import { describe, expect, it } from 'vitest';
import { GUIDANCE_PROCEDURES } from '../../../../src/cli/evaluation/guidance/played-procedure.js';
import { drawProcedure } from '../../../../src/phantom/procedure/procedure-script.js';

describe('the procedures of the guidance suite', () => {
  it('are at least 120, last at least an hour and hold at least 150 events', () => {
    let seconds = 0;
    let events = 0;
    for (let seed = 1; seed <= GUIDANCE_PROCEDURES; seed++) {
      const script = drawProcedure(seed);
      seconds += script.endS + (script.freeze?.durationS ?? 0);
      events += script.events.length;
    }
    expect(GUIDANCE_PROCEDURES).toBeGreaterThanOrEqual(120);
    expect(seconds).toBeGreaterThanOrEqual(3600);
    expect(events).toBeGreaterThanOrEqual(150);
  });
});
