import { describe, expect, it } from 'vitest';
import type { SegmentPx } from '../../../src/domain/geometry.js';
import { BRIGHTER, DARKER } from '../../../src/pipeline/spread/change-map.js';
import { ECHO_SHIFT, setNeedleAside } from '../../../src/pipeline/spread/needle-echo.js';
import { CELL_PX, gridAround, type SpreadGrid } from '../../../src/pipeline/spread/spread-grid.js';
import { SPACING, TIP } from './injected-pictures.js';

const grid = gridAround(TIP, SPACING);
/** From the left, level, up to the tip. */
const shaftAt = (downMm: number): SegmentPx => {
  const yPx = TIP.yPx + downMm / SPACING.yMm;
  return { from: { xPx: TIP.xPx - 60, yPx }, to: { xPx: TIP.xPx, yPx } };
};
const everywhere = (mark: number) => new Uint8Array(grid.side * grid.side).fill(mark);
const markAt = (marks: Uint8Array, { side, xPx, yPx }: SpreadGrid, right: number, down: number) => {
  const column = Math.round((TIP.xPx + right / SPACING.xMm - xPx) / CELL_PX);
  const row = Math.round((TIP.yPx + down / SPACING.yMm - yPx) / CELL_PX);
  return marks[row * side + column];
};

describe("changes that may be the needle's own echo", () => {
  it('are what is brighter within 1 mm of the line of the shaft, before and beyond the tip', () => {
    const marks = everywhere(BRIGHTER);
    setNeedleAside(grid, marks, shaftAt(0), shaftAt(0));
    expect(markAt(marks, grid, -12, 0.5)).toBe(BRIGHTER << ECHO_SHIFT);
    expect(markAt(marks, grid, 0.5, 0)).toBe(BRIGHTER << ECHO_SHIFT);
    expect(markAt(marks, grid, -5, 1.6)).toBe(BRIGHTER);
    expect(markAt(marks, grid, 1.8, 0)).toBe(BRIGHTER << ECHO_SHIFT);
  });

  it('are what is darker where it was in the tissue, once it no longer covers that place', () => {
    const marks = everywhere(DARKER);
    setNeedleAside(grid, marks, shaftAt(0), shaftAt(0.1));
    expect(marks).toEqual(everywhere(DARKER));
    setNeedleAside(grid, marks, shaftAt(0), shaftAt(2));
    expect(markAt(marks, grid, -5, 2)).toBe(DARKER << ECHO_SHIFT);
    expect(markAt(marks, grid, -5, 0)).toBe(DARKER);
  });

  it('are none where no shaft is seen', () => {
    const marks = everywhere(BRIGHTER | DARKER);
    setNeedleAside(grid, marks, null, shaftAt(2));
    expect(marks).toEqual(everywhere(BRIGHTER | DARKER));
  });
});
