import type { GridSize } from './kernels.js';

/** Reference of `Kernels.labelComponents`. */
export function labelComponents(
  labels: Uint8Array,
  size: GridSize,
  components: Int32Array,
  stack: Int32Array,
): number {
  const { width, height } = size;
  const cells = width * height;
  components.fill(0, 0, cells);
  let count = 0;
  for (let seed = 0; seed < cells; seed++) {
    const label = labels[seed];
    if (label === 0 || components[seed] !== 0) continue;
    count++;
    components[seed] = count;
    stack[0] = seed;
    let depth = 1;
    while (depth > 0) {
      depth--;
      const cell = stack[depth];
      const x = cell % width;
      if (x > 0) depth = push(labels, components, stack, depth, cell - 1, label, count);
      if (x + 1 < width) depth = push(labels, components, stack, depth, cell + 1, label, count);
      if (cell >= width) depth = push(labels, components, stack, depth, cell - width, label, count);
      if (cell + width < cells) {
        depth = push(labels, components, stack, depth, cell + width, label, count);
      }
    }
  }
  return count;
}

function push(
  labels: Uint8Array,
  components: Int32Array,
  stack: Int32Array,
  depth: number,
  cell: number,
  label: number,
  component: number,
): number {
  if (labels[cell] !== label || components[cell] !== 0) return depth;
  components[cell] = component;
  stack[depth] = cell;
  return depth + 1;
}
