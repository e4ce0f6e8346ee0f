import { boxMeans } from './box-means.js';
import type { SpreadRoom } from './spread-room.js';

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
  boxMeans(background, picture, rect, 1, { means: before, rowSums });
  boxMeans(intensity, picture, rect, 1, { means, rowSums });
  for (let i = 0; i < means.length; i++) {
    const then = before[i];
    const now = means[i];
    low[i] = Math.min(then, now);
    high[i] = Math.max(then, now);
  }
  widen(low, -1, picture, means);
  widen(high, 1, picture, means);
  return { mean: before, low, high };
}

/**
 * Replaces each value by the largest of its 3 × 3 neighbourhood, or by the least.
 *
 * @param sign - 1 for the largest, −1 for the least
 */
function widen(
  values: Float32Array,
  sign: 1 | -1,
  { widthPx, heightPx }: Pick<Picture, 'widthPx' | 'heightPx'>,
  rows: Float32Array,
): void {
  const last = widthPx - 1;
  for (let y = 0; y < heightPx; y++) {
    const row = y * widthPx;
    let before = sign * values[row];
    let here = before;
    for (let x = 0; x < widthPx; x++) {
      const after = sign * values[row + (x < last ? x + 1 : last)];
      const beside = Math.max(before, here);
      rows[row + x] = Math.max(beside, after);
      before = here;
      here = after;
    }
  }
  for (let y = 0; y < heightPx; y++) {
    const row = y * widthPx;
    const above = y > 0 ? row - widthPx : row;
    const below = y < heightPx - 1 ? row + widthPx : row;
    for (let x = 0; x < widthPx; x++) {
      const over = rows[above + x];
      const under = rows[below + x];
      const here = rows[row + x];
      const beside = Math.max(over, under);
      values[row + x] = sign * Math.max(beside, here);
    }
  }
}
