import type { GrayImage } from '../../domain/frame.js';
import type { RectPx } from '../../domain/geometry.js';
import { median } from '../../domain/median.js';

/**
 * Where a still holds echo data: one span of columns in each row (`from` inclusive, `to` exclusive;
 * empty rows have from = to). Menus, scales and black borders lie outside.
 */
export interface EchoRegion {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly bounds: RectPx;
}

/** A cell with less mean level or less variation than this holds no echoes. */
const LEVEL_MIN = 5;
const DEVIATION_MIN = 1.6;
/** A cell of which more than this share has one level (± 1) is a menu, text on it, or a border. */
const FLAT_SHARE = 0.55;
/** Share of the median row that an outer row must have to count. */
const SPUR_SHARE = 0.3;
/** A hull that fills its bounding box this well belongs to a linear probe: the box is taken. */
const BOX_SHARE = 0.84;

/**
 * Finds the echo data of a still: the largest connected area whose brightness varies as speckle
 * does, made convex. Flat menus and thin or small things (text, ticks, frames) drop out. Where
 * nothing varies the whole image is returned.
 */
export function findEchoRegion(image: GrayImage): EchoRegion {
  const cell = Math.max(4, Math.round(Math.min(image.widthPx, image.heightPx) / 72));
  const columns = Math.floor(image.widthPx / cell);
  const rows = Math.floor(image.heightPx / cell);
  const active = activeCells(image, cell, columns, rows);
  const solid = solidCells(active, columns, rows);
  const component = withoutSpurs(largestComponent(solid, columns, rows), columns, rows);
  if (component.length < 12) return wholeImage(image);
  const corners: Corner[] = [];
  for (const index of component) {
    const x = (index % columns) * cell;
    const y = Math.floor(index / columns) * cell;
    corners.push({ x, y }, { x: x + cell, y }, { x, y: y + cell }, { x: x + cell, y: y + cell });
  }
  const region = fillHull(convexHull(corners), image);
  const { xPx, yPx, widthPx, heightPx } = region.bounds;
  let filled = 0;
  for (let y = 0; y < region.from.length; y++) {
    filled += (region.to[y] as number) - (region.from[y] as number);
  }
  if (filled < BOX_SHARE * widthPx * heightPx) return region;
  region.from.fill(xPx, yPx, yPx + heightPx);
  region.to.fill(xPx + widthPx, yPx, yPx + heightPx);
  return region;
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

function activeCells(image: GrayImage, cell: number, columns: number, rows: number): Uint8Array {
  const active = new Uint8Array(columns * rows);
  const counts = new Int32Array(258);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      counts.fill(0);
      for (let y = row * cell; y < (row + 1) * cell; y++) {
        const start = y * image.strideBytes + column * cell;
        for (let x = start; x < start + cell; x++) {
          const bin = (image.data[x] as number) + 1;
          counts[bin] = (counts[bin] as number) + 1;
        }
      }
      if (isSpeckled(counts, cell * cell)) active[row * columns + column] = 1;
    }
  }
  return active;
}

/** `counts[level + 1]` is how often a level occurs in a cell. */
function isSpeckled(counts: Int32Array, total: number): boolean {
  let sum = 0;
  let squares = 0;
  let commonest = 0;
  for (let level = 0; level < 256; level++) {
    const count = counts[level + 1] as number;
    sum += count * level;
    squares += count * level * level;
    const near = count + (counts[level] as number) + (counts[level + 2] as number);
    commonest = Math.max(commonest, near);
  }
  const mean = sum / total;
  const deviation = Math.sqrt(Math.max(0, squares / total - mean * mean));
  return mean > LEVEL_MIN && deviation > DEVIATION_MIN && commonest < FLAT_SHARE * total;
}

/** Cells whose neighbourhood is mostly active: removes lines one cell wide. */
function solidCells(active: Uint8Array, columns: number, rows: number): Uint8Array {
  const solid = new Uint8Array(active.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let near = 0;
      for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
          near += active[y * columns + x] as number;
        }
      }
      const isEdge = row === 0 || column === 0 || row === rows - 1 || column === columns - 1;
      if (near >= (isEdge ? 4 : 6)) solid[row * columns + column] = 1;
    }
  }
  return solid;
}

function largestComponent(solid: Uint8Array, columns: number, rows: number): number[] {
  const seen = new Uint8Array(solid.length);
  let largest: number[] = [];
  for (let start = 0; start < solid.length; start++) {
    if (solid[start] === 0 || seen[start] === 1) continue;
    const members = [start];
    seen[start] = 1;
    for (let next = 0; next < members.length; next++) {
      const index = members[next] as number;
      const column = index % columns;
      const row = (index - column) / columns;
      const neighbours = [
        column > 0 ? index - 1 : -1,
        column < columns - 1 ? index + 1 : -1,
        row > 0 ? index - columns : -1,
        row < rows - 1 ? index + columns : -1,
      ];
      for (const neighbour of neighbours) {
        if (neighbour < 0 || solid[neighbour] === 0 || seen[neighbour] === 1) continue;
        seen[neighbour] = 1;
        members.push(neighbour);
      }
    }
    if (members.length > largest.length) largest = members;
  }
  return largest;
}

/** Rows at either end that are much emptier than most are text or scales that touch the picture. */
function withoutSpurs(component: readonly number[], columns: number, rows: number): number[] {
  const counts = new Int32Array(rows);
  for (const index of component) {
    const row = Math.floor(index / columns);
    counts[row] = (counts[row] as number) + 1;
  }
  const least = SPUR_SHARE * median([...counts].filter((count) => count > 0));
  let top = 0;
  let bottom = rows - 1;
  while (top < bottom && (counts[top] as number) < least) top++;
  while (bottom > top && (counts[bottom] as number) < least) bottom--;
  return component.filter((index) => {
    const row = Math.floor(index / columns);
    return row >= top && row <= bottom;
  });
}

/** Andrew's monotone chain. */
function convexHull(points: Corner[]): Corner[] {
  points.sort((a, b) => a.x - b.x || a.y - b.y);
  const half = (ordered: readonly Corner[]): Corner[] => {
    const chain: Corner[] = [];
    for (const point of ordered) {
      while (chain.length >= 2) {
        const a = chain[chain.length - 2] as Corner;
        const b = chain[chain.length - 1] as Corner;
        if ((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) > 0) break;
        chain.pop();
      }
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  return [...half(points), ...half(points.slice().reverse())];
}

function fillHull(hull: readonly Corner[], image: GrayImage): EchoRegion {
  const from = new Int32Array(image.heightPx).fill(image.widthPx);
  const to = new Int32Array(image.heightPx);
  for (let k = 0; k < hull.length; k++) {
    const a = hull[k] as Corner;
    const b = hull[(k + 1) % hull.length] as Corner;
    const top = Math.max(0, Math.min(a.y, b.y));
    const bottom = Math.min(image.heightPx - 1, Math.max(a.y, b.y));
    for (let y = top; y <= bottom; y++) {
      const share = a.y === b.y ? 0 : (y - a.y) / (b.y - a.y);
      for (const x of a.y === b.y ? [a.x, b.x] : [a.x + share * (b.x - a.x)]) {
        from[y] = Math.min(from[y] as number, Math.floor(x));
        to[y] = Math.max(to[y] as number, Math.min(image.widthPx, Math.ceil(x)));
      }
    }
  }
  return withBounds(from, to);
}

function wholeImage(image: GrayImage): EchoRegion {
  const from = new Int32Array(image.heightPx);
  return withBounds(from, new Int32Array(image.heightPx).fill(image.widthPx));
}

function withBounds(from: Int32Array, to: Int32Array): EchoRegion {
  let left = Number.POSITIVE_INFINITY;
  let right = 0;
  let top = -1;
  let bottom = 0;
  for (let y = 0; y < from.length; y++) {
    if ((from[y] as number) >= (to[y] as number)) {
      from[y] = 0;
      to[y] = 0;
      continue;
    }
    if (top < 0) top = y;
    bottom = y + 1;
    left = Math.min(left, from[y] as number);
    right = Math.max(right, to[y] as number);
  }
  const bounds = { xPx: left, yPx: top, widthPx: right - left, heightPx: bottom - top };
  return { from, to, bounds };
}
