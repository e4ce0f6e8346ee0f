import type { PointPx } from '../../domain/geometry.js';
import type { NeedleTruth } from '../../domain/ground-truth.js';
import { columnAt, rowAt } from '../beam-grid.js';
import type { NeedlePose } from '../motion.js';
import type { NeedleEcho } from '../needle-echo.js';
import type { CompositeGeometry } from './composite-needle.js';
import type { EchoBlend } from './echo-blend.js';
import type { StillCanvas } from './still-canvas.js';

/** Positions along the shaft at which its visibility is stated. */
const SHAFT_SAMPLES = 16;
/** Contrast and level from which a tip shows; the phantom's own thresholds. */
const TIP_CONTRAST_DB = 4;
const TIP_LEVEL = 28;

/** One frame as drawn: gray levels of the moved still without and with the needle, image px. */
export interface DrawnComposite {
  readonly pose: NeedlePose;
  readonly echo: NeedleEcho;
  readonly before: Float32Array;
  readonly after: Float32Array;
}

/** The needle's truth; null when nothing of it is inside the echo data. */
export function compositeTruth(
  geometry: CompositeGeometry,
  canvas: StillCanvas,
  blend: EchoBlend,
  drawn: DrawnComposite,
): NeedleTruth | null {
  const { pose, echo } = drawn;
  const tip = toPixel(geometry, pose.tipXMm, pose.tipZMm);
  const tipContrastDb = contrastDb(geometry, blend, drawn, tip, echo.tipAmplitude());
  if (pose.approach === 'out-of-plane') {
    if (!isInEcho(canvas, tip) || tipContrastDb < 0) return null;
    return { tip, tipVisible: false, approach: 'out-of-plane', shaft: null, shaftVisibility: [] };
  }
  const span = shownSpan(geometry, canvas, pose);
  if (span === null) return null;
  const shaftVisibility: number[] = [];
  for (let sample = 0; sample < SHAFT_SAMPLES; sample++) {
    const share = span.from + ((span.to - span.from) * sample) / (SHAFT_SAMPLES - 1);
    const point = shaftPoint(geometry, pose, share);
    const contrast = contrastDb(geometry, blend, drawn, point, shaftAmplitude(echo, pose, share));
    const level = levelNear(geometry, drawn.after, point);
    shaftVisibility.push(Math.min(1, Math.max(0, contrast / 10)) * Math.min(1, level / 40));
  }
  const endContrastDb = contrastDb(geometry, blend, drawn, tip, shaftAmplitude(echo, pose, 0.995));
  return {
    tip,
    tipVisible:
      isInEcho(canvas, tip) &&
      Math.max(tipContrastDb, endContrastDb) >= TIP_CONTRAST_DB &&
      levelNear(geometry, drawn.after, tip) >= TIP_LEVEL,
    approach: 'in-plane',
    shaft: {
      from: shaftPoint(geometry, pose, span.from),
      to: shaftPoint(geometry, pose, span.to),
    },
    shaftMiddle: shaftPoint(geometry, pose, 0.5 * (span.from + span.to)),
    shaftVisibility,
  };
}

export function toPixel(geometry: CompositeGeometry, xMm: number, zMm: number): PointPx {
  return { xPx: columnAt(geometry.grid, xMm, zMm), yPx: rowAt(geometry.grid, xMm, zMm) };
}

/** A point of the bowed shaft; `share` runs from entry to tip. */
function shaftPoint(geometry: CompositeGeometry, pose: NeedlePose, share: number): PointPx {
  const deeper = pose.directionX >= 0 ? 1 : -1;
  const bow = deeper * 4 * pose.bowMm * share * (1 - share);
  return toPixel(
    geometry,
    pose.entryXMm + pose.directionX * pose.lengthMm * share - bow * pose.directionZ,
    pose.entryZMm + pose.directionZ * pose.lengthMm * share + bow * pose.directionX,
  );
}

function isInEcho(canvas: StillCanvas, point: PointPx): boolean {
  const row = Math.round(point.yPx);
  if (row < 0 || row >= canvas.from.length) return false;
  const from = canvas.from[row] as number;
  const to = canvas.to[row] as number;
  return point.xPx >= from && point.xPx <= to - 1;
}

/** Shares of the shaft between which it is inside the echo data; null below a millimetre. */
function shownSpan(
  geometry: CompositeGeometry,
  canvas: StillCanvas,
  pose: NeedlePose,
): { readonly from: number; readonly to: number } | null {
  const steps = 300;
  let from = -1;
  let to = -1;
  for (let step = 0; step <= steps; step++) {
    if (!isInEcho(canvas, shaftPoint(geometry, pose, step / steps))) continue;
    if (from < 0) from = step / steps;
    to = step / steps;
  }
  return from < 0 || (to - from) * pose.lengthMm < 1 ? null : { from, to };
}

function shaftAmplitude(echo: NeedleEcho, pose: NeedlePose, share: number): number {
  const { profile } = echo;
  if (profile.count === 0) return 0;
  const step = Math.round((share * pose.lengthMm) / profile.stepMm);
  return profile.amplitude[Math.min(profile.count - 1, step)] as number;
}

/** The echo against the mean power of the still around a point, dB. */
function contrastDb(
  geometry: CompositeGeometry,
  blend: EchoBlend,
  drawn: DrawnComposite,
  point: PointPx,
  amplitude: number,
): number {
  const { columns, rows } = geometry.grid;
  const x0 = Math.round(point.xPx);
  const y0 = Math.round(point.yPx);
  let sum = 0;
  let count = 0;
  for (let y = Math.max(0, y0 - 6); y <= Math.min(rows - 1, y0 + 6); y += 2) {
    for (let x = Math.max(0, x0 - 6); x <= Math.min(columns - 1, x0 + 6); x += 2) {
      const level = drawn.before[y * columns + x] as number;
      sum += Math.exp(2 * blend.neperPerLevel * (level - blend.tissueLevel));
      count++;
    }
  }
  if (count === 0) return Number.NEGATIVE_INFINITY;
  return 10 * Math.log10((amplitude * amplitude + 1e-30) / (sum / count));
}

/** The brightest level within two pixels. */
function levelNear(geometry: CompositeGeometry, levels: Float32Array, point: PointPx): number {
  const { columns, rows } = geometry.grid;
  const x0 = Math.round(point.xPx);
  const y0 = Math.round(point.yPx);
  let most = 0;
  for (let y = Math.max(0, y0 - 2); y <= Math.min(rows - 1, y0 + 2); y++) {
    for (let x = Math.max(0, x0 - 2); x <= Math.min(columns - 1, x0 + 2); x++) {
      most = Math.max(most, levels[y * columns + x] as number);
    }
  }
  return most;
}
