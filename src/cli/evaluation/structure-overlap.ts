import type { PointPx } from '../../domain/geometry.js';
import type { LabelMap } from '../../domain/ground-truth.js';
import type { Structure, StructureClass } from '../../domain/structure.js';

/** Pixels of one class in one frame. Dice = 2 × both / (predicted + truth). */
export interface ClassOverlap {
  readonly class: StructureClass;
  readonly both: number;
  readonly predicted: number;
  readonly truth: number;
}

/** What a class is compared with: arteries and veins are vessels too. */
const MEMBERS: Partial<Record<StructureClass, readonly StructureClass[]>> = {
  vessel: ['artery', 'vein', 'vessel'],
};

/**
 * Counts the pixels of each class that the labels know (and of `vessel`, where they know any) in
 * the predicted contours and in the truth.
 */
export function structureOverlaps(
  structures: readonly Structure[],
  labels: LabelMap,
): readonly ClassOverlap[] {
  const known = labels.classes.filter((name): name is StructureClass => name !== 'background');
  const hasVessels = known.some((name) => name === 'artery' || name === 'vein');
  const compared: readonly StructureClass[] =
    hasVessels && !known.includes('vessel') ? [...known, 'vessel'] : known;
  const mask = new Uint8Array(labels.widthPx * labels.heightPx);
  return compared.map((name) => {
    const members = MEMBERS[name] ?? [name];
    mask.fill(0);
    for (const structure of structures) {
      if (members.includes(structure.class)) fillPolygon(structure.contour, labels, mask);
    }
    const isTrue = labels.classes.map((label) => label !== 'background' && members.includes(label));
    let both = 0;
    let predicted = 0;
    let truth = 0;
    for (let i = 0; i < mask.length; i++) {
      const here = mask[i] === 1;
      const there = isTrue[labels.data[i] ?? 0] === true;
      if (here) predicted += 1;
      if (there) truth += 1;
      if (here && there) both += 1;
    }
    return { class: name, both, predicted, truth };
  });
}

/**
 * Sets the pixels whose centres are inside a closed polygon, by the even-odd rule along rows.
 *
 * @param mask - row-major, `size.widthPx` a row
 */
export function fillPolygon(
  contour: readonly PointPx[],
  size: { readonly widthPx: number; readonly heightPx: number },
  mask: Uint8Array,
): void {
  const ys = contour.map((point) => point.yPx);
  const top = Math.max(0, Math.ceil(Math.min(...ys)));
  const bottom = Math.min(size.heightPx - 1, Math.floor(Math.max(...ys)));
  for (let row = top; row <= bottom; row++) {
    const crossings = crossingsOf(contour, row);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const from = Math.max(0, Math.ceil(crossings[pair] ?? 0));
      const to = Math.min(size.widthPx - 1, Math.floor(crossings[pair + 1] ?? 0));
      if (from <= to) mask.fill(1, row * size.widthPx + from, row * size.widthPx + to + 1);
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
