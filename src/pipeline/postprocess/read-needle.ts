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
import { createShaftReader } from './read-shaft.js';

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

/** A line with its scale: cells and mm. */
interface Shaft {
  readonly fit: LineFit;
  readonly lengthMm: number;
  /** mm per cell, x and y. */
  readonly cellXMm: number;
  readonly cellYMm: number;
}

/** A candidate in cells, with what ranks it. */
interface Peak {
  readonly x: number;
  readonly y: number;
  readonly heat: number;
  readonly offShaftMm: number;
  readonly sigmaAlong: number;
  readonly sigmaAcross: number;
}

/** Reads the needle of one frame from the tip, shaft and frame heads. */
export type NeedleReader = (heads: HeadOutputs, context: FrameContext) => NeedleReading;

/**
 * Makes a reader of the needle heads.
 *
 * The tip is a peak of the heat map, refined by its offsets and drawn onto the fitted shaft line. A
 * bright spot off the line is not a tip: on real frames that rule removes more false tips than any
 * threshold (../shared/notes/ml.md 4.6). The same rules, in Python, calibrate the thresholds.
 */
export function createNeedleReader(
  manifest: ModelManifest,
  kernels: Kernels,
  size: GridSize,
): NeedleReader {
  const shaftReader = createShaftReader(manifest, kernels, size);
  const peaks = new Int32Array(CANDIDATES_MAX);
  const { thresholds, calibration } = manifest;
  const heatLogitMin = Math.log(thresholds.tipHeat / (1 - thresholds.tipHeat));
  return (heads, context) => {
    const present = sigmoid(heads.frame[0] / calibration.needlePresentTemperature);
    const inPlane = sigmoid(heads.frame[1]);
    const shaft = scaleShaft(shaftReader.read(heads.shaft), manifest, context);
    const count = kernels.findPeaks(heads.tip, size, heatLogitMin, peaks);
    const found: Peak[] = [];
    for (let index = 0; index < count; index++) {
      found.push(readPeak(heads.tip, size, peaks[index], shaft));
    }
    const isNear = (peak: Peak): boolean => peak.offShaftMm <= thresholds.tipOffShaftMm;
    found.sort((a, b) => Number(isNear(b)) - Number(isNear(a)) || b.heat - a.heat);
    const isLong = shaft !== null && shaft.lengthMm >= thresholds.shaftLengthMm;
    const isPresent = present >= thresholds.needlePresent;
    const tensorToImage = invertAffine(context.imageToTensor);
    const candidates = found.map((peak): TipCandidate => {
      const score = Math.sqrt(peak.heat * present);
      const isInPlane = inPlane >= thresholds.tipInPlane;
      const isTip =
        isPresent && isInPlane && isLong && isNear(peak) && score >= thresholds.tipScore;
      return candidateOf(peak, score, isTip, shaft, manifest, tensorToImage);
    });
    const best = candidates[0];
    const isDot = inPlane < thresholds.tipInPlane && (best?.score ?? 0) >= thresholds.tipScore;
    const evidence = weigh(isPresent, best?.isTip ?? false, isLong, isDot);
    const tip = evidence === 'tip' ? (best?.point ?? null) : null;
    const isShown = evidence === 'tip' || evidence === 'shaft';
    const segment = isShown && shaft ? segmentOf(shaft.fit, tip, manifest, context) : null;
    return {
      evidence,
      present,
      candidates,
      shaft: segment,
      angleDeg: segment === null ? null : angleOf(segment, context),
    };
  };
}

function weigh(
  isPresent: boolean,
  isTip: boolean,
  isLong: boolean,
  isDot: boolean,
): NeedleEvidence {
  if (!isPresent) return 'none';
  if (isTip) return 'tip';
  if (isLong) return 'shaft';
  return isDot ? 'dot' : 'none';
}

function scaleShaft(
  fit: LineFit | null,
  manifest: ModelManifest,
  context: FrameContext,
): Shaft | null {
  if (fit === null) return null;
  const { gateSpacing, imageToTensor } = context;
  const cellXMm = (manifest.stridePx * gateSpacing.xMm) / Math.abs(imageToTensor.a);
  const cellYMm = (manifest.stridePx * gateSpacing.yMm) / Math.abs(imageToTensor.d);
  const mmPerCell = Math.hypot(fit.directionX * cellXMm, fit.directionY * cellYMm);
  return { fit, lengthMm: (fit.to - fit.from) * mmPerCell, cellXMm, cellYMm };
}

function readPeak(tip: Float32Array, size: GridSize, cell: number, shaft: Shaft | null): Peak {
  const cells = size.width * size.height;
  const channel = (index: number): number => tip[index * cells + cell];
  const column = cell % size.width;
  const x = column + clamp(channel(1), -OFFSET_MAX, OFFSET_MAX);
  const y = (cell - column) / size.width + clamp(channel(2), -OFFSET_MAX, OFFSET_MAX);
  return {
    x,
    y,
    heat: sigmoid(channel(0)),
    offShaftMm: shaft === null ? Number.POSITIVE_INFINITY : offLineMm(x, y, shaft),
    sigmaAlong: Math.exp(clamp(channel(3), LN_SIGMA_MIN, LN_SIGMA_MAX)),
    sigmaAcross: Math.exp(clamp(channel(4), LN_SIGMA_MIN, LN_SIGMA_MAX)),
  };
}

/** Distance of a point from the line, mm; pixels need not be square. */
function offLineMm(x: number, y: number, shaft: Shaft): number {
  const { fit, cellXMm, cellYMm } = shaft;
  const axisX = fit.directionX * cellXMm;
  const axisY = fit.directionY * cellYMm;
  const dx = (x - fit.x) * cellXMm;
  const dy = (y - fit.y) * cellYMm;
  return Math.abs(dx * axisY - dy * axisX) / Math.hypot(axisX, axisY);
}

/**
 * Draws the peak towards the line, by how much better the line is known across its direction than
 * the peak is, and maps it to image pixels.
 */
function candidateOf(
  peak: Peak,
  score: number,
  isTip: boolean,
  shaft: Shaft | null,
  manifest: ModelManifest,
  tensorToImage: Affine,
): TipCandidate {
  let { x, y } = peak;
  if (isTip && shaft !== null) {
    const { fit } = shaft;
    const across = (y - fit.y) * fit.directionX - (x - fit.x) * fit.directionY;
    const variance = peak.sigmaAcross * peak.sigmaAcross;
    const share = variance / (variance + fit.spread * fit.spread);
    x += share * across * fit.directionY;
    y -= share * across * fit.directionX;
  }
  const cellPx = manifest.stridePx * Math.sqrt(Math.abs(tensorToImage.a * tensorToImage.d));
  const sigma = Math.sqrt(peak.sigmaAlong * peak.sigmaAcross);
  return {
    point: applyAffine(tensorToImage, cellToTensor(x, y, manifest.stridePx)),
    score,
    isTip,
    sigmaAlongPx: peak.sigmaAlong * cellPx,
    sigmaAcrossPx: peak.sigmaAcross * cellPx,
    radius90Px: manifest.calibration.radius90PerSigma * sigma * cellPx,
  };
}

/**
 * The visible shaft from its entry side. The tip tells the ends apart; without one the deeper end
 * is taken as the far one, because needles come from the skin, and of a level shaft the end that is
 * farther from the image's sides.
 */
function segmentOf(
  fit: LineFit,
  tip: PointPx | null,
  manifest: ModelManifest,
  context: FrameContext,
): SegmentPx {
  const at = (along: number): PointPx =>
    cellToTensor(fit.x + along * fit.directionX, fit.y + along * fit.directionY, manifest.stridePx);
  const { imageToTensor } = context;
  const tensorToImage = invertAffine(imageToTensor);
  const ends = [at(fit.from), at(fit.to)] as const;
  let farIsSecond: boolean;
  if (tip !== null) {
    const tipOnTensor = applyAffine(imageToTensor, tip);
    farIsSecond = distance(tipOnTensor, ends[1]) <= distance(tipOnTensor, ends[0]);
  } else if (Math.abs(fit.directionY) > HORIZONTAL) {
    farIsSecond = ends[1].yPx > ends[0].yPx;
  } else {
    const middle = (manifest.input.shape[3] - 1) / 2;
    farIsSecond = Math.abs(ends[1].xPx - middle) <= Math.abs(ends[0].xPx - middle);
  }
  const from = applyAffine(tensorToImage, farIsSecond ? ends[0] : ends[1]);
  return { from, to: tip ?? applyAffine(tensorToImage, farIsSecond ? ends[1] : ends[0]) };
}

function angleOf(segment: SegmentPx, context: FrameContext): number {
  const { gateSpacing } = context;
  const dx = Math.abs(segment.to.xPx - segment.from.xPx) * gateSpacing.xMm;
  const dy = Math.abs(segment.to.yPx - segment.from.yPx) * gateSpacing.yMm;
  return (Math.atan2(dy, dx) * 180) / Math.PI;
}

function distance(a: PointPx, b: PointPx): number {
  return Math.hypot(a.xPx - b.xPx, a.yPx - b.yPx);
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value));
}
