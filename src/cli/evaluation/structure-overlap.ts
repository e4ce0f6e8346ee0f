import { fillPolygon, pixelLattice } from '../../domain/fill-polygon.js';
import type { Spacing } from '../../domain/spacing.js';
import type { Structure, StructureClass } from '../../domain/structure.js';
import { hausdorff95 } from './boundary-distance.js';
import type { TruthShapes } from './truth-shapes.js';

/** How well one class was found in one frame. Dice = 2 × both / (predicted + truth), in pixels. */
export interface ClassOverlap {
  readonly class: StructureClass;
  readonly both: number;
  readonly predicted: number;
  readonly truth: number;
  /** 95th percentile Hausdorff distance of the outlines; null unless there are both. */
  readonly hd95Px: number | null;
  /** null also where the spacing is unknown. */
  readonly hd95Mm: number | null;
  /** Connected regions of the truth, and contours. */
  readonly truthInstances: number;
  readonly predictedInstances: number;
  /** True regions that a contour overlaps with an IoU of at least 0.5. */
  readonly foundInstances: number;
  /** True regions that no contour overlaps with an IoU of at least 0.1. */
  readonly missedInstances: number;
}

const FOUND_IOU = 0.5;
const MISSED_IOU = 0.1;

/** What a class is compared with: arteries and veins are vessels too. */
const MEMBERS: Partial<Record<StructureClass, readonly StructureClass[]>> = {
  vessel: ['artery', 'vein', 'vessel'],
};

/**
 * Compares contours with the truth, for each class that the labels know, and for `vessel` where
 * they know any.
 *
 * @param spacing - null where unknown
 */
export function structureOverlaps(
  structures: readonly Structure[],
  truth: TruthShapes,
  spacing: Spacing | null,
): readonly ClassOverlap[] {
  const { labels } = truth;
  const known = labels.classes.filter((name): name is StructureClass => name !== 'background');
  const hasVessels = known.some((name) => name === 'artery' || name === 'vein');
  const compared: readonly StructureClass[] =
    hasVessels && !known.includes('vessel') ? [...known, 'vessel'] : known;
  const painted: Painted = {
    mask: new Uint8Array(labels.data.length),
    pixels: new Int32Array(labels.data.length),
  };
  return compared.map((name) => {
    const members = MEMBERS[name] ?? [name];
    const contours = structures.filter((structure) => members.includes(structure.class));
    const isTrue = labels.classes.map((label) => label !== 'background' && members.includes(label));
    return classOverlap(name, contours, isTrue, truth, spacing, painted);
  });
}

/** The pixels of one class's contours, each listed once; used again for the next class. */
interface Painted {
  /** All 0 between classes. */
  readonly mask: Uint8Array;
  readonly pixels: Int32Array;
}

function classOverlap(
  name: StructureClass,
  contours: readonly Structure[],
  isTrue: readonly boolean[],
  truth: TruthShapes,
  spacing: Spacing | null,
  painted: Painted,
): ClassOverlap {
  const { labels, areaPx, instances, boundary } = truth;
  const bestIou = new Float64Array(instances.length);
  let count = 0;
  for (const { contour } of contours) count = paint(contour, truth, bestIou, painted, count);
  const pixels = painted.pixels.subarray(0, count);
  const ious = [...bestIou].filter((_, index) => isTrue[instances[index]?.label ?? 0] === true);
  const outline = outlineOf(pixels, painted.mask, labels.widthPx);
  const trueOutline =
    count === 0 ? [] : boundary.flatMap((own, label) => (isTrue[label] ? own : []));
  const hd95 = (x: number, y: number) =>
    hausdorff95(outline, trueOutline, labels.widthPx, { x, y });
  const hd95Px = hd95(1, 1);
  let both = 0;
  for (const pixel of pixels) {
    if (isTrue[labels.data[pixel] ?? 0] === true) both += 1;
    painted.mask[pixel] = 0;
  }
  return {
    class: name,
    both,
    predicted: count,
    truth: areaPx.reduce((sum, area, label) => sum + (isTrue[label] ? area : 0), 0),
    hd95Px,
    hd95Mm: hd95Px === null || spacing === null ? null : hd95InMm(hd95Px, hd95, spacing),
    truthInstances: ious.length,
    predictedInstances: contours.length,
    foundInstances: ious.filter((iou) => iou >= FOUND_IOU).length,
    missedInstances: ious.filter((iou) => iou < MISSED_IOU).length,
  };
}

/**
 * Adds a contour to what is painted and raises the best IoU of the regions that it overlaps.
 *
 * @returns how many pixels are painted now
 */
function paint(
  contour: Structure['contour'],
  { labels, instances, instanceAt }: TruthShapes,
  bestIou: Float64Array,
  { mask, pixels }: Painted,
  painted: number,
): number {
  const shared = new Float64Array(instances.length + 1);
  let count = painted;
  let size = 0;
  fillPolygon(contour, pixelLattice(labels), (from, to) => {
    size += to - from;
    for (let pixel = from; pixel < to; pixel++) {
      const instance = instanceAt[pixel] ?? 0;
      shared[instance] = (shared[instance] ?? 0) + 1;
      if (mask[pixel] === 0) pixels[count++] = pixel;
      mask[pixel] = 1;
    }
  });
  for (const [index, { areaPx }] of instances.entries()) {
    const common = shared[index + 1] ?? 0;
    bestIou[index] = Math.max(bestIou[index] ?? 0, common / (size + areaPx - common));
  }
  return count;
}

function hd95InMm(
  hd95Px: number,
  hd95: (x: number, y: number) => number | null,
  { xMm, yMm }: Spacing,
): number | null {
  return xMm === yMm ? hd95Px * xMm : hd95(xMm, yMm);
}

/** The pixels of a mask with a neighbour (of four) outside of it, or at the picture's edge. */
function outlineOf(pixels: Int32Array, mask: Uint8Array, widthPx: number): readonly number[] {
  const outline: number[] = [];
  for (const pixel of pixels) {
    const x = pixel % widthPx;
    const isInner =
      x > 0 &&
      x < widthPx - 1 &&
      mask[pixel - 1] === 1 &&
      mask[pixel + 1] === 1 &&
      mask[pixel - widthPx] === 1 &&
      mask[pixel + widthPx] === 1;
    if (!isInner) outline.push(pixel);
  }
  return outline;
}
