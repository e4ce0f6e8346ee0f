import type { PointPx } from '../../domain/geometry.js';

/**
 * Visits the pixels whose centres are inside a closed polygon, by the even-odd rule along rows.
 *
 * @param visit - told each pixel once, numbered `y * widthPx + x`
 */
export function fillPolygon(
  contour: readonly PointPx[],
  size: { readonly widthPx: number; readonly heightPx: number },
  visit: (pixel: number) => void,
): void {
  const ys = contour.map((point) => point.yPx);
  const top = Math.max(0, Math.ceil(Math.min(...ys)));
  const bottom = Math.min(size.heightPx - 1, Math.floor(Math.max(...ys)));
  for (let row = top; row <= bottom; row++) {
    const crossings = crossingsOf(contour, row);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const from = Math.max(0, Math.ceil(crossings[pair] ?? 0));
      const to = Math.min(size.widthPx - 1, Math.floor(crossings[pair + 1] ?? 0));
      for (let x = from; x <= to; x++) visit(row * size.widthPx + x);
    }
  }
}

/** Where the polygon's edges cross a row, sorted. An edge owns its lower end and not its upper. */
function crossingsOf(contour: readonly PointPx[], row: number): readonly number[] {
  const crossings: number[] = [];
  let previous = contour[contour.length - 1];
  for (const point of contour) {
    if (previous !== undefined && previous.yPx > row !== point.yPx > row) {
      const share = (row - previous.yPx) / (point.yPx - previous.yPx);
      crossings.push(previous.xPx + share * (point.xPx - previous.xPx));
    }
    previous = point;
  }
  return crossings.sort((a, b) => a - b);
}
