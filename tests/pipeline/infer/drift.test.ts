import { describe, expect, it } from 'vitest';
import {
  DRIFT_TOLERANCE,
  driftBetween,
  summariseHeads,
} from '../../../src/pipeline/infer/drift.js';
import { emptyHeads } from '../../support/synthetic-heads.js';
import { TEST_MANIFEST } from '../../support/test-manifest.js';

const CELLS = 16 * 16;

/** Heads with one hot tip cell, an offset in it, and `nerve` in the first `nerveCells` cells. */
function headsWith(cell: number, heatLogit: number, offsetX: number, nerveCells: number) {
  const heads = emptyHeads(TEST_MANIFEST);
  heads.tip.fill(-9, 0, CELLS);
  heads.structures.fill(-1);
  heads.structures.fill(0, 0, CELLS);
  heads.tip[cell] = heatLogit;
  heads.tip[CELLS + cell] = offsetX;
  heads.structures.fill(4, CELLS, CELLS + nerveCells);
  return summariseHeads(heads, TEST_MANIFEST);
}

describe('drift between two engines', () => {
  it('reads the tip in network input pixels, and the class that wins in each cell', () => {
    const { tip, labels } = headsWith(16 + 3, 2, 0.25, 5);
    expect(tip.xPx).toBeCloseTo(3.75 * 4 - 0.5);
    expect(tip.yPx).toBeCloseTo(1.5 * 4 - 0.5);
    expect(tip.heat).toBeCloseTo(0.88, 2);
    expect([...labels.subarray(0, 7)]).toEqual([1, 1, 1, 1, 1, 0, 0]);
  });

  it('is nothing between equals', () => {
    const same = headsWith(20, 2, 0, 30);
    expect(driftBetween(same, same, TEST_MANIFEST)).toEqual({
      tipShiftPx: 0,
      labelsChanged: 0,
      isWithinTolerance: true,
    });
  });

  it('is a shift of the tip, in pixels, beyond tolerance when it is large', () => {
    const near = driftBetween(headsWith(20, 2, 0, 0), headsWith(20, 2, 0.25, 0), TEST_MANIFEST);
    expect(near).toMatchObject({ tipShiftPx: 1, isWithinTolerance: true });
    const far = driftBetween(headsWith(20, 2, 0, 0), headsWith(25, 2, 0, 0), TEST_MANIFEST);
    expect(far).toMatchObject({ tipShiftPx: 20, isWithinTolerance: false });
  });

  it('says nothing about tips where neither sees one, but does where only one sees it', () => {
    const cold = driftBetween(headsWith(20, -5, 0, 0), headsWith(90, -5, 0, 0), TEST_MANIFEST);
    expect(cold).toMatchObject({ tipShiftPx: null, isWithinTolerance: true });
    const half = driftBetween(headsWith(20, 2, 0, 0), headsWith(90, -5, 0, 0), TEST_MANIFEST);
    expect(half.isWithinTolerance).toBe(false);
  });

  it('is a share of cells of another class', () => {
    const changed = Math.ceil(DRIFT_TOLERANCE.labelsChanged * CELLS) + 1;
    const drift = driftBetween(headsWith(20, 2, 0, 0), headsWith(20, 2, 0, changed), TEST_MANIFEST);
    expect(drift.labelsChanged).toBe(changed / CELLS);
    expect(drift.isWithinTolerance).toBe(false);
  });

  it('takes outputs that are no numbers for drift', () => {
    const broken = headsWith(20, Number.POSITIVE_INFINITY, Number.NaN, 0);
    const drift = driftBetween(headsWith(20, 2, 0, 0), broken, TEST_MANIFEST);
    expect(drift.isWithinTolerance).toBe(false);
  });
});
