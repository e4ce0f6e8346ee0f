import { describe, expect, it } from 'vitest';
import { clipEvents } from '../../../src/cli/evaluation/clip-events.js';
import type { FrameScore } from '../../../src/cli/evaluation/score-frame.js';
import { Tally } from '../../../src/cli/evaluation/tally.js';

/** One frame each 50 ms. A number: a visible tip stated so many mm off. */
type Script = readonly (number | 'missed' | 'hidden')[];

function scores(script: Script): readonly FrameScore[] {
  return script.map((what, index) => ({
    needle: what === 'hidden' ? 'hidden' : 'visible',
    captureTimeUs: index * 50_000,
    isTipStated: typeof what === 'number',
    isTipMeasured: typeof what === 'number',
    confidence: 0.9,
    tipErrorPx: typeof what === 'number' ? 10 * Math.abs(what) : null,
    tipErrorMm: typeof what === 'number' ? Math.abs(what) : null,
    tipErrorOf720: null,
    tipOffsetMm: typeof what === 'number' ? { x: what, y: 0 } : null,
    hiddenTipErrorMm: null,
    isHiddenTipKnown: what === 'hidden',
    hasSpacing: true,
    isOnRestingNeedle: null,
    isWithinRadius90: null,
    isShaftKnown: false,
    angleErrorDeg: null,
    clearanceErrorMm: null,
    isBoundViolated: null,
    overlaps: [],
  }));
}
const times = <Item>(count: number, item: Item): Item[] =>
  Array.from({ length: count }, () => item);

describe('the events of a clip', () => {
  it('time the first correct tip, and each return of the tip, over runs of at least 300 ms', () => {
    const events = clipEvents(
      scores([
        ...times(2, 'hidden' as const),
        'missed',
        4,
        2.9,
        ...times(4, 0.1),
        'hidden',
        ...times(6, 0.1),
        'hidden',
        ...times(5, 'missed' as const),
        'hidden',
        ...times(6, 'missed' as const),
      ]),
    );
    expect(events.acquisitionMs).toEqual([100]);
    // The run of five frames (250 ms) asks too much of anyone and does not count.
    expect(events.reacquisitionMs).toEqual([0, Number.POSITIVE_INFINITY]);
    expect(clipEvents(scores(times(5, 0)))).toMatchObject({ acquisitionMs: [], isSuccess: null });
  });

  it('call a clip followed when 95 % of the frames from the acquisition on are within 3 mm', () => {
    const success = (script: Script) => clipEvents(scores(script)).isSuccess;
    expect(success(['missed', 'missed', ...times(20, 1)])).toBe(true);
    expect(success([...times(19, 1), 'missed'])).toBe(true);
    expect(success([...times(18, 1), 'missed', 3.1])).toBe(false);
    expect(success(times(20, 'missed' as const))).toBe(false);
  });

  it('measure jitter as the spread of the error, so that neither motion nor bias counts', () => {
    const steady = clipEvents(scores(times(10, 2)));
    expect(steady.jitterSquaredMm2).toBeCloseTo(0, 9);
    expect(steady.jumpsMm).toEqual(times(9, 0));
    const trembling = clipEvents(scores([1, 2, 1, 2, 1, 2, 1, 2]));
    expect(Math.sqrt(trembling.jitterSquaredMm2 / trembling.jitterFrames)).toBeCloseTo(0.5, 9);
    expect(trembling.jumpsMm).toEqual(times(7, 1));
    expect(clipEvents(scores([1, 2, 1, 2, 1, 2, 1])).jitterFrames).toBe(0);
  });

  it('become figures: medians with misses, and shares', () => {
    const tally = new Tally();
    const clips: readonly Script[] = [
      ['missed', 'missed', ...times(8, 1)],
      [...times(10, 0.5)],
      times(10, 'missed' as const),
    ];
    for (const [clip, script] of clips.entries()) {
      for (const score of scores(script)) tally.add(score, false, `clip ${clip}`, clip);
    }
    const figures = tally.figures({ draws: 1000, seed: 1 });
    expect(figures.acquisitionMs).toEqual({ median: 100, p95: null });
    expect(figures.acquiredShare).toBeCloseTo(2 / 3, 4);
    expect(figures.clipSuccessRate).toBeCloseTo(2 / 3, 4);
    expect(figures.recallAt2mm).toBe(0.6);
    expect(figures.jitterMm).toBeCloseTo(0, 9);
    // 8 frames at 1 mm and 10 at 0.5 mm of 30: (8 × 0.8 + 10 × 0.9) / 30.
    expect(figures.recallAucTo5mm).toBeCloseTo(15.4 / 30, 4);
    expect(figures.blocks).toBe(3);
    expect(figures.intervals.recallAt2mm?.low).toBe(0);
    expect(figures.intervals.recallAt2mm?.high).toBe(1);
    const { recallCurve } = tally.diagrams();
    expect(recallCurve?.distanceMm.at(-1)).toBe(5);
    expect(recallCurve?.recall[recallCurve.distanceMm.indexOf(0.5)]).toBeCloseTo(1 / 3, 4);
    expect(recallCurve?.recall.at(-1)).toBe(0.6);
  });
});
