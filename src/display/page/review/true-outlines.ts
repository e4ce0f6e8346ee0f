import type { PointPx } from '../../../domain/geometry.js';
import type { StructureClass } from '../../../domain/structure.js';
import type { RecordedLabels } from './recorded-line.js';

/** The true border of a connected part of a structure, or of a hole in it; closed. */
export interface TrueOutline {
  readonly class: StructureClass;
  /** Where the border crosses the sides of pixels, image pixels. */
  readonly points: readonly PointPx[];
}

/** Sides of pixels by the corner that they begin at; the structure lies on their right. */
type Sides = Map<number, number[]>;

/**
 * Follows the borders of every class in a label map, half a pixel from the centres on each side of
 * it.
 *
 * @param map - one byte a pixel, row-major; a byte without a class is background
 */
export function trueOutlines(
  { widthPx, heightPx, classes }: Omit<RecordedLabels, 'data'>,
  map: Uint8Array,
): readonly TrueOutline[] {
  const corners = widthPx + 1;
  return [...bordersOf(map, widthPx, heightPx)].flatMap(([label, sides]) => {
    const name = classes[label] ?? null;
    if (name === null) return [];
    const outlines: TrueOutline[] = [];
    for (const start of sides.keys()) {
      while (sides.get(start)?.length) {
        outlines.push({ class: name, points: follow(sides, start, corners) });
      }
    }
    return outlines;
  });
}

function bordersOf(map: Uint8Array, widthPx: number, heightPx: number): Map<number, Sides> {
  const corners = widthPx + 1;
  const borders = new Map<number, Sides>();
  const add = (label: number, from: number, to: number): void => {
    const sides: Sides = borders.get(label) ?? new Map();
    borders.set(label, sides);
    const begun = sides.get(from);
    if (begun === undefined) sides.set(from, [to]);
    else begun.push(to);
  };
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      const at = y * widthPx + x;
      const label = map[at] ?? 0;
      const corner = y * corners + x;
      const [right, below, across] = [corner + 1, corner + corners, corner + corners + 1];
      if (y === 0 || map[at - widthPx] !== label) add(label, corner, right);
      if (x === widthPx - 1 || map[at + 1] !== label) add(label, right, across);
      if (y === heightPx - 1 || map[at + widthPx] !== label) add(label, across, below);
      if (x === 0 || map[at - 1] !== label) add(label, below, corner);
    }
  }
  return borders;
}

/** Takes sides from `start` on until it is reached again; every corner has as many in as out. */
function follow(sides: Sides, start: number, corners: number): readonly PointPx[] {
  const points: PointPx[] = [];
  let from = start;
  do {
    const to = sides.get(from)?.pop();
    if (to === undefined) break;
    // Corner (0, 0) is half a pixel left of and above the centre of pixel (0, 0).
    const xPx = ((from % corners) + (to % corners) - 1) / 2;
    const yPx = (Math.floor(from / corners) + Math.floor(to / corners) - 1) / 2;
    points.push({ xPx, yPx });
    from = to;
  } while (from !== start);
  return points;
}
