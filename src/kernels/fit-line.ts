import type { LineFit } from './kernels.js';

/** Cells this far from the line (standard deviation, cells) lose weight; Gaussian re-weighting. */
const START_SIGMA = 1.5;
const SIGMA = 0.7;
/** Cells within this distance belong to the line. */
const INLIER_DISTANCE = 1.2;
/** Longest gap within one visible run, cells: a shaft fades and comes back. */
const GAP_MAX = 8;
const ITERATIONS = 4;
const VOTES_MIN = 4;

/** Votes for the start are counted in bins of half a cell. */
const BINS_PER_CELL = 2;

/**
 * Reference of `Kernels.fitLine`: robust weighted total least squares.
 *
 * It starts from the direction that the votes themselves name (mean of doubled angles) and from the
 * offset that most of them share, which keeps a second line or a bright fascia from pulling it;
 * then iteratively re-weighted total least squares.
 */
export function fitLine(votes: Float32Array, count: number, scratch: Float32Array): LineFit | null {
  if (count < VOTES_MIN) return null;
  const start = startLine(votes, count, scratch);
  let line = start;
  let sigma = START_SIGMA;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const next = reweight(votes, count, line, sigma);
    if (next === null) return null;
    line = next;
    sigma = SIGMA;
  }
  return measure(votes, count, line, scratch);
}

interface Line {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

function startLine(votes: Float32Array, count: number, scratch: Float32Array): Line {
  let cosines = 0;
  let sines = 0;
  for (let vote = 0; vote < count; vote++) {
    const weight = votes[4 * vote + 3];
    const doubled = 2 * votes[4 * vote + 2];
    cosines += weight * Math.cos(doubled);
    sines += weight * Math.sin(doubled);
  }
  const angle = 0.5 * Math.atan2(sines, cosines);
  const dx = Math.cos(angle);
  const dy = Math.sin(angle);
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let vote = 0; vote < count; vote++) {
    const position = votes[4 * vote + 1] * dx - votes[4 * vote] * dy;
    least = Math.min(least, position);
    most = Math.max(most, position);
  }
  const bins = Math.min(scratch.length, Math.ceil((most - least) * BINS_PER_CELL) + 1);
  scratch.fill(0, 0, bins);
  for (let vote = 0; vote < count; vote++) {
    const position = votes[4 * vote + 1] * dx - votes[4 * vote] * dy;
    const bin = Math.min(bins - 1, Math.round((position - least) * BINS_PER_CELL));
    scratch[bin] = scratch[bin] + votes[4 * vote + 3];
  }
  let bestBin = 0;
  let bestSupport = -1;
  for (let bin = 0; bin < bins; bin++) {
    let support = 0;
    for (let near = Math.max(0, bin - 2); near <= Math.min(bins - 1, bin + 2); near++) {
      support += scratch[near];
    }
    if (support > bestSupport) {
      bestSupport = support;
      bestBin = bin;
    }
  }
  const offset = least + bestBin / BINS_PER_CELL;
  return { x: -dy * offset, y: dx * offset, dx, dy };
}

/** One step: weights from the distance to the line, then the principal axis of what they weigh. */
function reweight(votes: Float32Array, count: number, line: Line, sigma: number): Line | null {
  let total = 0;
  let sumX = 0;
  let sumY = 0;
  let sumXX = 0;
  let sumXY = 0;
  let sumYY = 0;
  for (let vote = 0; vote < count; vote++) {
    const x = votes[4 * vote] - line.x;
    const y = votes[4 * vote + 1] - line.y;
    const across = (y * line.dx - x * line.dy) / sigma;
    const weight = votes[4 * vote + 3] * Math.exp(-0.5 * across * across);
    total += weight;
    sumX += weight * x;
    sumY += weight * y;
    sumXX += weight * x * x;
    sumXY += weight * x * y;
    sumYY += weight * y * y;
  }
  if (!(total > 1e-3)) return null;
  const meanX = sumX / total;
  const meanY = sumY / total;
  const xx = sumXX / total - meanX * meanX;
  const xy = sumXY / total - meanX * meanY;
  const yy = sumYY / total - meanY * meanY;
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
  return { x: line.x + meanX, y: line.y + meanY, dx: Math.cos(angle), dy: Math.sin(angle) };
}

/** Inliers, their spread across the line, and the longest run without a large gap. */
function measure(
  votes: Float32Array,
  count: number,
  line: Line,
  scratch: Float32Array,
): LineFit | null {
  let inliers = 0;
  let squares = 0;
  for (let vote = 0; vote < count; vote++) {
    const x = votes[4 * vote] - line.x;
    const y = votes[4 * vote + 1] - line.y;
    const across = y * line.dx - x * line.dy;
    if (Math.abs(across) > INLIER_DISTANCE || inliers >= scratch.length) continue;
    scratch[inliers] = x * line.dx + y * line.dy;
    inliers++;
    squares += across * across;
  }
  if (inliers < VOTES_MIN) return null;
  const along = scratch.subarray(0, inliers).sort();
  let runStart = 0;
  let from = along[0];
  let to = from;
  for (let index = 1; index < inliers; index++) {
    const gap = along[index] - along[index - 1];
    if (gap > GAP_MAX) runStart = index;
    const length = along[index] - along[runStart];
    if (length > to - from) {
      from = along[runStart];
      to = along[index];
    }
  }
  return {
    x: line.x,
    y: line.y,
    directionX: line.dx,
    directionY: line.dy,
    from,
    to,
    inliers,
    spread: Math.sqrt(squares / inliers),
  };
}
