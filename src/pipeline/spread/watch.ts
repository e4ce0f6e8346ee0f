import type { PointPx } from '../../domain/geometry.js';
import type { StructureClass } from '../../domain/structure.js';
import { boxMeans } from './box-means.js';
import type { MeanPicture } from './change-map.js';
import { type Growth, NO_GROWTH } from './growth.js';
import { CELL_PX, type SpreadGrid } from './spread-grid.js';

/** Half a side of the squares that means are taken over, tensor pixels. */
const MEAN_RADIUS_PX = 2;

/** An outline from before the injection, tensor pixels of that moment. */
export interface EarlierOutline {
  readonly id: number;
  readonly class: StructureClass;
  readonly contour: readonly PointPx[];
}

/** Room for the means of one picture and for what they are made of. */
export interface MeanBuffers {
  readonly means: Float32Array;
  readonly scratch: Float32Array;
}

/** An injection that is watched. */
export interface Watch {
  readonly injection: number;
  /** The picture from before it; null when there is none that can be compared with. */
  readonly before: MeanPicture | null;
  /** What was outlined then: vessels, and what the network already took for injectate. */
  readonly earlier: readonly EarlierOutline[];
  /** Where the tissue has gone since, tensor pixels. */
  moved: PointPx;
  readonly buffers: MeanBuffers;
  growth: Growth;
}

/** The network's picture: gray levels, and how they differ from the second before. */
export interface Picture {
  readonly intensity: Uint8Array;
  readonly slow: Uint8Array;
  /** Value of `slow` where nothing differs. */
  readonly neutral: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Begins to watch an injection, from the average of the second before this frame. */
export function startWatch(
  injection: number,
  picture: Picture | null,
  earlier: readonly EarlierOutline[],
): Watch {
  return {
    injection,
    before: picture === null ? null : backgroundOf(picture),
    buffers: buffersOf(picture === null ? 0 : picture.intensity.length),
    earlier,
    moved: { xPx: 0, yPx: 0 },
    growth: NO_GROWTH,
  };
}

function backgroundOf(picture: Picture): MeanPicture {
  const { intensity, slow, neutral } = picture;
  const background = new Uint8ClampedArray(intensity.length);
  for (let i = 0; i < background.length; i++) background[i] = intensity[i] - slow[i] + neutral;
  const { widthPx, heightPx } = picture;
  const { means, scratch } = buffersOf(background.length);
  const rect = { xPx: 0, yPx: 0, widthPx, heightPx };
  boxMeans(new Uint8Array(background.buffer), widthPx, rect, MEAN_RADIUS_PX, means, scratch);
  return { means, widthPx, heightPx };
}

function buffersOf(pixels: number): MeanBuffers {
  return { means: new Float32Array(pixels), scratch: new Float32Array(pixels) };
}

/** Local means of the part of the picture that a window shows, in its buffers. */
export function meansAround(
  grid: SpreadGrid,
  { intensity, widthPx, heightPx }: Picture,
  { means, scratch }: MeanBuffers,
): MeanPicture {
  const sidePx = CELL_PX * grid.side;
  const xPx = Math.min(widthPx, Math.max(0, grid.xPx - MEAN_RADIUS_PX));
  const yPx = Math.min(heightPx, Math.max(0, grid.yPx - MEAN_RADIUS_PX));
  const right = Math.max(xPx, Math.min(widthPx, grid.xPx + sidePx + MEAN_RADIUS_PX));
  const bottom = Math.max(yPx, Math.min(heightPx, grid.yPx + sidePx + MEAN_RADIUS_PX));
  const rect = { xPx, yPx, widthPx: right - xPx, heightPx: bottom - yPx };
  boxMeans(intensity, widthPx, rect, MEAN_RADIUS_PX, means, scratch);
  return { means, widthPx, heightPx };
}
