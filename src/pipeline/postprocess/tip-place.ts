import type { LineFit } from '../../kernels/kernels.js';
import { distanceToBorder, type EchoBorder } from './echo-border.js';
import type { ShaftPiece } from './read-shaft.js';

/**
 * Where a candidate is on the shaft that leads to it. All rules that tell a tip from another place
 * on a needle by geometry alone are in this file; `models/training/decode.py` mirrors them.
 */
export interface TipPlace {
  /** Distance from the shaft's line near the candidate, mm; pixels need not be square. */
  readonly offShaftMm: number;
  /** Visible run of the shaft, mm. */
  readonly lengthMm: number;
  /** The shaft goes on well beyond the candidate on both sides: a tip ends its shaft. */
  readonly isInside: boolean;
  /** The candidate is where the needle comes into the image. */
  readonly isEntry: boolean;
  /** How much the border speaks for this end being the tip, as a logarithm of odds. */
  readonly inwardOdds: number;
}

/** Size of a cell, mm. */
export interface CellSize {
  readonly xMm: number;
  readonly yMm: number;
}

/**
 * The shaft's cells run on by about one beyond a tip, by more where the needle throws echoes
 * behind it; this many cells and this share of the shaft on the short side are another thing.
 */
const AHEAD_MAX = 3;
const AHEAD_SHARE_MAX = 0.4;
/**
 * A shaft that comes from the border of the image has its entry there, whatever the heat: its end
 * is this near, cells, while the other end is this far. Measured along the shaft's own direction
 * outwards, so that it holds for every side, steep or shallow, and upside down.
 */
const ENTRY_NEAR = 2.5;
const TIP_FAR = 6;
/**
 * Short of contact (a shaft that fades towards its hub, a sector that was not recognised) the end
 * that is farther from the border is more likely the tip: odds = ratio of the distances, softened
 * by some cells, and never more than a clear difference in heat.
 */
const SOFTENING = 3;
const ODDS_MAX = 1.5;

/** Judges a candidate by the shaft at it. */
export function placeOnShaft(
  x: number,
  y: number,
  piece: ShaftPiece,
  border: EchoBorder,
  cell: CellSize,
): TipPlace {
  const { fit, far, behind, ahead } = piece;
  const tipOut = distanceToBorder(x, y, x - far.x, y - far.y, border);
  const farOut = distanceToBorder(far.x, far.y, far.x - x, far.y - y, border);
  const odds = Math.log((tipOut + SOFTENING) / (farOut + SOFTENING));
  return {
    offShaftMm: offLineMm(x, y, fit, cell),
    lengthMm: (behind + Math.max(0, ahead)) * mmPerCell(fit, cell),
    isInside: ahead > AHEAD_MAX && ahead > AHEAD_SHARE_MAX * behind,
    isEntry: tipOut < ENTRY_NEAR && farOut > TIP_FAR,
    inwardOdds: Math.max(-ODDS_MAX, Math.min(ODDS_MAX, odds)),
  };
}

/** Where a line without a tip comes in: −1 at its `from`, 1 at its `to`, 0 where unknown. */
export function entryEnd(fit: LineFit, border: EchoBorder): -1 | 0 | 1 {
  const { x, y, directionX: dx, directionY: dy, from, to } = fit;
  const fromOut = distanceToBorder(x + from * dx, y + from * dy, -dx, -dy, border);
  const toOut = distanceToBorder(x + to * dx, y + to * dy, dx, dy, border);
  const isFrom = fromOut < ENTRY_NEAR && toOut > TIP_FAR;
  const isTo = toOut < ENTRY_NEAR && fromOut > TIP_FAR;
  return isFrom ? -1 : isTo ? 1 : 0;
}

/** Length of a step of one cell along a line, mm. */
export function mmPerCell(fit: LineFit, cell: CellSize): number {
  return Math.hypot(fit.directionX * cell.xMm, fit.directionY * cell.yMm);
}

/** Distance of a point from a line, mm. */
function offLineMm(x: number, y: number, fit: LineFit, cell: CellSize): number {
  const axisX = fit.directionX * cell.xMm;
  const axisY = fit.directionY * cell.yMm;
  const dx = (x - fit.x) * cell.xMm;
  const dy = (y - fit.y) * cell.yMm;
  return Math.abs(dx * axisY - dy * axisX) / Math.hypot(axisX, axisY);
}
