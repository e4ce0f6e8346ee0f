import type { LabelClass } from '../../domain/ground-truth.js';
import { at, type HeldoutRandom, type SmoothNoise, smoothStep } from './heldout-random.js';
import { depthPx, type HeldoutView } from './heldout-view.js';

/** Order of the label classes; the index is what a label map holds. */
export const HELDOUT_CLASSES: readonly LabelClass[] = [
  'background',
  'nerve',
  'artery',
  'vein',
  'bone',
  'fascia',
  'muscle',
  'fluid',
  'injectate',
];
export const NERVE = 1;
export const ARTERY = 2;
export const VEIN = 3;
export const BONE = 4;
export const FASCIA = 5;
export const MUSCLE = 6;
export const FLUID = 7;
export const INJECTATE = 8;

/**
 * The tissue in front of the probe, larger than the image by a margin so that the probe can slide.
 * Tissue pixel (x + marginX, y + marginY) lies under image pixel (x, y) before anything moves.
 */
export interface TissueMap {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly marginXPx: number;
  readonly marginYPx: number;
  readonly mmPerPx: number;
  /** Depth below the skin of each tissue pixel, mm; negative above it. */
  readonly depthMm: Float32Array;
  /** Distance to the right of the image's middle, mm, by tissue column. */
  readonly lateralMm: Float32Array;
  readonly labels: Uint8Array;
  /** Echo strength, dB against ordinary muscle. */
  readonly echoDb: Float32Array;
  /** Loss on the way through (above the average tissue's), dB per mm, both ways counted. */
  readonly lossDbPerMm: Float32Array;
}

/** A depth in mm as a function of the lateral position in mm. */
export type DepthCurve = (lateralMm: number) => number;

/** Where a vessel is, so that it can pulsate or collapse. Tissue pixels. */
export interface VesselPlace {
  readonly isArtery: boolean;
  readonly xPx: number;
  readonly yPx: number;
  readonly radiusPx: number;
}

export function createTissueMap(view: HeldoutView): TissueMap {
  const marginXPx = Math.round(view.widthPx * 0.11);
  const marginYPx = Math.round(view.heightPx * 0.05);
  const widthPx = view.widthPx + 2 * marginXPx;
  const heightPx = view.heightPx + 2 * marginYPx;
  const pixels = widthPx * heightPx;
  const depthMm = new Float32Array(pixels);
  const lateralMm = new Float32Array(widthPx);
  for (let x = 0; x < widthPx; x++) {
    lateralMm[x] = (x - marginXPx - view.widthPx / 2) * view.mmPerPx;
  }
  for (let y = 0, i = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++, i++) {
      depthMm[i] = depthPx(view, x - marginXPx, y - marginYPx) * view.mmPerPx;
    }
  }
  return {
    widthPx,
    heightPx,
    marginXPx,
    marginYPx,
    mmPerPx: view.mmPerPx,
    depthMm,
    lateralMm,
    labels: new Uint8Array(pixels),
    echoDb: new Float32Array(pixels),
    lossDbPerMm: new Float32Array(pixels),
  };
}

/** A gently undulating, tilted depth curve. */
export function undulatingCurve(
  random: HeldoutRandom,
  noise: SmoothNoise,
  depthMm: number,
  waveMm: number,
  tilt: number,
): DepthCurve {
  const phase = random.between(0, 100);
  const rate = random.between(0.03, 0.09);
  return (lateralMm) =>
    depthMm + tilt * lateralMm + waveMm * (2 * noise(phase + lateralMm * rate, phase) - 1);
}

/** What fills a layer: a class, its loss, and its echo as a function of position in mm. */
export interface TissueFill {
  readonly label: number;
  readonly lossDbPerMm: number;
  readonly echoDb: (lateralMm: number, depthMm: number) => number;
}

/** Paints everything from a curve downwards; later layers lie over earlier ones. */
export function paintBelow(map: TissueMap, top: DepthCurve, fill: TissueFill): void {
  for (let x = 0; x < map.widthPx; x++) {
    const lateral = at(map.lateralMm, x);
    const limit = top(lateral);
    for (let y = 0, i = x; y < map.heightPx; y++, i += map.widthPx) {
      const depth = at(map.depthMm, i);
      if (depth < limit) continue;
      map.labels[i] = fill.label;
      map.lossDbPerMm[i] = fill.lossDbPerMm;
      map.echoDb[i] = fill.echoDb(lateral, depth);
    }
  }
}

/** Paints a bright sheet along a curve; `strength` 0 to 1 makes gaps along it. */
export function paintSheet(
  map: TissueMap,
  curve: DepthCurve,
  thicknessMm: number,
  echoDb: number,
  strength: (lateralMm: number) => number,
): void {
  for (let x = 0; x < map.widthPx; x++) {
    const lateral = at(map.lateralMm, x);
    const middle = curve(lateral);
    const gain = strength(lateral);
    for (let y = 0, i = x; y < map.heightPx; y++, i += map.widthPx) {
      const distance = Math.abs(at(map.depthMm, i) - middle) / (thicknessMm / 2);
      if (distance > 1.6 || map.labels[i] === ARTERY || map.labels[i] === VEIN) continue;
      const here = at(map.echoDb, i);
      const profile = gain * (1 - smoothStep(0.4, 1.6, distance));
      map.echoDb[i] = here + Math.max(0, echoDb - here) * profile;
      if (distance <= 1 && gain > 0.35) map.labels[i] = FASCIA;
    }
  }
}

/** Visits the tissue pixels near a point (mm); gives the offset from it in mm. */
export function visitDisc(
  map: TissueMap,
  lateralMm: number,
  depthMm: number,
  reachMm: number,
  visit: (index: number, dxMm: number, dyMm: number) => void,
): void {
  const centre = locate(map, lateralMm, depthMm);
  const reach = Math.ceil(reachMm / map.mmPerPx);
  const top = Math.max(0, Math.floor(centre.yPx - reach));
  const bottom = Math.min(map.heightPx - 1, Math.ceil(centre.yPx + reach));
  const left = Math.max(0, Math.floor(centre.xPx - reach));
  const right = Math.min(map.widthPx - 1, Math.ceil(centre.xPx + reach));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      visit(y * map.widthPx + x, (x - centre.xPx) * map.mmPerPx, (y - centre.yPx) * map.mmPerPx);
    }
  }
}

/** Tissue pixel at a lateral position and a depth (found down that column). */
export function locate(
  map: TissueMap,
  lateralMm: number,
  depthMm: number,
): { readonly xPx: number; readonly yPx: number } {
  const middle = map.widthPx / 2;
  const xPx = middle + lateralMm / map.mmPerPx;
  const column = Math.min(map.widthPx - 1, Math.max(0, Math.round(xPx)));
  let yPx = map.heightPx - 1;
  for (let y = 0; y < map.heightPx; y++) {
    if (at(map.depthMm, y * map.widthPx + column) >= depthMm) {
      yPx = y;
      break;
    }
  }
  return { xPx, yPx };
}
