import type { PointPx, SegmentPx } from '../../domain/geometry.js';
import { BRIGHTER, DARKER } from './change-map.js';
import { CELL_PX, type SpreadGrid } from './spread-grid.js';

/** A mark shifted by this says that the change may be the needle's own echo. */
export const ECHO_SHIFT = 4;
/** The needle's echo, blurred by the local means, is no wider than this on each side, mm. */
const ECHO_MM = 1;
/** From this far on a needle no longer covers the place where it was in the tissue, mm. */
const MOVED_MM = 0.3;

/**
 * Sets changes aside that may be the needle's own echo: a hand holds it while breath and pulse move
 * the tissue, so against the moved background it brightens where it is now, with echoes that go on
 * beyond its tip, and leaves darkness where it was. They do not count for onset; once fluid is seen
 * they belong to it where they hang together with it.
 *
 * @param now - the shaft up to the tip, tensor pixels; null where it is not seen
 * @param before - the shaft before the injection, moved along with the tissue; null for none
 */
export function setNeedleAside(
  grid: SpreadGrid,
  marks: Uint8Array,
  now: SegmentPx | null,
  before: SegmentPx | null,
): void {
  if (now === null) return;
  setAside(grid, marks, now, Number.POSITIVE_INFINITY, BRIGHTER);
  if (before === null || acrossMm(grid, now.to, before) < MOVED_MM) return;
  setAside(grid, marks, before, 0, DARKER);
}

/** Distance of a place from the endless line of a shaft. */
function acrossMm({ cellXMm, cellYMm }: SpreadGrid, place: PointPx, { from, to }: SegmentPx) {
  const xMm = ((place.xPx - to.xPx) / CELL_PX) * cellXMm;
  const yMm = ((place.yPx - to.yPx) / CELL_PX) * cellYMm;
  const backX = (from.xPx - to.xPx) * cellXMm;
  const backY = (from.yPx - to.yPx) * cellYMm;
  const length = Math.hypot(backX, backY);
  return Math.sqrt(awaySquared(xMm, yMm, backX, backY, length, Number.POSITIVE_INFINITY));
}

function setAside(
  grid: SpreadGrid,
  marks: Uint8Array,
  { from, to }: SegmentPx,
  beyondMm: number,
  mark: number,
): void {
  const { side, cellXMm, cellYMm } = grid;
  const backX = (from.xPx - to.xPx) * cellXMm;
  const backY = (from.yPx - to.yPx) * cellYMm;
  const length = Math.hypot(backX, backY);
  for (let row = 0; row < side; row++) {
    const yMm = ((grid.yPx + CELL_PX * row - to.yPx) / CELL_PX) * cellYMm;
    for (let column = 0; column < side; column++) {
      const cell = row * side + column;
      if ((marks[cell] & mark) === 0) continue;
      const xMm = ((grid.xPx + CELL_PX * column - to.xPx) / CELL_PX) * cellXMm;
      const squared = awaySquared(xMm, yMm, backX, backY, length, beyondMm);
      if (squared > ECHO_MM * ECHO_MM) continue;
      marks[cell] = (marks[cell] & ~mark) | (mark << ECHO_SHIFT);
    }
  }
}

/** Squared distance of a place from the line of the shaft, which ends `beyondMm` behind its tip. */
function awaySquared(
  xMm: number,
  yMm: number,
  backX: number,
  backY: number,
  length: number,
  beyondMm: number,
): number {
  if (length === 0) return xMm * xMm + yMm * yMm;
  const back = Math.max(-beyondMm, (xMm * backX + yMm * backY) / length);
  const x = xMm - (back * backX) / length;
  const y = yMm - (back * backY) / length;
  return x * x + y * y;
}
