import { describe, expect, it } from 'vitest';
import { createRateAdvisor } from '../../src/ingest/rate-advisor.js';

/** Verdicts at 60 a second, every n-th one superseded; returns when advice came, seconds. */
function adviceTimes(everyNth: number, seconds: number): number[] {
  const advisor = createRateAdvisor(4096);
  const times: number[] = [];
  for (let index = 0; index < seconds * 60; index += 1) {
    const nowUs = Math.round((index * 1e6) / 60);
    const kind = index % everyNth === 0 ? 'superseded' : 'ok';
    if (advisor.onVerdict(kind, nowUs) !== null) times.push(Math.round(nowUs / 1e5) / 10);
  }
  return times;
}

describe('advice to a cart', () => {
  it('comes after three seconds of over 20 % superseded, then at most every five', () => {
    expect(adviceTimes(2, 14)).toEqual([3, 8, 13]);
  });

  it('does not come at 20 % or below', () => {
    expect(adviceTimes(5, 10)).toEqual([]);
    expect(adviceTimes(4, 4)).toEqual([3]);
  });

  it('suggests less than what was processed, and at least one frame a second', () => {
    const advisor = createRateAdvisor(1920);
    let advice = null;
    for (let index = 0; index <= 180; index += 1) {
      const kind = index % 2 === 0 ? 'superseded' : 'ok';
      advice = advisor.onVerdict(kind, Math.round((index * 1e6) / 60)) ?? advice;
    }
    expect(advice).toMatchObject({ type: 'rate', suggestedFps: 27, maxWidthPx: 1920 });

    const starved = createRateAdvisor(1920);
    starved.onVerdict('superseded', 0);
    expect(starved.onVerdict('superseded', 3_000_000)?.suggestedFps).toBe(1);
  });
});
