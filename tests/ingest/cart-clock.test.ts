import { describe, expect, it } from 'vitest';
import { createCartClock } from '../../src/ingest/cart-clock.js';
import { answerClock } from '../../src/protocol/clock-sync.js';

describe('the clock of a cart', () => {
  it('asks in a burst, then every five seconds', () => {
    const clock = createCartClock();
    const times: number[] = [];
    for (let nowUs = 0; nowUs < 12e6; nowUs += 100_000) {
      if (clock.due(nowUs) !== null) times.push(nowUs / 1e6);
    }
    expect(times).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 5.7, 10.7]);
  });

  it('finds service clock minus cart clock with its uncertainty', () => {
    const clock = createCartClock();
    expect(clock.estimate(0)).toBeNull();
    for (let round = 0; round < 4; round += 1) {
      const sentUs = 10_000_000 + round * 100_000;
      const request = clock.due(sentUs);
      if (request === null) throw new Error('a request is due');
      const cartUs = sentUs - 7_000_000;
      clock.receive(answerClock(request, cartUs + 200, cartUs + 300), sentUs + 500);
    }
    const estimate = clock.estimate(10_300_500);

    expect(Math.abs((estimate?.cartOffsetUs ?? 0) - 7_000_000)).toBeLessThanOrEqual(200);
    expect(estimate?.uncertaintyUs).toBeLessThan(300);
    expect(clock.estimate(10_400_000)).toBe(estimate);
  });
});
