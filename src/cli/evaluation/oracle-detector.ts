import { type PointPx, pointAt, type SegmentPx } from '../../domain/geometry.js';
import type { GroundTruth, NeedleTruth } from '../../domain/ground-truth.js';
import { RADIUS90_PER_SIGMA } from '../../domain/needle.js';
import { distanceMm, type Spacing } from '../../domain/spacing.js';
import { STRUCTURE_CLASSES } from '../../domain/structure.js';
import { createRandom, type Random } from '../../phantom/random.js';
import type { FrameReading, NeedleReading, TipCandidate } from '../../pipeline/frame-context.js';
import { createContourOracle } from './oracle-contours.js';

/** How an oracle errs. Rates are per frame, lengths standard deviations. */
export interface OracleNoise {
  /** A visible tip that is not found, though its shaft is. */
  readonly missRate: number;
  /** A frame in which nothing of the needle is found. */
  readonly blindRate: number;
  /** Error of the tip that is new in every frame. */
  readonly alongMm: number;
  readonly acrossMm: number;
  /** Error that lasts, as a network's does on one echo; its correlation falls to 1/e in 0.5 s. */
  readonly driftMm: number;
  /** Angle of the shaft, degrees. */
  readonly angleDeg: number;
  /** A second place beside the tip; half of the time it ranks first. */
  readonly rivalRate: number;
  /** The visible end of a shaft whose tip is hidden is taken for the tip. */
  readonly hiddenTipRate: number;
  /** A tip in a frame without a needle. */
  readonly falseTipRate: number;
  /** A contour that is displaced, and one that is missed. */
  readonly contourMm: number;
  readonly structureMissRate: number;
}

/**
 * Along the shaft as the shipped network's where it finds the tip (68 % of its errors on held-out
 * clips are within 0.29 mm along the shaft and 0.07 mm across); the rates are chosen, not measured.
 */
export const ORACLE_NOISE: OracleNoise = {
  missRate: 0.05,
  blindRate: 0.01,
  alongMm: 0.3,
  acrossMm: 0.15,
  driftMm: 0,
  angleDeg: 1,
  rivalRate: 0.05,
  hiddenTipRate: 0.05,
  falseTipRate: 0.01,
  contourMm: 0.3,
  structureMissRate: 0.03,
};

/** Reads frames from their truth, in place of infer and postprocess. */
export interface OracleDetector {
  /**
   * What a network that errs like this would have read; in pixels of the truth's image.
   *
   * @param elapsedS - since the frame before
   */
  detect(truth: GroundTruth, elapsedS: number): FrameReading;
}

/** How long a drift of the error lasts, s. */
const DRIFT_LASTS_S = 0.5;
/** A stretch of shaft that is seen worse than this is not seen. */
const VISIBLE_MIN = 0.35;
const SCORE = 0.85;
const RIVAL_SCORE = 0.6;
const IMAGE_QUALITY_MIN = 0.3;
const CONTACT_MIN = 0.5;

/**
 * Makes an oracle: it knows the truth and adds seeded errors, so that the tracker and the guidance
 * can be judged apart from the network.
 */
export function createOracleDetector(
  seed: number,
  noise: OracleNoise = ORACLE_NOISE,
): OracleDetector {
  const random = createRandom(seed).fork('oracle');
  const outline = { biasMm: 0, sigmaMm: noise.contourMm };
  const both = { sure: outline, unsure: outline };
  const outlineErrors = Object.fromEntries(STRUCTURE_CLASSES.map((name) => [name, both]));
  const lastingMm2 = noise.driftMm ** 2;
  const tipErrorLasting = lastingMm2 / Math.max(1e-9, lastingMm2 + noise.alongMm ** 2);
  const contours = createContourOracle(random.fork('contours'), noise);
  let drift = { along: random.gaussian(), across: random.gaussian() };
  return {
    detect: (truth, elapsedS) => {
      const kept = Math.exp(-elapsedS / DRIFT_LASTS_S);
      const fresh = Math.sqrt(1 - kept * kept);
      drift = {
        along: kept * drift.along + fresh * random.gaussian(),
        across: kept * drift.across + fresh * random.gaussian(),
      };
      return {
        needle: readNeedle(truth, noise, drift, random),
        structures: contours(truth),
        outlineErrors,
        tipErrorLasting,
        imageQuality: truth.imageQuality,
        isImageQualityLow: truth.imageQuality < IMAGE_QUALITY_MIN,
        isContactLost: truth.contact < CONTACT_MIN,
      };
    },
  };
}

const NOTHING: NeedleReading = {
  evidence: 'none',
  present: 0.02,
  candidates: [],
  shaft: null,
  angleDeg: null,
};

function readNeedle(
  { needle, spacing, labels }: GroundTruth,
  noise: OracleNoise,
  drift: { readonly along: number; readonly across: number },
  random: Random,
): NeedleReading {
  if (needle === null) {
    return random.chance(noise.falseTipRate) ? falseTip(labels, spacing, noise, random) : NOTHING;
  }
  if (random.chance(noise.blindRate)) return NOTHING;
  if (needle.approach === 'out-of-plane' || needle.shaft === null) {
    return { ...NOTHING, evidence: 'dot', present: 0.9 };
  }
  const seen = visiblePart(needle, needle.shaft);
  if (seen === null) return NOTHING;
  const isFound = needle.tipVisible && !random.chance(noise.missRate);
  if (!isFound && !(!needle.tipVisible && random.chance(noise.hiddenTipRate))) {
    return shaftReading(turned(seen, noise, spacing, random), spacing);
  }
  const to = needle.tipVisible ? needle.tip : seen.to;
  const from = turned({ from: seen.from, to }, noise, spacing, random).from;
  const along = noise.alongMm * random.gaussian() + noise.driftMm * drift.along;
  const across = noise.acrossMm * random.gaussian() + noise.driftMm * drift.across;
  const tip = tipAt(displaced({ from, to }, along, across, spacing), from, SCORE, noise, spacing);
  const candidates = [tip];
  if (random.chance(noise.rivalRate)) {
    const share = random.range(0.1, 0.8);
    const place = pointAt({ from: seen.from, to }, share);
    const isFirst = random.chance(0.5);
    const rival = tipAt(place, from, isFirst ? SCORE : RIVAL_SCORE, noise, spacing);
    if (isFirst) candidates.unshift(rival);
    else candidates.push(rival);
  }
  const shaft = { from, to: candidates[0]?.point ?? to };
  return { ...shaftReading(shaft, spacing), evidence: 'tip', candidates };
}

/** A tip with a shaft of 10 mm where there is no needle at all. */
function falseTip(
  { widthPx, heightPx }: GroundTruth['labels'],
  spacing: Spacing,
  noise: OracleNoise,
  random: Random,
): NeedleReading {
  const point = { xPx: random.range(0, widthPx - 1), yPx: random.range(0, heightPx - 1) };
  const angle = random.range(0, Math.PI);
  const from = {
    xPx: point.xPx - (10 * Math.cos(angle)) / spacing.xMm,
    yPx: point.yPx - (10 * Math.sin(angle)) / spacing.yMm,
  };
  const candidates = [tipAt(point, from, RIVAL_SCORE, noise, spacing)];
  return { ...shaftReading({ from, to: point }, spacing), evidence: 'tip', candidates };
}

function shaftReading(shaft: SegmentPx, spacing: Spacing): NeedleReading {
  const dx = Math.abs(shaft.to.xPx - shaft.from.xPx) * spacing.xMm;
  const dy = Math.abs(shaft.to.yPx - shaft.from.yPx) * spacing.yMm;
  const angleDeg = (Math.atan2(dy, dx) * 180) / Math.PI;
  return { evidence: 'shaft', present: 0.95, candidates: [], shaft, angleDeg };
}

function tipAt(
  point: PointPx,
  shaftFrom: PointPx,
  score: number,
  noise: OracleNoise,
  { xMm, yMm }: Spacing,
): TipCandidate {
  const mmPerPx = Math.sqrt(xMm * yMm);
  const along = Math.hypot(noise.alongMm, noise.driftMm);
  const across = Math.hypot(noise.acrossMm, noise.driftMm);
  return {
    point,
    shaftFrom,
    score,
    isTip: true,
    sigmaAlongPx: along / mmPerPx,
    sigmaAcrossPx: across / mmPerPx,
    radius90Px: (RADIUS90_PER_SIGMA * Math.max(along, across)) / mmPerPx,
  };
}

/** From the first to the last stretch of shaft that can be seen; null when none can. */
function visiblePart({ shaftVisibility }: NeedleTruth, shaft: SegmentPx): SegmentPx | null {
  const isSeen = (visibility: number): boolean => visibility >= VISIBLE_MIN;
  const first = shaftVisibility.findIndex(isSeen);
  const last = shaftVisibility.findLastIndex(isSeen);
  if (last <= first) return null;
  const at = (index: number): PointPx => pointAt(shaft, index / (shaftVisibility.length - 1));
  return { from: at(first), to: at(last) };
}

/** The shaft with its far end moved sideways, as an error of its angle does. */
function turned(shaft: SegmentPx, noise: OracleNoise, spacing: Spacing, random: Random): SegmentPx {
  const lengthMm = distanceMm(shaft.to, shaft.from, spacing);
  const sideMm = lengthMm * ((noise.angleDeg * Math.PI) / 180) * random.gaussian();
  return { from: displaced({ from: shaft.to, to: shaft.from }, 0, sideMm, spacing), to: shaft.to };
}

/** The end of a segment, moved along it and across it. */
function displaced(
  { from, to }: SegmentPx,
  alongMm: number,
  acrossMm: number,
  { xMm, yMm }: Spacing,
): PointPx {
  const dx = (to.xPx - from.xPx) * xMm;
  const dy = (to.yPx - from.yPx) * yMm;
  const length = Math.hypot(dx, dy) || 1;
  const x = (alongMm * dx - acrossMm * dy) / length;
  const y = (alongMm * dy + acrossMm * dx) / length;
  return { xPx: to.xPx + x / xMm, yPx: to.yPx + y / yMm };
}
