import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerClock, createClockSync, peerToOwnUs } from '../../src/protocol/clock-sync.js';

/** A peer whose clock is ahead by `offsetUs` and runs fast by `driftPpm`. */
function peerClock(offsetUs: number, driftPpm: number) {
  return (ownUs: number) => Math.round(ownUs * (1 + driftPpm * 1e-6) + offsetUs);
}

describe('clock synchronisation', () => {
  it('knows nothing before the first exchange', () => {
    expect(createClockSync().estimate(0)).toBeNull();
  });

  it('finds the offset between two clocks within half the round trip', () => {
    const sync = createClockSync();
    expect(sync.add({ t0Us: 1000, t1Us: 51_200, t2Us: 51_300, t3Us: 1500 })).toBe(true);
    expect(sync.estimate(1500)).toEqual({ offsetUs: 50_000, uncertaintyUs: 200 });
  });

  it('matches replies to its own requests, each once', () => {
    const sync = createClockSync();
    const request = sync.request(100.4);
    expect(request).toEqual({ type: 'clock', t0Us: 100 });
    const reply = answerClock(request, 5100.2, 5110.9);
    expect(reply).toEqual({ type: 'clock-reply', t0Us: 100, t1Us: 5100, t2Us: 5111 });
    expect(sync.receive({ ...reply, t0Us: 99 }, 200)).toBe(false);
    expect(sync.receive(reply, 311)).toBe(true);
    expect(sync.receive(reply, 312)).toBe(false);
    expect(sync.estimate(311)?.offsetUs).toBe(4900);
  });

  it('forgets requests that nobody answers', () => {
    const sync = createClockSync();
    const first = sync.request(1);
    for (let t0Us = 2; t0Us < 20; t0Us += 1) sync.request(t0Us);
    expect(sync.receive(answerClock(first, 1, 1), 20)).toBe(false);
  });

  it.each([
    ['a peer that answers before it was asked', { t0Us: 0, t1Us: 50, t2Us: 40, t3Us: 100 }],
    ['a peer that took longer than the round trip', { t0Us: 0, t1Us: 50, t2Us: 500, t3Us: 100 }],
    ['a reply before its request', { t0Us: 100, t1Us: 50, t2Us: 50, t3Us: 0 }],
    ['no number', { t0Us: 0, t1Us: Number.NaN, t2Us: 0, t3Us: 10 }],
  ])('ignores %s', (_name, exchange) => {
    const sync = createClockSync();
    expect(sync.add(exchange)).toBe(false);
    expect(sync.estimate(0)).toBeNull();
  });

  it('holds the truth within its uncertainty, with drift and asymmetric delays', () => {
    const delays = fc.record({
      outUs: fc.integer({ min: 20, max: 60_000 }),
      backUs: fc.integer({ min: 20, max: 60_000 }),
      heldUs: fc.integer({ min: 0, max: 3000 }),
      pauseUs: fc.integer({ min: 1000, max: 2_000_000 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
        fc.integer({ min: -150, max: 150 }),
        fc.array(delays, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 0, max: 5_000_000 }),
        (offsetUs, driftPpm, exchanges, laterUs) => {
          const peer = peerClock(offsetUs, driftPpm);
          const sync = createClockSync();
          let nowUs = 2_000_000_000;
          for (const { outUs, backUs, heldUs, pauseUs } of exchanges) {
            const t0Us = nowUs;
            const t3Us = t0Us + outUs + heldUs + backUs;
            const t2Us = peer(t0Us + outUs + heldUs);
            sync.add({ t0Us, t1Us: peer(t0Us + outUs), t2Us, t3Us });
            nowUs = t3Us + pauseUs;
          }
          const atUs = nowUs + laterUs;
          const estimate = sync.estimate(atUs);
          expect(estimate).not.toBeNull();
          if (estimate === null) return;
          const truthUs = peer(atUs) - atUs;
          // Timestamps are rounded to 1 µs.
          expect(Math.abs(estimate.offsetUs - truthUs)).toBeLessThanOrEqual(
            estimate.uncertaintyUs + 2,
          );
          expect(Math.abs(peerToOwnUs(peer(atUs), estimate) - atUs)).toBeLessThanOrEqual(
            estimate.uncertaintyUs + 3,
          );
        },
      ),
      { seed: 7, numRuns: 400 },
    );
  });

  it('grows sharper with quick exchanges and is not spoilt by slow ones', () => {
    const peer = peerClock(123_456, 50);
    const sync = createClockSync();
    for (let index = 0; index < 16; index += 1) {
      const t0Us = index * 1_000_000;
      // Every second exchange meets a queue of 80 ms on its way out.
      const outUs = index % 2 === 0 ? 80_000 : 200;
      const received = peer(t0Us + outUs);
      sync.add({ t0Us, t1Us: received, t2Us: received, t3Us: t0Us + outUs + 300 });
    }
    const estimate = sync.estimate(15_001_000);
    expect(estimate?.uncertaintyUs).toBeLessThan(300);
    expect(Math.abs((estimate?.offsetUs ?? 0) - (peer(15_001_000) - 15_001_000))).toBeLessThan(300);
  });

  it('admits that it knows less as time passes without an exchange', () => {
    const sync = createClockSync();
    sync.add({ t0Us: 0, t1Us: 100, t2Us: 100, t3Us: 200 });
    expect(sync.estimate(200)?.uncertaintyUs).toBe(100);
    expect(sync.estimate(10_000_200)?.uncertaintyUs).toBeCloseTo(100 + 2000);
  });

  it('follows a clock that was set', () => {
    const sync = createClockSync();
    for (let index = 0; index < 10; index += 1) {
      const t0Us = index * 1_000_000;
      const offsetUs = index < 9 ? 0 : 5_000_000;
      sync.add({ t0Us, t1Us: t0Us + 50 + offsetUs, t2Us: t0Us + 50 + offsetUs, t3Us: t0Us + 100 });
    }
    expect(sync.estimate(9_000_100)).toEqual({ offsetUs: 5_000_000, uncertaintyUs: 50 });
  });
});
