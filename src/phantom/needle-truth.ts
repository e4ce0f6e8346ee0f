import type { PointPx } from '../domain/geometry.js';
import type { NeedleTruth } from '../domain/ground-truth.js';
import { type BeamGrid, columnAt, rowAt } from './beam-grid.js';
import { type NeedlePose, shaftPointAt } from './motion.js';
import type { NeedleEcho } from './needle-echo.js';
import { isInView, type ProbeView } from './probe-view.js';
import type { Receiver } from './receiver.js';
import { type ScreenMap, toScreen } from './screen-layout.js';

/** Positions along the shaft at which its visibility is stated. */
const SHAFT_SAMPLES = 16;
/** A tip shows when it is this much brighter than the tissue and noise around it … */
const TIP_CONTRAST_DB = 5;
/** … and at least this bright, 0 to 255, before the gray map and after it. */
const TIP_LEVEL = 28;
const TIP_GRAY = 16;

/** What was drawn, before the screen. All arrays are on the view's grid. */
export interface DrawnNeedle {
  readonly pose: NeedlePose;
  readonly echo: NeedleEcho;
  /** Tissue without needle. */
  readonly tissue: Float32Array;
  /** Gray levels with needle, 0 to 255. */
  readonly levels: Float32Array;
  /** From levels to grays of the screen. */
  readonly grayMap: Uint8Array;
  readonly receiver: Receiver;
}

export interface TruthFrame {
  readonly grid: BeamGrid;
  readonly view: ProbeView;
  readonly map: ScreenMap;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * The needle's truth, from geometry for positions and from the drawn echoes for visibility: a tip
 * in
 * a shadow or below the noise is not visible. null when nothing of the needle is in the image.
 */
export function needleTruthOf(frame: TruthFrame, drawn: DrawnNeedle): NeedleTruth | null {
  const { pose } = drawn;
  const tip = toScreen(frame.map, pose.tipXMm, pose.tipZMm);
  if (pose.approach === 'out-of-plane') {
    const contrast = contrastDb(
      frame.grid,
      drawn,
      pose.tipXMm,
      pose.tipZMm,
      drawn.echo.tipAmplitude(),
    );
    if (!isShown(frame, pose.tipXMm, pose.tipZMm) || contrast < 0) return null;
    return { tip, tipVisible: false, approach: 'out-of-plane', shaft: null, shaftVisibility: [] };
  }
  const span = shownSpan(frame, pose);
  if (span === null) return null;
  const onScreen = (share: number): PointPx => {
    const { xMm, zMm } = shaftPointAt(pose, share);
    return toScreen(frame.map, xMm, zMm);
  };
  const shaft = { from: onScreen(span.from), to: onScreen(span.to) };
  const shaftVisibility: number[] = [];
  for (let sample = 0; sample < SHAFT_SAMPLES; sample++) {
    const share = span.from + ((span.to - span.from) * sample) / (SHAFT_SAMPLES - 1);
    shaftVisibility.push(shaftVisibilityAt(frame.grid, drawn, share));
  }
  return {
    tip,
    tipVisible: isTipVisible(frame, drawn),
    approach: 'in-plane',
    shaft,
    shaftMiddle: onScreen(0.5 * (span.from + span.to)),
    shaftVisibility,
  };
}

/** Shares of the shaft, from entry to tip, between which it is in view and on the screen. */
function shownSpan(frame: TruthFrame, pose: NeedlePose): { from: number; to: number } | null {
  const steps = 400;
  let from = -1;
  let to = -1;
  for (let step = 0; step <= steps; step++) {
    const share = step / steps;
    const { xMm, zMm } = shaftPointAt(pose, share);
    if (!isShown(frame, xMm, zMm)) continue;
    if (from < 0) from = share;
    to = share;
  }
  // Less than a millimetre of metal at the very edge is no needle to anyone who looks.
  return from < 0 || (to - from) * pose.lengthMm < 1 ? null : { from, to };
}

function isShown(frame: TruthFrame, xMm: number, zMm: number): boolean {
  if (!isInView(frame.view, xMm, zMm, 0)) return false;
  const point = toScreen(frame.map, xMm, zMm);
  return (
    point.xPx >= 0 &&
    point.yPx >= 0 &&
    point.xPx <= frame.widthPx - 1 &&
    point.yPx <= frame.heightPx - 1
  );
}

function isTipVisible(frame: TruthFrame, drawn: DrawnNeedle): boolean {
  const { pose } = drawn;
  if (!isShown(frame, pose.tipXMm, pose.tipZMm)) return false;
  const amplitude = Math.max(drawn.echo.tipAmplitude(), shaftAmplitude(drawn, 0.995));
  const contrast = contrastDb(frame.grid, drawn, pose.tipXMm, pose.tipZMm, amplitude);
  if (contrast < TIP_CONTRAST_DB) return false;
  const level = levelNear(frame.grid, drawn.levels, pose.tipXMm, pose.tipZMm);
  return level >= TIP_LEVEL && (drawn.grayMap[Math.floor(level)] as number) >= TIP_GRAY;
}

function shaftVisibilityAt(grid: BeamGrid, drawn: DrawnNeedle, share: number): number {
  const { pose } = drawn;
  const { xMm, zMm } = shaftPointAt(pose, share);
  const contrast = contrastDb(grid, drawn, xMm, zMm, shaftAmplitude(drawn, share));
  const level = levelNear(grid, drawn.levels, xMm, zMm);
  // 10 dB above its surroundings is as clear as it gets; below black nothing shows.
  return Math.min(1, Math.max(0, contrast / 10)) * Math.min(1, level / 40);
}

function shaftAmplitude(drawn: DrawnNeedle, share: number): number {
  const { profile } = drawn.echo;
  if (profile.count === 0) return 0;
  const step = Math.round((share * drawn.pose.lengthMm) / profile.stepMm);
  return profile.amplitude[Math.min(profile.count - 1, step)] as number;
}

/** Needle power over mean tissue and noise power around a point, dB, after the way to it. */
function contrastDb(
  grid: BeamGrid,
  drawn: DrawnNeedle,
  xMm: number,
  zMm: number,
  amplitude: number,
): number {
  const column = Math.round(columnAt(grid, xMm, zMm));
  const row = Math.round(rowAt(grid, xMm, zMm));
  let sum = 0;
  let count = 0;
  for (let r = Math.max(0, row - 6); r <= Math.min(grid.rows - 1, row + 6); r += 2) {
    for (let c = Math.max(0, column - 4); c <= Math.min(grid.columns - 1, column + 4); c += 2) {
      const value = drawn.tissue[r * grid.columns + c] as number;
      sum += value * value;
      count++;
    }
  }
  if (count === 0) return Number.NEGATIVE_INFINITY;
  const cellRow = Math.min(grid.rows - 1, Math.max(0, row));
  const cellColumn = Math.min(grid.columns - 1, Math.max(0, column));
  const path = drawn.receiver.pathGain[cellRow * grid.columns + cellColumn] as number;
  const around = (path * sum) / count + drawn.receiver.noisePower;
  return 10 * Math.log10((path * amplitude * amplitude + 1e-30) / around);
}

/** The brightest level within two cells. */
function levelNear(grid: BeamGrid, levels: Float32Array, xMm: number, zMm: number): number {
  const column = Math.round(columnAt(grid, xMm, zMm));
  const row = Math.round(rowAt(grid, xMm, zMm));
  let most = 0;
  for (let r = Math.max(0, row - 2); r <= Math.min(grid.rows - 1, row + 2); r++) {
    for (let c = Math.max(0, column - 2); c <= Math.min(grid.columns - 1, column + 2); c++) {
      most = Math.max(most, levels[r * grid.columns + c] as number);
    }
  }
  return most;
}
