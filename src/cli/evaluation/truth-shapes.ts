import type { LabelMap } from '../../domain/ground-truth.js';

/** One connected region of one label. */
export interface TruthInstance {
  /** Index into the label map's classes. */
  readonly label: number;
  readonly areaPx: number;
}

/** What is worth knowing once about a label map, whoever is compared with it. */
export interface TruthShapes {
  readonly labels: LabelMap;
  /** Pixels of each label. */
  readonly areaPx: readonly number[];
  /** Boundary pixels of each label: those with a neighbour (of four) of another label. */
  readonly boundary: readonly (readonly number[])[];
  /** Number of the instance at each pixel, 0 for none; instance n is `instances[n - 1]`. */
  readonly instanceAt: Int32Array;
  readonly instances: readonly TruthInstance[];
}

/** Smaller regions are what the picture's edge or an overlap left over, not structures. */
export const INSTANCE_AREA_MIN_PX = 25;

/** Takes a label map apart. Pixels are numbered `y * widthPx + x`. */
export function truthShapes(labels: LabelMap): TruthShapes {
  const { widthPx, heightPx, data, classes } = labels;
  const areaPx = classes.map(() => 0);
  const boundary: number[][] = classes.map(() => []);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const pixel = y * widthPx + x;
      const label = data[pixel] ?? 0;
      if (label === 0) continue;
      areaPx[label] = (areaPx[label] ?? 0) + 1;
      const isInner =
        x > 0 &&
        y > 0 &&
        x < widthPx - 1 &&
        y < heightPx - 1 &&
        data[pixel - 1] === label &&
        data[pixel + 1] === label &&
        data[pixel - widthPx] === label &&
        data[pixel + widthPx] === label;
      if (!isInner) boundary[label]?.push(pixel);
    }
  }
  return { labels, areaPx, boundary, ...instancesOf(labels) };
}

function instancesOf(labels: LabelMap): Pick<TruthShapes, 'instanceAt' | 'instances'> {
  const { data } = labels;
  const instanceAt = new Int32Array(data.length);
  const instances: TruthInstance[] = [];
  const filled = new Int32Array(data.length);
  for (let start = 0; start < data.length; start++) {
    const label = data[start] ?? 0;
    if (label === 0 || instanceAt[start] !== 0) continue;
    const count = flood(labels, start, -1, instanceAt, filled);
    if (count < INSTANCE_AREA_MIN_PX) continue;
    instances.push({ label, areaPx: count });
    for (let k = 0; k < count; k++) instanceAt[filled[k] ?? 0] = instances.length;
  }
  // Regions that were too small.
  for (let i = 0; i < instanceAt.length; i++) if (instanceAt[i] === -1) instanceAt[i] = 0;
  return { instanceAt, instances };
}

/** Marks the region of equal label (four neighbours) around a pixel; `filled` lists its pixels. */
function flood(
  { data, widthPx }: LabelMap,
  start: number,
  mark: number,
  marks: Int32Array,
  filled: Int32Array,
): number {
  const label = data[start];
  let count = 0;
  const visit = (pixel: number): void => {
    if (marks[pixel] !== 0 || data[pixel] !== label) return;
    marks[pixel] = mark;
    filled[count++] = pixel;
  };
  visit(start);
  for (let k = 0; k < count; k++) {
    const pixel = filled[k] ?? 0;
    const x = pixel % widthPx;
    if (x > 0) visit(pixel - 1);
    if (x < widthPx - 1) visit(pixel + 1);
    if (pixel >= widthPx) visit(pixel - widthPx);
    if (pixel + widthPx < data.length) visit(pixel + widthPx);
  }
  return count;
}
