import { boxMeans } from './box-means.js';
import type { SpreadRoom } from './spread-room.js';

/** Half a side of the squares that means are taken over, tensor pixels. */
export const MEAN_RADIUS_PX = 2;

/** The network's picture: gray levels, and how they differ from the second before. */
export interface Picture {
  readonly intensity: Uint8Array;
  readonly slow: Uint8Array;
  /** Value of `slow` where nothing differs. */
  readonly neutral: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** What the picture was like before an injection: local means, gray levels, row-major. */
export interface Before {
  /** Over the second before. */
  readonly mean: Float32Array;
  /** Least and largest of that and of the frame in which it began, within a pixel of each place. */
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/**
 * The picture from before an injection, from a frame and the average of the second before it.
 *
 * The range takes in both and the neighbouring pixels: tissue is moved along by whole pixels, by
 * the shift of the whole image, so an edge may well lie one pixel from where it is looked for; and
 * what already differs as the injection begins is not of it.
 */
export function backgroundOf(picture: Picture, room: SpreadRoom): Before {
  const { intensity, slow, neutral, widthPx, heightPx } = picture;
  const { background, before, means, rowSums, low, high } = room;
  for (let i = 0; i < background.length; i++) background[i] = intensity[i] - slow[i] + neutral;
  const rect = { xPx: 0, yPx: 0, widthPx, heightPx };
  boxMeans(background, picture, rect, 1, MEAN_RADIUS_PX, { means: before, rowSums });
  boxMeans(intensity, picture, rect, 1, MEAN_RADIUS_PX, { means, rowSums });
  for (let i = 0; i < means.length; i++) {
    low[i] = Math.min(before[i], means[i]);
    high[i] = Math.max(before[i], means[i]);
  }
  widen(low, Math.min, picture, rowSums);
  widen(high, Math.max, picture, rowSums);
  return { mean: before, low, high };
}

/** Replaces each value by the least or the largest of its 3 × 3 neighbourhood. */
function widen(
  values: Float32Array,
  choose: (a: number, b: number) => number,
  { widthPx, heightPx }: Pick<Picture, 'widthPx' | 'heightPx'>,
  rows: Float32Array,
): void {
  for (let y = 0; y < heightPx; y++) {
    const row = y * widthPx;
    for (let x = 0; x < widthPx; x++) {
      const beside = choose(values[row + Math.max(0, x - 1)], values[row + x]);
      rows[row + x] = choose(beside, values[row + Math.min(widthPx - 1, x + 1)]);
    }
  }
  for (let y = 0; y < heightPx; y++) {
    const row = y * widthPx;
    const above = Math.max(0, y - 1) * widthPx;
    const below = Math.min(heightPx - 1, y + 1) * widthPx;
    for (let x = 0; x < widthPx; x++) {
      values[row + x] = choose(choose(rows[above + x], rows[row + x]), rows[below + x]);
    }
  }
}
