import type { ModelManifest } from '../../domain/model-manifest.js';
import type { GridSize, Kernels, LineFit } from '../../kernels/kernels.js';

/** A needle has no more than this many cells; beyond it something else is wrong with the frame. */
const VOTES_MAX = 2048;
/** The shaft at a point is fitted to votes this near, cells: a bow is straight within that. */
const LOCAL_RADIUS = 10;
/**
 * Votes belong to the shaft at a point when their own axes pass it within this distance, cells,
 * plus this much per cell between the two. Farther off the mean of their axis and that of the shaft
 * at the point has to, which is so for all of an arc: room for a bow, none for a second line.
 */
const AIM = 1.5;
const AIM_PER_CELL = 0.15;
/**
 * Longest gap within the run that leads to a point, cells, as in the kernel's fit: a shaft fades
 * and returns. What lies on the other side of the point is the same shaft only if it goes on at
 * once; a fascia in line with the needle does not.
 */
const GAP_BEHIND = 8;
const GAP_AHEAD = 2;
/** The far end of a run is the mean of its votes within the last cells: it lies on the bow. */
const END_REACH = 5;

/** The shaft at one point, in cells. */
export interface ShaftPiece {
  /** The straight line through the shaft near the point. */
  readonly fit: LineFit;
  /** The end of the visible run that leads to the point. */
  readonly far: { readonly x: number; readonly y: number };
  /** Length of that run, from the point to its end; > 0. */
  readonly behind: number;
  /** How far the shaft goes on beyond the point; negative where it ends before it. */
  readonly ahead: number;
}

/** Reads the shaft from its head, in cells. Buffers are reused from frame to frame. */
export interface ShaftReader {
  /** Takes in a frame; the fitted main line, or null when too few cells agree on one. */
  read(shaft: Float32Array): LineFit | null;
  /** The shaft at a point of the frame last read, or null when none leads there. */
  at(x: number, y: number): ShaftPiece | null;
}

/**
 * Makes a reader of the shaft head. Each cell above the threshold votes with the foot of its
 * perpendicular on the axis, which is finer than the cell itself, and with its angle.
 *
 * The main line is the best supported one of the frame. A tip is judged by the shaft that leads to
 * it instead: needles bow, and a fascia or a second needle may be the longer line.
 */
export function createShaftReader(
  manifest: ModelManifest,
  kernels: Kernels,
  size: GridSize,
): ShaftReader {
  const votes = new Float32Array(4 * VOTES_MAX);
  const near = new Float32Array(4 * VOTES_MAX);
  const scratch = new Float32Array(VOTES_MAX);
  const { shaft: threshold } = manifest.thresholds;
  const logitMin = Math.log(threshold / (1 - threshold));
  let count = 0;
  return {
    read: (shaft) => {
      count = castVotes(shaft, size, logitMin, votes);
      return kernels.fitLine(votes, count, scratch);
    },
    at: (x, y) => {
      const aimed = votesAt(votes, count, x, y, null, near);
      const fit = kernels.fitLine(near, aimed, scratch);
      if (fit === null) return null;
      const all = votesAt(votes, count, x, y, fit, near);
      if (all === 0) return null;
      return followRun(near, all, x, y, fit, scratch);
    },
  };
}

/** Writes x, y, angle and weight of each shaft cell; returns how many there are. */
function castVotes(
  shaft: Float32Array,
  size: GridSize,
  logitMin: number,
  votes: Float32Array,
): number {
  const cells = size.width * size.height;
  let count = 0;
  for (let cell = 0; cell < cells && count < VOTES_MAX; cell++) {
    const logit = shaft[cell];
    if (!(logit > logitMin)) continue;
    const offset = shaft[3 * cells + cell];
    const half = 0.5 * Math.atan2(shaft[2 * cells + cell], shaft[cells + cell]);
    const angle = half < 0 ? half + Math.PI : half;
    const x = cell % size.width;
    const y = (cell - x) / size.width;
    votes[4 * count] = x - offset * Math.sin(angle);
    votes[4 * count + 1] = y + offset * Math.cos(angle);
    votes[4 * count + 2] = angle;
    votes[4 * count + 3] = 1 / (1 + Math.exp(-logit));
    count++;
  }
  return count;
}

/**
 * Copies the votes of the shaft at a point; returns how many there are.
 *
 * @param fit - the line there, for votes at any distance; null = the nearby votes, which make it
 */
function votesAt(
  votes: Float32Array,
  count: number,
  x: number,
  y: number,
  fit: LineFit | null,
  near: Float32Array,
): number {
  let aimed = 0;
  for (let vote = 0; vote < count; vote++) {
    const dx = x - votes[4 * vote];
    const dy = y - votes[4 * vote + 1];
    const apart = Math.hypot(dx, dy);
    if (fit === null && apart > LOCAL_RADIUS) continue;
    let axisX = Math.cos(votes[4 * vote + 2]);
    let axisY = Math.sin(votes[4 * vote + 2]);
    if (fit !== null) {
      const sign = axisX * fit.directionX + axisY * fit.directionY < 0 ? -1 : 1;
      axisX += sign * fit.directionX;
      axisY += sign * fit.directionY;
    }
    const passing = Math.abs(dx * axisY - dy * axisX) / Math.hypot(axisX, axisY);
    if (!(passing <= AIM + AIM_PER_CELL * apart)) continue;
    for (let part = 0; part < 4; part++) near[4 * aimed + part] = votes[4 * vote + part];
    aimed++;
  }
  return aimed;
}

/** The run of votes that leads to the point, and what goes on beyond it. */
function followRun(
  votes: Float32Array,
  count: number,
  x: number,
  y: number,
  fit: LineFit,
  scratch: Float32Array,
): ShaftPiece {
  const alongOf = (vote: number): number =>
    (votes[4 * vote] - x) * fit.directionX + (votes[4 * vote + 1] - y) * fit.directionY;
  // The shaft is on the side with more votes nearby, however long the other side is farther off.
  let side = 0;
  for (let vote = 0; vote < count; vote++) {
    const position = alongOf(vote);
    if (Math.abs(position) <= LOCAL_RADIUS) side += Math.sign(position) * votes[4 * vote + 3];
  }
  const sign = side < 0 ? -1 : 1;
  for (let vote = 0; vote < count; vote++) scratch[vote] = sign * alongOf(vote);
  const along = scratch.subarray(0, count).sort();
  let nearest = 0;
  for (let index = 1; index < count; index++) {
    if (Math.abs(along[index]) < Math.abs(along[nearest])) nearest = index;
  }
  let first = nearest;
  while (first > 0 && along[first] - along[first - 1] <= GAP_AHEAD) first--;
  let last = nearest;
  while (last < count - 1 && along[last + 1] - along[last] <= GAP_BEHIND) last++;
  const end = along[last];
  const ahead = -along[first];
  return { fit, far: endOfRun(votes, count, sign * end, alongOf, fit), behind: end, ahead };
}

/** The end of a run, on the mean of its last cells and, from there, along the line. */
function endOfRun(
  votes: Float32Array,
  count: number,
  end: number,
  alongOf: (vote: number) => number,
  fit: LineFit,
): { readonly x: number; readonly y: number } {
  let total = 0;
  let sumX = 0;
  let sumY = 0;
  let rest = 0;
  for (let vote = 0; vote < count; vote++) {
    const short = end - alongOf(vote);
    if (Math.abs(short) > END_REACH) continue;
    const weight = votes[4 * vote + 3];
    total += weight;
    sumX += weight * votes[4 * vote];
    sumY += weight * votes[4 * vote + 1];
    rest += weight * short;
  }
  return {
    x: (sumX + rest * fit.directionX) / total,
    y: (sumY + rest * fit.directionY) / total,
  };
}
