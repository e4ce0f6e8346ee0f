import { describe, expect, it } from 'vitest';
import { needleTargets } from '../../../src/cli/training/needle-targets.js';
import { GRID } from '../../../src/cli/training/shard-record.js';
import { IDENTITY } from '../../../src/domain/affine.js';
import type { NeedleTruth } from '../../../src/domain/ground-truth.js';

function makeNeedle(changes: Partial<NeedleTruth> = {}): NeedleTruth {
  return {
    tip: { xPx: 121.5, yPx: 61.5 },
    tipVisible: true,
    approach: 'in-plane',
    shaft: { from: { xPx: 1.5, yPx: 61.5 }, to: { xPx: 121.5, yPx: 61.5 } },
    shaftVisibility: [1, 1, 1],
    ...changes,
  };
}
const at = (mask: Uint8Array, column: number, row: number): number =>
  mask[row * GRID + column] as number;

describe('Needle targets', () => {
  it('cover the cells that the shaft crosses, and no others', () => {
    const { shaftMask } = needleTargets(makeNeedle(), IDENTITY);
    expect(at(shaftMask, 10, 15)).toBe(255);
    expect(at(shaftMask, 10, 16)).toBe(64);
    expect(at(shaftMask, 10, 17)).toBe(0);
    expect(at(shaftMask, 33, 15)).toBe(0);
  });

  it('fade where the shaft fades', () => {
    const { shaftMask } = needleTargets(makeNeedle({ shaftVisibility: [1, 0] }), IDENTITY);
    expect(at(shaftMask, 2, 15)).toBeGreaterThan(230);
    expect(at(shaftMask, 15, 15)).toBeGreaterThan(110);
    expect(at(shaftMask, 15, 15)).toBeLessThan(145);
    expect(at(shaftMask, 29, 15)).toBeLessThan(25);
  });

  it('follow the map from image to tensor', () => {
    const map = { a: 0.5, b: 0, c: 0, d: 0.5, e: 10, f: 20 };
    const targets = needleTargets(makeNeedle(), map);
    expect(targets.tip).toEqual([70.75, 50.75]);
    expect(targets.shaft).toEqual([10.75, 50.75, 70.75, 50.75]);
  });

  it('take a needle that cannot be seen anywhere for absent', () => {
    const hidden = makeNeedle({ tipVisible: false, shaftVisibility: [0.1, 0, 0.05] });
    const targets = needleTargets(hidden, IDENTITY);
    expect(targets).toMatchObject({ needlePresent: false, tip: null, approach: 'none' });
  });

  it('keep a hidden tip as a shaft without a visible tip', () => {
    const targets = needleTargets(makeNeedle({ tipVisible: false }), IDENTITY);
    expect(targets).toMatchObject({ needlePresent: true, tipVisible: false, approach: 'in-plane' });
  });

  it('do not call a tip outside the input visible', () => {
    const away = { a: 1, b: 0, c: 0, d: 1, e: 140, f: 0 };
    expect(needleTargets(makeNeedle(), away).tipVisible).toBe(false);
  });

  it('show an out-of-plane needle as a dot without a shaft', () => {
    const dot = makeNeedle({
      approach: 'out-of-plane',
      tipVisible: false,
      shaft: null,
      shaftVisibility: [],
    });
    const targets = needleTargets(dot, IDENTITY);
    expect(targets).toMatchObject({ needlePresent: true, shaft: null, approach: 'out-of-plane' });
    expect(Math.max(...targets.shaftMask)).toBe(0);
  });
});
