import { describe, expect, it } from 'vitest';
import { compareSpeed } from '../../../src/pipeline/infer/compare-speed.js';

/** Two backends on one fake clock; `tookMs` says how long each run takes, from the first one on. */
function fakes(aMs: (run: number) => number, bMs: (run: number) => number) {
  let nowUs = 0;
  const order: string[] = [];
  const fake = (name: string, tookMs: (run: number) => number) => {
    let runs = 0;
    return {
      run: async () => {
        order.push(name);
        nowUs += tookMs(runs++) * 1000;
      },
    };
  };
  return {
    a: fake('a', aMs),
    b: fake('b', bMs),
    readClockUs: () => nowUs,
    order,
    now: () => nowUs,
  };
}

describe('compareSpeed', () => {
  it('gives the medians, so that single slow runs do not count', async () => {
    const { a, b, readClockUs } = fakes(
      (run) => (run % 4 === 0 ? 30 : 4),
      (run) => (run === 0 ? 50 : 2),
    );
    expect(await compareSpeed(a, b, readClockUs)).toEqual({ aMs: 4, bMs: 2 });
  });

  it('runs the two by turns', async () => {
    const { a, b, readClockUs, order } = fakes(
      () => 1,
      () => 1,
    );
    await compareSpeed(a, b, readClockUs);
    expect(order.length).toBeGreaterThanOrEqual(40);
    expect(order.every((name, index) => name === (index % 2 === 0 ? 'a' : 'b'))).toBe(true);
  });

  it('ends early where one is clearly faster', async () => {
    const { a, b, readClockUs, order } = fakes(
      () => 4,
      () => 2,
    );
    expect(await compareSpeed(a, b, readClockUs)).toEqual({ aMs: 4, bMs: 2 });
    expect(order.length).toBe(14);
  });

  it('ends within half a second on a slow machine', async () => {
    const { a, b, readClockUs, now, order } = fakes(
      () => 20,
      () => 15,
    );
    await compareSpeed(a, b, readClockUs);
    expect(now()).toBeLessThan(500_000);
    expect(order.length).toBeGreaterThanOrEqual(10);
  });

  it('still takes a few runs where even those take longer', async () => {
    const { a, b, readClockUs, order } = fakes(
      () => 300,
      () => 100,
    );
    expect(await compareSpeed(a, b, readClockUs)).toEqual({ aMs: 300, bMs: 100 });
    expect(order.length).toBe(10);
  });
});
