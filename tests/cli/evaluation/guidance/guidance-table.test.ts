import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../../../src/cli/evaluation/guidance/guidance-row.js';
import { guidanceRows } from '../../../../src/cli/evaluation/guidance/guidance-table.js';
import type { PlayedProcedure } from '../../../../src/cli/evaluation/guidance/played-procedure.js';

const NO_EVENTS = {
  acquisitionMs: [],
  reacquisitionMs: [],
  isSuccess: null,
  jitterSquaredMm2: 0,
  jitterFrames: 0,
  jumpsMm: [],
};
const BOOTSTRAP = { draws: 50, seed: 1 };

const played = (changes: Partial<PlayedProcedure>): PlayedProcedure => ({
  detector: 'oracle',
  seed: 1,
  truePasses: 2,
  passes: 2,
  eventCount: 3,
  isComplete: true,
  frames: 900,
  distances: [],
  bounds: [],
  events: NO_EVENTS,
  jitter: NO_EVENTS,
  hiddenFrames: 0,
  hiddenShown: 0,
  hiddenShownFar: 0,
  advisories: { episodes: 0, falseEpisodes: 0, due: 0, missed: 0 },
  injections: [],
  trackGuideMs: [],
  spreadMs: [],
  ...changes,
});

function rowOf(procedures: readonly PlayedProcedure[], metric: string) {
  const row = guidanceRows(procedures, BOOTSTRAP).find((one) => one.metric === metric);
  if (row === undefined) throw new Error(`No row ${metric}.`);
  return row;
}

describe('the table of the guidance suite', () => {
  it('gives shares in percent, with an interval over whole procedures', () => {
    const right = played({});
    const wrong = played({ passes: 3 });
    const row = rowOf([right, right, right, wrong], 'pass count exact');
    expect(row.value).toBe(75);
    expect(row.interval?.low).toBeLessThan(75);
    expect(row.interval?.high).toBeGreaterThan(75);
    expect(verdictOf(row)).toBe('missed');
  });

  it('tells tips that are shown in their place while hidden from those in another', () => {
    const one = played({ hiddenFrames: 20, hiddenShown: 4, hiddenShownFar: 1 });
    expect(rowOf([one], 'tip shown while hidden for > 500 ms').value).toBe(20);
    expect(rowOf([one], 'the same, more than 3 mm from the true tip').value).toBe(5);
  });

  it('counts how often the truth lies below the bound, for each class', () => {
    const bound = {
      class: 'nerve',
      stated: 'nerve',
      isSure: true,
      outlineMm: 0,
      tipMm: 0,
    } as const;
    const one = played({
      bounds: [
        { ...bound, shortfallMm: 0.4 },
        { ...bound, shortfallMm: -1 },
      ],
    });
    expect(rowOf([one], '0–5 mm, nerve: true distance below the bound').value).toBe(50);
    expect(rowOf([one], '0–5 mm, nerve: shortfall p95').value).toBe(0.4);
  });

  it('says never where most of the times never came, and nothing without any', () => {
    const events = { ...NO_EVENTS, acquisitionMs: [Number.POSITIVE_INFINITY] };
    const never = rowOf([played({ events })], 'acquisition, p95');
    expect(never).toMatchObject({ value: Number.POSITIVE_INFINITY, interval: null });
    expect(verdictOf(never)).toBe('missed');
    expect(rowOf([played({})], 'acquisition, p95').value).toBeNull();
  });

  it('counts spread that is seen without fluid, or before it', () => {
    const injections = [
      { hasFluid: true, onsetDelayMs: 250, areaError: 0.1 },
      { hasFluid: true, onsetDelayMs: -100, areaError: null },
      { hasFluid: false, onsetDelayMs: 900, areaError: null },
      { hasFluid: false, onsetDelayMs: Number.POSITIVE_INFINITY, areaError: null },
    ];
    const row = rowOf([played({ injections })], 'spread seen without fluid or before it');
    expect(row.value).toBe(50);
    expect(verdictOf(row)).toBe('');
  });
});
