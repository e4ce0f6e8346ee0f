import type { GlobalShift } from './kernels.js';
import type { PyramidLevel, ShiftPyramid } from './shift-pyramid.js';

/** Radius of the exhaustive search at the coarsest level; ± 3 there is ± 24 pixels of the image. */
const COARSE_RADIUS = 3;
/** Residuals are clipped here (gray levels): a moving needle must not pull the tissue's shift. */
const RESIDUAL_MAX = 24;
const STILL: GlobalShift = { xPx: 0, yPx: 0, isReliable: false };

interface Shift {
  x: number;
  y: number;
}

/**
 * Reference of `Kernels.estimateShift`: exhaustive search with sums of absolute differences at an
 * eighth of the size, one step of it at a quarter, then robust Gauss–Newton steps (Lucas and Kanade
 * 1981) at a half and at full size. Sub-pixel, about 0.05 px on speckle.
 */
export function estimateShift(previous: ShiftPyramid, current: ShiftPyramid): GlobalShift {
  const coarsest = current.levels.length - 1;
  const shift: Shift = { x: 0, y: 0 };
  searchAround(level(previous, coarsest), level(current, coarsest), shift, COARSE_RADIUS);
  shift.x *= 2;
  shift.y *= 2;
  searchAround(level(previous, coarsest - 1), level(current, coarsest - 1), shift, 1);
  for (let index = coarsest - 2; index >= 0; index--) {
    shift.x *= 2;
    shift.y *= 2;
    const step = index === 0 ? 4 : 2;
    for (let iteration = 0; iteration < 3; iteration++) {
      if (!refine(level(previous, index), level(current, index), shift, step)) return STILL;
    }
  }
  const before = meanDifference(level(previous, 0), level(current, 0), { x: 0, y: 0 });
  const after = meanDifference(level(previous, 0), level(current, 0), shift);
  if (!(after < before)) return { xPx: 0, yPx: 0, isReliable: true };
  return { xPx: shift.x, yPx: shift.y, isReliable: true };
}

function level(pyramid: ShiftPyramid, index: number): PyramidLevel {
  return pyramid.levels[index];
}

/**
 * Moves `shift` (whole pixels) to the best match within `radius`, ties won by the smaller shift.
 */
function searchAround(
  previous: PyramidLevel,
  current: PyramidLevel,
  shift: Shift,
  radius: number,
): void {
  const centreX = shift.x;
  const centreY = shift.y;
  let best = Number.POSITIVE_INFINITY;
  for (let dy = centreY - radius; dy <= centreY + radius; dy++) {
    for (let dx = centreX - radius; dx <= centreX + radius; dx++) {
      const cost = wholeDifference(previous, current, dx, dy) + 1e-3 * (dx * dx + dy * dy);
      if (cost < best) {
        best = cost;
        shift.x = dx;
        shift.y = dy;
      }
    }
  }
}

/** Mean absolute difference where the shifted images overlap. */
function wholeDifference(
  previous: PyramidLevel,
  current: PyramidLevel,
  dx: number,
  dy: number,
): number {
  const { width, height } = current;
  const xStart = Math.max(0, dx);
  const xEnd = Math.min(width, width + dx);
  const yStart = Math.max(0, dy);
  const yEnd = Math.min(height, height + dy);
  let sum = 0;
  for (let y = yStart; y < yEnd; y++) {
    const row = y * width;
    const other = (y - dy) * width - dx;
    for (let x = xStart; x < xEnd; x++) {
      sum += Math.abs(current.data[row + x] - previous.data[other + x]);
    }
  }
  const pixels = (xEnd - xStart) * (yEnd - yStart);
  return pixels > 0 ? sum / pixels : Number.POSITIVE_INFINITY;
}

/**
 * Sample n of each row counts in lane n mod 4, and the lanes are added up in the end: an order that
 * vector code can keep.
 */
const LANES = 4;
/** xx, xy, yy, xr, yr of the normal equations; scratch. */
const sums = new Float64Array(5);

/** One robust Gauss–Newton step. False when the image has no texture to hold on to. */
function refine(
  previous: PyramidLevel,
  current: PyramidLevel,
  shift: Shift,
  step: number,
): boolean {
  sums.fill(0);
  for (let lane = 0; lane < LANES; lane++) addLane(previous, current, shift, step, lane);
  const [xx, xy, yy, xr, yr] = sums;
  // Gradients are twice the central difference, hence the factor 2 in the solution.
  const determinant = xx * yy - xy * xy;
  if (!(determinant > 1e-3 * (xx + yy) * (xx + yy)) || xx + yy < 64) return false;
  const dx = (-2 * (yy * xr - xy * yr)) / determinant;
  const dy = (-2 * (xx * yr - xy * xr)) / determinant;
  shift.x += Math.max(-1, Math.min(1, dx));
  shift.y += Math.max(-1, Math.min(1, dy));
  return Math.abs(shift.x) < current.width / 4 && Math.abs(shift.y) < current.height / 4;
}

/** Adds one lane's samples to the sums. */
function addLane(
  previous: PyramidLevel,
  current: PyramidLevel,
  shift: Shift,
  step: number,
  lane: number,
): void {
  const { width, height } = current;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  let xr = 0;
  let yr = 0;
  const wholeX = Math.floor(-shift.x);
  const wholeY = Math.floor(-shift.y);
  const fx = -shift.x - wholeX;
  const fy = -shift.y - wholeY;
  const a = current.data;
  const b = previous.data;
  const xFirst = Math.max(1, -wholeX) + lane * step;
  const xLast = Math.min(width - 1, width - 1 - wholeX);
  const yFirst = Math.max(1, -wholeY);
  const yLast = Math.min(height - 1, height - 1 - wholeY);
  for (let y = yFirst; y < yLast; y += step) {
    for (let x = xFirst; x < xLast; x += LANES * step) {
      const i = y * width + x;
      const gx = a[i + 1] - a[i - 1];
      const gy = a[i + width] - a[i - width];
      const j = i + wholeY * width + wholeX;
      const upper = b[j] + fx * (b[j + 1] - b[j]);
      const lower = b[j + width] + fx * (b[j + width + 1] - b[j + width]);
      const residual = a[i] - upper - fy * (lower - upper);
      const size = Math.abs(residual);
      const weight = size > RESIDUAL_MAX ? RESIDUAL_MAX / size : 1;
      xx += weight * gx * gx;
      xy += weight * gx * gy;
      yy += weight * gy * gy;
      xr += weight * gx * residual;
      yr += weight * gy * residual;
    }
  }
  sums[0] += xx;
  sums[1] += xy;
  sums[2] += yy;
  sums[3] += xr;
  sums[4] += yr;
}

/** Mean absolute difference at a sub-pixel shift, on every fourth pixel inside a common margin. */
function meanDifference(previous: PyramidLevel, current: PyramidLevel, shift: Shift): number {
  const { width, height } = current;
  const wholeX = Math.floor(-shift.x);
  const wholeY = Math.floor(-shift.y);
  const fx = -shift.x - wholeX;
  const fy = -shift.y - wholeY;
  let sum = 0;
  let samples = 0;
  for (let y = height >> 2; y < height - (height >> 2) - 1; y += 4) {
    for (let x = width >> 2; x < width - (width >> 2) - 1; x += 4) {
      const j = (y + wholeY) * width + x + wholeX;
      const b = previous.data;
      const upper = b[j] + fx * (b[j + 1] - b[j]);
      const lower = b[j + width] + fx * (b[j + width + 1] - b[j + width]);
      sum += Math.abs(current.data[y * width + x] - upper - fy * (lower - upper));
      samples++;
    }
  }
  return sum / samples;
}
