import { describe, expect, it } from 'vitest';
import {
  assessStaleness,
  fadeLimits,
  measureAge,
  type StalenessInput,
  sinceWords,
} from '../../src/display/staleness.js';

const age = (ageMs: number, uncertaintyMs = 0) => ({
  ageMs,
  uncertaintyMs,
  since: 'grab' as const,
});

const at30Fps = (changes: Partial<StalenessInput>): StalenessInput => ({
  sinceFrameMs: 10,
  isFrozen: false,
  isEngineUnavailable: false,
  overlayAge: age(40),
  frameIntervalMs: 33.3,
  ...changes,
});

describe('fade limits', () => {
  it.each([
    // interval, fades above, hidden above
    [16.7, 100, 200],
    [33.3, 100, 200],
    [66.7, 100, 200],
    [80, 120, 200],
    [100, 150, 250],
    [150, 225, 375],
    [200, 300, 400],
    [1000, 400, 400],
  ])('at %d ms a frame: fades above %d ms, hidden above %d ms', (interval, fadeMs, hideMs) => {
    const limits = fadeLimits(interval);
    expect(limits.fadeMs).toBeCloseTo(fadeMs, 0);
    expect(limits.hideMs).toBeCloseTo(hideMs, 0);
  });
});

describe('state and strength of the overlay', () => {
  it.each([
    ['nothing has come', { sinceFrameMs: null }, 'WAITING', 0],
    ['all is current', {}, 'LIVE', 1],
    ['at the limit of fading', { overlayAge: age(100) }, 'LIVE', 1],
    ['half way', { overlayAge: age(150) }, 'LIVE', 0.625],
    ['at the limit of hiding', { overlayAge: age(200) }, 'LIVE', 0.25],
    ['just beyond', { overlayAge: age(200.1) }, 'STALE', 0],
    ['the uncertainty counts as age', { overlayAge: age(190, 11) }, 'STALE', 0],
    ['never beyond 400 ms', { overlayAge: age(401), frameIntervalMs: 900 }, 'STALE', 0],
    ['frame interval unknown', { overlayAge: age(190), frameIntervalMs: null }, 'LIVE', 0.325],
    ['a frame 999 ms ago', { sinceFrameMs: 999, overlayAge: age(999) }, 'STALE', 0],
    ['no frame for a second', { sinceFrameMs: 1000 }, 'LOST', 0],
    ['no frame for a second, frozen', { sinceFrameMs: 1000, isFrozen: true }, 'LOST', 0],
    ['frozen, with an old overlay', { isFrozen: true, overlayAge: age(5000) }, 'FROZEN', 1],
    ['no engine', { isEngineUnavailable: true }, 'UNAVAILABLE', 0],
    ['no overlay yet', { overlayAge: null }, 'UNAVAILABLE', 0],
  ] as const)('%s', (_title, changes, state, opacity) => {
    const judged = assessStaleness(at30Fps(changes));
    expect(judged.state).toBe(state);
    expect(judged.overlayOpacity).toBeCloseTo(opacity, 3);
  });

  it('never gets stronger with age', () => {
    let previous = 1;
    for (let ageMs = 0; ageMs <= 500; ageMs += 1) {
      const { overlayOpacity } = assessStaleness(at30Fps({ overlayAge: age(ageMs) }));
      expect(overlayOpacity).toBeLessThanOrEqual(previous);
      previous = overlayOpacity;
    }
    expect(previous).toBe(0);
  });
});

describe('measured age', () => {
  const input = {
    nowUs: 1_000_000,
    receivedAtUs: 990_000,
    captureTimeUs: 50_000_000,
    cartOffsetUs: -49_060_000,
    uncertaintyUs: 2000,
    sourceLatency: null,
  };

  it('counts from the capture where the clocks are known, with their uncertainty', () => {
    expect(measureAge(input)).toEqual({ ageMs: 60, uncertaintyMs: 2, since: 'grab' });
  });

  it('adds what the source says about its own delay', () => {
    const measured = measureAge({
      ...input,
      sourceLatency: { latencyMs: 50, uncertaintyMs: 3 },
    });
    expect(measured).toEqual({ ageMs: 110, uncertaintyMs: 5, since: 'echo' });
  });

  it.each([
    ['the clock is unknown', { cartOffsetUs: null, uncertaintyUs: null }],
    ['the clock is too uncertain', { uncertaintyUs: 51_000 }],
    ['the uncertainty is not a number', { uncertaintyUs: Number.NaN }],
    ['the capture would lie in the future', { cartOffsetUs: 60_000_000 }],
    ['the capture would lie after the receipt', { cartOffsetUs: -49_005_000 }],
  ])('counts since the receipt where %s', (_title, changes) => {
    const measured = measureAge({ ...input, ...changes });
    expect(measured).toEqual({ ageMs: 10, uncertaintyMs: 0, since: 'received' });
  });

  it('is never less than the time since the receipt', () => {
    const measured = measureAge({ ...input, cartOffsetUs: -49_009_000 });
    expect(measured).toEqual({ ageMs: 10, uncertaintyMs: 2, since: 'grab' });
  });
});

describe('from what an age counts, in words', () => {
  it.each([
    ['echo', 4.2, 'since echo, ± 5 ms'],
    ['grab', 0.3, 'since grab, ± 1 ms'],
    ['received', 0, 'since received'],
  ] as const)('%s', (since, uncertaintyMs, words) => {
    expect(sinceWords({ ageMs: 40, uncertaintyMs, since })).toBe(words);
  });
});
