import type { HeldoutImaging } from './heldout-imaging.js';
import { type DisplacementGrid, GRID_STEP_PX } from './heldout-motion.js';
import { at } from './heldout-random.js';
import { INJECTATE, type TissueMap } from './heldout-tissue.js';
import { type HeldoutView, isInEcho } from './heldout-view.js';

/** First and one-past-last column with echo data in each image row. */
export interface EchoSpans {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

export function echoSpans(view: HeldoutView): EchoSpans {
  const from = new Int32Array(view.heightPx);
  const to = new Int32Array(view.heightPx);
  for (let y = 0; y < view.heightPx; y++) {
    let first = -1;
    let last = -1;
    for (let x = 0; x < view.widthPx; x++) {
      if (!isInEcho(view, x, y)) continue;
      if (first < 0) first = x;
      last = x;
    }
    from[y] = Math.max(0, first);
    to[y] = last + 1;
  }
  return { from, to };
}

/** A growing pool of injectate, image pixels; rows and columns are those of the ellipse's box. */
export interface InjectatePool {
  readonly xPx: number;
  readonly yPx: number;
  readonly radiusXPx: number;
  readonly radiusYPx: number;
}

/** Everything that one frame is rendered from. `field` and `needle` are interleaved complex. */
export interface RenderInput {
  readonly view: HeldoutView;
  readonly map: TissueMap;
  readonly spans: EchoSpans;
  readonly grid: DisplacementGrid;
  readonly field: Float32Array;
  /** A second, independent look to average with; null without compounding. */
  readonly secondLook: Float32Array | null;
  readonly needle: Float32Array | null;
  /** Amplitude factors of this frame (shadow under the shaft, injectate); 1 where nothing. */
  readonly veil: Float32Array;
  readonly imaging: HeldoutImaging;
  readonly noiseTable: Float32Array;
  readonly noiseOffset: number;
  readonly pool: InjectatePool | null;
}

/** Powers and labels of one frame are written here; both are image-sized. */
export interface RenderOutput {
  readonly gray: Uint8Array;
  readonly labels: Uint8Array;
}

const floatView = new Float32Array(1);
const bitView = new Int32Array(floatView.buffer);

/** Moves the tissue, adds the needle and the noise, and compresses: one frame. */
export function renderFrame(input: RenderInput, output: RenderOutput): void {
  const { view, map, spans, imaging, noiseTable } = input;
  const row: RowPlaces = {
    x: new Float32Array(view.widthPx),
    y: new Float32Array(view.widthPx),
  };
  let noiseIndex = input.noiseOffset & 0xffff;
  for (let y = 0; y < view.heightPx; y++) {
    const from = at(spans.from, y);
    const to = at(spans.to, y);
    placeRow(input, y, from, to, row);
    const noiseLevel = at(imaging.noiseAmplitude, y);
    noiseIndex = (noiseIndex + 7919) & 0xffff;
    for (let x = from; x < to; x++) {
      const pixel = y * view.widthPx + x;
      const tissueX = at(row.x, x);
      const tissueY = at(row.y, x);
      const noiseRe = noiseLevel * at(noiseTable, noiseIndex);
      const noiseIm = noiseLevel * at(noiseTable, (noiseIndex + 4099) & 0xffff);
      noiseIndex = (noiseIndex + 1) & 0xffff;
      floatView[0] = echoPower(input, pixel, tissueX, tissueY, noiseRe, noiseIm);
      output.gray[pixel] = at(imaging.grayOfPower, at(bitView, 0) >> 16);
      output.labels[pixel] = at(
        map.labels,
        ((tissueY + 0.5) | 0) * map.widthPx + ((tissueX + 0.5) | 0),
      );
    }
  }
  if (input.pool !== null) labelPool(view, input.pool, output.labels);
}

/** Tissue position under each pixel of an image row. */
interface RowPlaces {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

function placeRow(input: RenderInput, y: number, from: number, to: number, row: RowPlaces): void {
  const { map, grid } = input;
  const gridRow = Math.floor(y / GRID_STEP_PX);
  const down = y / GRID_STEP_PX - gridRow;
  for (let x = from; x < to; x++) {
    const column = (x / GRID_STEP_PX) | 0;
    const part = x / GRID_STEP_PX - column;
    const node = gridRow * grid.columns + column;
    const below = node + grid.columns;
    const dx =
      (at(grid.x, node) * (1 - part) + at(grid.x, node + 1) * part) * (1 - down) +
      (at(grid.x, below) * (1 - part) + at(grid.x, below + 1) * part) * down;
    const dy =
      (at(grid.y, node) * (1 - part) + at(grid.y, node + 1) * part) * (1 - down) +
      (at(grid.y, below) * (1 - part) + at(grid.y, below + 1) * part) * down;
    row.x[x] = Math.min(map.widthPx - 2, Math.max(0, x + map.marginXPx + dx));
    row.y[x] = Math.min(map.heightPx - 2, Math.max(0, y + map.marginYPx + dy));
  }
}

/** Received power of one pixel: tissue behind the veil, needle, gain, noise; one look or two. */
function echoPower(
  input: RenderInput,
  pixel: number,
  tissueX: number,
  tissueY: number,
  noiseRe: number,
  noiseIm: number,
): number {
  const { map, field, secondLook, needle } = input;
  const cellX = tissueX | 0;
  const cellY = tissueY | 0;
  const fx = tissueX - cellX;
  const fy = tissueY - cellY;
  const i = 2 * (cellY * map.widthPx + cellX);
  const j = i + 2 * map.widthPx;
  const a = (1 - fx) * (1 - fy);
  const b = fx * (1 - fy);
  const c = (1 - fx) * fy;
  const d = fx * fy;
  const passes = at(input.veil, pixel);
  const gain = at(input.imaging.gain, pixel);
  const needleRe = needle === null ? 0 : at(needle, 2 * pixel);
  const needleIm = needle === null ? 0 : at(needle, 2 * pixel + 1);
  const re = a * at(field, i) + b * at(field, i + 2) + c * at(field, j) + d * at(field, j + 2);
  const im =
    a * at(field, i + 1) + b * at(field, i + 3) + c * at(field, j + 1) + d * at(field, j + 3);
  const totalRe = (passes * re + needleRe) * gain + noiseRe;
  const totalIm = (passes * im + needleIm) * gain + noiseIm;
  const power = totalRe * totalRe + totalIm * totalIm;
  if (secondLook === null) return power;
  const re2 =
    a * at(secondLook, i) +
    b * at(secondLook, i + 2) +
    c * at(secondLook, j) +
    d * at(secondLook, j + 2);
  const im2 =
    a * at(secondLook, i + 1) +
    b * at(secondLook, i + 3) +
    c * at(secondLook, j + 1) +
    d * at(secondLook, j + 3);
  const lookRe = (passes * re2 + needleRe) * gain + noiseIm;
  const lookIm = (passes * im2 + needleIm) * gain + noiseRe;
  return 0.5 * (power + lookRe * lookRe + lookIm * lookIm);
}

function labelPool(view: HeldoutView, pool: InjectatePool, labels: Uint8Array): void {
  visitPool(view, pool, 1, (pixel) => {
    labels[pixel] = INJECTATE;
  });
}

/** Visits the pool's pixels (scaled by `factor`) with the relative radius, 0 to `factor`. */
export function visitPool(
  view: HeldoutView,
  pool: InjectatePool,
  factor: number,
  visit: (pixel: number, radius: number) => void,
): void {
  const reachX = pool.radiusXPx * factor;
  const reachY = pool.radiusYPx * factor;
  const bottom = Math.min(view.heightPx - 1, Math.floor(pool.yPx + reachY));
  const right = Math.min(view.widthPx - 1, Math.floor(pool.xPx + reachX));
  for (let y = Math.max(0, Math.ceil(pool.yPx - reachY)); y <= bottom; y++) {
    for (let x = Math.max(0, Math.ceil(pool.xPx - reachX)); x <= right; x++) {
      const dx = (x - pool.xPx) / pool.radiusXPx;
      const dy = (y - pool.yPx) / pool.radiusYPx;
      const radius = Math.hypot(dx, dy);
      if (radius <= factor && isInEcho(view, x, y)) visit(y * view.widthPx + x, radius);
    }
  }
}

/** A 1-2-1 blur in both directions, in place; what many scanners do after compression. */
export function soften(gray: Uint8Array, widthPx: number, heightPx: number, row: Uint8Array): void {
  for (let y = 0; y < heightPx; y++) {
    const start = y * widthPx;
    let left = at(gray, start);
    for (let x = 1; x < widthPx - 1; x++) {
      const here = at(gray, start + x);
      gray[start + x] = (left + 2 * here + at(gray, start + x + 1) + 2) >> 2;
      left = here;
    }
  }
  for (let x = 0; x < widthPx; x++) row[x] = at(gray, x);
  for (let y = 1; y < heightPx - 1; y++) {
    const start = y * widthPx;
    for (let x = 0; x < widthPx; x++) {
      const here = at(gray, start + x);
      gray[start + x] = (at(row, x) + 2 * here + at(gray, start + widthPx + x) + 2) >> 2;
      row[x] = here;
    }
  }
}

/** Blends the previous frame in, in place. */
export function persist(gray: Uint8Array, previous: Uint8Array, weight: number): void {
  const keep = Math.round(weight * 256);
  const take = 256 - keep;
  for (let i = 0; i < gray.length; i++) {
    gray[i] = (take * at(gray, i) + keep * at(previous, i) + 128) >> 8;
  }
}

/** Darkens what lies behind the needle: `strength` ∝ echo, carried along the beam, fading. */
export function castShadow(
  veil: Float32Array,
  needle: Float32Array,
  view: HeldoutView,
  spans: EchoSpans,
  shadowDb: number,
): void {
  const { widthPx, heightPx } = view;
  const limit = 1 - 10 ** (-shadowDb / 20);
  for (let y = 1; y < heightPx; y++) {
    const down = y - view.apexYPx;
    const end = at(spans.to, y);
    for (let x = at(spans.from, y); x < end; x++) {
      const from = x - (x - view.apexXPx) / down;
      const cell = Math.min(widthPx - 2, Math.max(0, Math.floor(from)));
      const part = from - cell;
      const above = (y - 1) * widthPx + cell;
      const carried = 1 - (at(veil, above) * (1 - part) + at(veil, above + 1) * part);
      const i = 2 * (above + (part > 0.5 ? 1 : 0));
      const echo = Math.hypot(at(needle, i), at(needle, i + 1));
      const cast = echo > 2.5 ? limit : 0;
      veil[y * widthPx + x] = 1 - Math.max(carried * 0.997, cast);
    }
  }
}
