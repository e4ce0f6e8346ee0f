import type { ClassScores, GridSize } from '../../kernels/kernels.js';

/** One connected region of equal labels, in cells. */
export interface Region {
  /** Its number among the components. */
  readonly component: number;
  readonly label: number;
  readonly firstCell: number;
  cells: number;
  /** Sum over the region's cells of the probability of its label. */
  probability: number;
  left: number;
  right: number;
  readonly top: number;
  bottom: number;
}

/** The regions by number of their component, which is 1 for the first one. */
export function gatherRegions(
  components: Int32Array,
  size: GridSize,
  { labels, best }: ClassScores,
): Region[] {
  const regions: Region[] = [];
  for (let y = 0; y < size.height; y++) {
    const row = y * size.width;
    let x = 0;
    while (x < size.width) {
      const left = x;
      const component = components[row + left];
      // A run at a time: most cells have the neighbour's number.
      while (x < size.width && components[row + x] === component) x++;
      if (component === 0) continue;
      let region = regions[component - 1];
      if (region === undefined) {
        region = begin(component, labels[row + left], row + left, left, y);
        regions[component - 1] = region;
      }
      let { probability } = region;
      for (let cell = row + left; cell < row + x; cell++) probability += best[cell];
      region.probability = probability;
      region.cells += x - left;
      region.left = Math.min(region.left, left);
      region.right = Math.max(region.right, x - 1);
      region.bottom = y;
    }
  }
  return regions;
}

function begin(component: number, label: number, firstCell: number, x: number, y: number): Region {
  const bounds = { left: x, right: x, top: y, bottom: y };
  return { component, label, firstCell, cells: 0, probability: 0, ...bounds };
}

/**
 * Lead of the region's class over the best other one: positive exactly in the cells that carry its
 * label. Written where a walk along the region's border looks: as far as one cell beyond it.
 */
export function fillLead(
  field: Float32Array,
  region: Region,
  size: GridSize,
  { labels, probabilities, best, second }: ClassScores,
): void {
  const { label } = region;
  const plane = label * field.length;
  const first = Math.max(0, region.left - 1);
  const end = Math.min(size.width, region.right + 2);
  const bottom = Math.min(size.height - 1, region.bottom + 1);
  for (let y = Math.max(0, region.top - 1); y <= bottom; y++) {
    for (let cell = y * size.width + first; cell < y * size.width + end; cell++) {
      const most = best[cell];
      field[cell] =
        labels[cell] === label
          ? Math.max(1e-4, most - second[cell])
          : Math.min(-1e-4, probabilities[plane + cell] - most);
    }
  }
}

/** Sum over a region's cells, in their order. */
export function sumOver(
  region: Region,
  components: Int32Array,
  size: GridSize,
  partOf: (cell: number) => number,
): number {
  let sum = 0;
  for (let y = region.top; y <= region.bottom; y++) {
    for (let cell = y * size.width + region.left; cell <= y * size.width + region.right; cell++) {
      if (components[cell] === region.component) sum += partOf(cell);
    }
  }
  return sum;
}
