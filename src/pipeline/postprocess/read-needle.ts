import { type Affine, applyAffine, invertAffine } from '../../domain/affine.js';
import type { PointPx, SegmentPx } from '../../domain/geometry.js';
import type { ModelManifest } from '../../domain/model-manifest.js';
import type { GridSize, Kernels, LineFit } from '../../kernels/kernels.js';
import type {
  FrameContext,
  HeadOutputs,
  NeedleEvidence,
  NeedleReading,
  TipCandidate,
} from '../frame-context.js';
import { cellToTensor, sigmoid } from './cells.js';
import { isClearShaft } from './clear-shaft.js';
import { type EchoBorder, echoBorder } from './echo-border.js';
import { createShaftReader, type ShaftPiece, type ShaftReader } from './read-shaft.js';
import { type CellSize, entryEnd, mmPerCell, placeOnShaft, type TipPlace } from './tip-place.js';

/** Peaks of the heat map that are looked at. */
const CANDIDATES_MAX = 3;
/**
 * Bounds of the logarithms of sigma, cells: the network must not claim a perfect or endless tip.
 */
const LN_SIGMA_MIN = -4;
const LN_SIGMA_MAX = 3;
/** Farthest a cell may place its tip from itself, cells. */
const OFFSET_MAX = 2;
/** A shaft flatter than this has no deeper end (sine of its angle on the tensor). */
const HORIZONTAL = 0.05;

/**
 * Another place this far from the best one, mm, and with this share of its heat makes both
 * doubtful: where a tip is seen, nothing else comes near to it. On the training phantom, frame by
 * frame and with the weights of version 0.1, this took 0.3 % of the right tips, 21 % of those on
 * frames without a needle, 39 % of those far from a hidden tip, and 86 % of those elsewhere than
 * the visible one.
 */
const APART_MM = 3;
const DOUBT_SHARE = 0.64;
/** Not so one behind it on its shaft where the border speaks for the best one: a ratio of two. */
const CLEAR_ODDS = 0.7;
/** Which peaks are on the same shaft: across its line, cells, and per cell along it, for a bow. */
const SAME_SHAFT = 1.5;
const SAME_SHAFT_PER_CELL = 0.15;

/** A candidate in cells, with what ranks it. */
interface Peak {
  readonly x: number;
  readonly y: number;
  readonly heat: number;
  readonly sigmaAlong: number;
  readonly sigmaAcross: number;
  /** The shaft that leads to it, and where on it the candidate is; null without one. */
  readonly piece: ShaftPiece | null;
  readonly place: TipPlace | null;
}

/** Reads the needle of one frame from the tip, shaft and frame heads. */
export type NeedleReader = (heads: HeadOutputs, context: FrameContext) => NeedleReading;

/**
 * Makes a reader of the needle heads.
 *
 * The tip is a peak of the heat map, refined by its offsets and drawn onto the shaft line near it.
 * A bright spot off every shaft, one inside a shaft and one where the needle enters the image are
 * not tips (`tip-place.ts`): on real frames that removes more false tips than any threshold
 * (../shared/notes/ml.md 4.6). The same rules, in Python, calibrate the thresholds.
 */
export function createNeedleReader(
  manifest: ModelManifest,
  kernels: Kernels,
  size: GridSize,
): NeedleReader {
  const shaftReader = createShaftReader(manifest, kernels, size);
  const cells = new Int32Array(CANDIDATES_MAX);
  const { thresholds, calibration, stridePx } = manifest;
  const { clearShaft } = thresholds;
  const heatLogitMin = Math.log(thresholds.tipHeat / (1 - thresholds.tipHeat));
  const mayBeTip = ({ place }: Peak): boolean =>
    place !== null &&
    place.offShaftMm <= thresholds.tipOffShaftMm &&
    place.lengthMm >= thresholds.shaftLengthMm &&
    !place.isInside &&
    !place.isEntry;
  return (heads, context) => {
    const present = sigmoid(heads.frame[0] / calibration.needlePresentTemperature);
    const isPresent = present >= thresholds.needlePresent;
    const isInPlane = sigmoid(heads.frame[1]) >= thresholds.tipInPlane;
    const line = shaftReader.read(heads.shaft);
    const cell = cellSizeOf(manifest, context);
    const border = echoBorder(context, stridePx);
    const count = kernels.findPeaks(heads.tip, size, heatLogitMin, cells);
    const peaks: Peak[] = [];
    for (let index = 0; index < count; index++) {
      peaks.push(readPeak(heads.tip, size, cells[index], shaftReader, border, cell));
    }
    peaks.sort((a, b) => Number(mayBeTip(b)) - Number(mayBeTip(a)) || rankOf(b) - rankOf(a));
    const isDoubtful = peaks.some((peak) => contests(peak, peaks[0], cell));
    const tensorToImage = invertAffine(context.imageToTensor);
    const candidates = peaks.map((peak): TipCandidate => {
      const score = Math.sqrt(peak.heat * present);
      const isTip = isPresent && isInPlane && mayBeTip(peak) && score >= thresholds.tipScore;
      return candidateOf(peak, score, isTip, manifest, tensorToImage);
    });
    const best = candidates[0];
    const isLong =
      line !== null && (line.to - line.from) * mmPerCell(line, cell) >= thresholds.shaftLengthMm;
    const isDot = !isInPlane && (best?.score ?? 0) >= thresholds.tipScore;
    const isShaft = isPresent
      ? isLong
      : line !== null &&
        clearShaft !== undefined &&
        present >= clearShaft.needlePresent &&
        isClearShaft(line, heads.shaft, size, cell, clearShaft);
    const isTip = (best?.isTip ?? false) && !isDoubtful;
    const evidence = weigh(isTip, isShaft, isPresent && isDot);
    let shaft: SegmentPx | null = null;
    if (evidence === 'tip' && best !== undefined && best.shaftFrom !== null) {
      shaft = { from: best.shaftFrom, to: best.point };
    } else if (evidence === 'shaft' && line !== null) {
      shaft = segmentOf(line, entryEnd(line, border), manifest, tensorToImage);
    }
    const angleDeg = shaft === null ? null : angleOf(shaft, context);
    return { evidence, present, candidates, shaft, angleDeg };
  };
}

function weigh(isTip: boolean, isShaft: boolean, isDot: boolean): NeedleEvidence {
  if (isTip) return 'tip';
  if (isShaft) return 'shaft';
  return isDot ? 'dot' : 'none';
}

/** Heat, and how much the border speaks for this end of its shaft, as logarithms of odds. */
function rankOf({ heat, place }: Peak): number {
  return Math.log(heat / (1 - heat)) + (place?.inwardOdds ?? 0);
}

/** Whether a peak makes the best one doubtful. The entry end of its own shaft does not. */
function contests(other: Peak, best: Peak, cell: CellSize): boolean {
  const dx = other.x - best.x;
  const dy = other.y - best.y;
  const isApart = Math.hypot(dx * cell.xMm, dy * cell.yMm) > APART_MM;
  if (!isApart || other.heat <= DOUBT_SHARE * best.heat || other.place?.isEntry) return false;
  if (best.piece === null || best.place === null) return true;
  const { far, fit } = best.piece;
  const along = dx * fit.directionX + dy * fit.directionY;
  const farAlong = (far.x - best.x) * fit.directionX + (far.y - best.y) * fit.directionY;
  const across = Math.abs(dy * fit.directionX - dx * fit.directionY);
  const isBehind = along * farAlong > 0;
  const isOnShaft = across <= SAME_SHAFT + SAME_SHAFT_PER_CELL * Math.abs(along);
  return !(isBehind && isOnShaft && best.place.inwardOdds >= CLEAR_ODDS);
}

function cellSizeOf(manifest: ModelManifest, context: FrameContext): CellSize {
  const { gateSpacing, imageToTensor } = context;
  return {
    xMm: (manifest.stridePx * gateSpacing.xMm) / Math.abs(imageToTensor.a),
    yMm: (manifest.stridePx * gateSpacing.yMm) / Math.abs(imageToTensor.d),
  };
}

function readPeak(
  tip: Float32Array,
  size: GridSize,
  cell: number,
  shaftReader: ShaftReader,
  border: EchoBorder,
  cellSize: CellSize,
): Peak {
  const cells = size.width * size.height;
  const channel = (index: number): number => tip[index * cells + cell];
  const column = cell % size.width;
  const x = column + clamp(channel(1), -OFFSET_MAX, OFFSET_MAX);
  const y = (cell - column) / size.width + clamp(channel(2), -OFFSET_MAX, OFFSET_MAX);
  const piece = shaftReader.at(x, y);
  return {
    x,
    y,
    heat: sigmoid(channel(0)),
    sigmaAlong: Math.exp(clamp(channel(3), LN_SIGMA_MIN, LN_SIGMA_MAX)),
    sigmaAcross: Math.exp(clamp(channel(4), LN_SIGMA_MIN, LN_SIGMA_MAX)),
    piece,
    place: piece === null ? null : placeOnShaft(x, y, piece, border, cellSize),
  };
}

/**
 * Draws the peak towards the line, by how much better the line is known across its direction than
 * the peak is, and maps it to image pixels.
 */
function candidateOf(
  peak: Peak,
  score: number,
  isTip: boolean,
  manifest: ModelManifest,
  tensorToImage: Affine,
): TipCandidate {
  const { piece } = peak;
  let { x, y } = peak;
  if (isTip && piece !== null) {
    const { fit } = piece;
    const across = (y - fit.y) * fit.directionX - (x - fit.x) * fit.directionY;
    const variance = peak.sigmaAcross * peak.sigmaAcross;
    const share = variance / (variance + fit.spread * fit.spread);
    x += share * across * fit.directionY;
    y -= share * across * fit.directionX;
  }
  const cellPx = manifest.stridePx * Math.sqrt(Math.abs(tensorToImage.a * tensorToImage.d));
  const sigma = Math.sqrt(peak.sigmaAlong * peak.sigmaAcross);
  const inImage = (cellX: number, cellY: number): PointPx =>
    applyAffine(tensorToImage, cellToTensor(cellX, cellY, manifest.stridePx));
  return {
    point: inImage(x, y),
    shaftFrom: piece === null ? null : inImage(piece.far.x, piece.far.y),
    score,
    isTip,
    sigmaAlongPx: peak.sigmaAlong * cellPx,
    sigmaAcrossPx: peak.sigmaAcross * cellPx,
    radius90Px: manifest.calibration.radius90PerSigma * sigma * cellPx,
  };
}

/**
 * A shaft without a tip, from its entry side. Where the border does not tell the ends apart, the
 * deeper end is taken as the far one, because needles come from the skin, and of a level shaft the
 * end that is farther from the image's sides.
 */
function segmentOf(
  fit: LineFit,
  entry: -1 | 0 | 1,
  manifest: ModelManifest,
  tensorToImage: Affine,
): SegmentPx {
  const at = (along: number): PointPx =>
    cellToTensor(fit.x + along * fit.directionX, fit.y + along * fit.directionY, manifest.stridePx);
  const ends = [at(fit.from), at(fit.to)] as const;
  let farIsSecond: boolean;
  if (entry !== 0) {
    farIsSecond = entry < 0;
  } else if (Math.abs(fit.directionY) > HORIZONTAL) {
    farIsSecond = ends[1].yPx > ends[0].yPx;
  } else {
    const middle = (manifest.input.shape[3] - 1) / 2;
    farIsSecond = Math.abs(ends[1].xPx - middle) <= Math.abs(ends[0].xPx - middle);
  }
  const [from, to] = farIsSecond ? ends : [ends[1], ends[0]];
  return { from: applyAffine(tensorToImage, from), to: applyAffine(tensorToImage, to) };
}

function angleOf(segment: SegmentPx, context: FrameContext): number {
  const { gateSpacing } = context;
  const dx = Math.abs(segment.to.xPx - segment.from.xPx) * gateSpacing.xMm;
  const dy = Math.abs(segment.to.yPx - segment.from.yPx) * gateSpacing.yMm;
  return (Math.atan2(dy, dx) * 180) / Math.PI;
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value));
}
