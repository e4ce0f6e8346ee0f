import type { Random } from '../random.js';
import type { SpeckleStatistics } from './speckle-statistics.js';
import type { StillCanvas } from './still-canvas.js';
import { NODE_PX, type StillDisplacement } from './still-motion.js';

/** Reads a moved still. */
export interface StillWarp {
  /**
   * Gray levels (not rounded) of the image for a displacement; `turnRad` exchanges speckle: 0 shows
   * the still's own, π/2 would show none of it. 0 outside the echo data.
   */
  gray(displacement: StillDisplacement, turnRad: number, out: Float32Array): void;
  /** Labels for the same displacement, from the nearest pixel; 0 outside the echo data. */
  labels(displacement: StillDisplacement, out: Uint8Array): void;
}

/**
 * Prepares a still for warping. The speckle that comes when the plane moves is the still's own,
 * taken from a place some way off and scaled to the contrast of the place where it is put: so it
 * has the still's resolution, compression and noise without any model of them.
 */
export function createStillWarp(
  canvas: StillCanvas,
  statistics: SpeckleStatistics,
  random: Random,
): StillWarp {
  const { widthPx, heightPx, marginPx, from, to } = canvas;
  const residual = new Float32Array(canvas.gray.length);
  for (let i = 0; i < residual.length; i++) {
    residual[i] = (canvas.gray[i] as number) - (statistics.mean[i] as number);
  }
  const other = borrowSpeckle(canvas, statistics, residual, random);
  const mixed = new Float32Array(canvas.gray.length);
  const width = widthPx - 2 * marginPx;
  const rowX = new Float32Array(width);
  const rowY = new Float32Array(width);
  const places = { x: rowX, y: rowY };
  return {
    gray: (displacement, turnRad, out) => {
      const keep = Math.cos(turnRad) - 1;
      const take = Math.sin(turnRad);
      for (let i = 0; i < mixed.length; i++) {
        mixed[i] =
          (canvas.gray[i] as number) + keep * (residual[i] as number) + take * (other[i] as number);
      }
      out.fill(0);
      for (let y = 0; y < from.length; y++) {
        placeRow(canvas, displacement, y, places);
        for (let x = from[y] as number; x < (to[y] as number); x++) {
          const sourceX = rowX[x] as number;
          const sourceY = rowY[x] as number;
          const column = sourceX | 0;
          const row = sourceY | 0;
          const fx = sourceX - column;
          const fy = sourceY - row;
          const i = row * widthPx + column;
          const j = i + widthPx;
          const top = (mixed[i] as number) * (1 - fx) + (mixed[i + 1] as number) * fx;
          const low = (mixed[j] as number) * (1 - fx) + (mixed[j + 1] as number) * fx;
          const level = top * (1 - fy) + low * fy;
          out[y * width + x] = Math.max(level, 0);
        }
      }
    },
    labels: (displacement, out) => {
      out.fill(0);
      for (let y = 0; y < from.length; y++) {
        placeRow(canvas, displacement, y, places);
        for (let x = from[y] as number; x < (to[y] as number); x++) {
          const column = Math.min(widthPx - 1, ((rowX[x] as number) + 0.5) | 0);
          const row = Math.min(heightPx - 1, ((rowY[x] as number) + 0.5) | 0);
          out[y * width + x] = canvas.labels[row * widthPx + column] as number;
        }
      }
    },
  };
}

/** Canvas positions under the pixels of an image row. */
function placeRow(
  canvas: StillCanvas,
  displacement: StillDisplacement,
  y: number,
  places: { readonly x: Float32Array; readonly y: Float32Array },
): void {
  const { x: nodeX, y: nodeY, columns } = displacement;
  const lastX = canvas.widthPx - 1.001;
  const lastY = canvas.heightPx - 1.001;
  const nodeRow = Math.floor(y / NODE_PX);
  const down = y / NODE_PX - nodeRow;
  for (let x = canvas.from[y] as number; x < (canvas.to[y] as number); x++) {
    const column = (x / NODE_PX) | 0;
    const part = x / NODE_PX - column;
    const a = nodeRow * columns + column;
    const b = a + columns;
    const dx =
      ((nodeX[a] as number) * (1 - part) + (nodeX[a + 1] as number) * part) * (1 - down) +
      ((nodeX[b] as number) * (1 - part) + (nodeX[b + 1] as number) * part) * down;
    const dy =
      ((nodeY[a] as number) * (1 - part) + (nodeY[a + 1] as number) * part) * (1 - down) +
      ((nodeY[b] as number) * (1 - part) + (nodeY[b + 1] as number) * part) * down;
    places.x[x] = Math.min(lastX, Math.max(0, x + canvas.marginPx + dx));
    places.y[x] = Math.min(lastY, Math.max(0, y + canvas.marginPx + dy));
  }
}

function borrowSpeckle(
  canvas: StillCanvas,
  statistics: SpeckleStatistics,
  residual: Float32Array,
  random: Random,
): Float32Array {
  const { widthPx, heightPx } = canvas;
  const { deviation } = statistics;
  const stepX = (random.chance(0.5) ? 1 : -1) * Math.round(random.range(14, 30));
  const stepY = (random.chance(0.5) ? 1 : -1) * Math.round(random.range(9, 22));
  const other = new Float32Array(residual.length);
  for (let y = 0; y < heightPx; y++) {
    const sourceY = reflect(y + stepY, heightPx) * widthPx;
    for (let x = 0; x < widthPx; x++) {
      const source = sourceY + reflect(x + stepX, widthPx);
      const i = y * widthPx + x;
      const spread = deviation[source] as number;
      // Edges of structures are not speckle: their share is held down.
      const value = (residual[source] as number) / (spread + 1);
      const limited = Math.max(-2.2, Math.min(2.2, value));
      other[i] = limited * Math.min(deviation[i] as number, 1.5 * statistics.typicalDeviation);
    }
  }
  return other;
}

function reflect(position: number, count: number): number {
  if (position < 0) return -position;
  return position >= count ? 2 * count - 2 - position : position;
}
