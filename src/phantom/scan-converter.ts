import { type BeamGrid, columnAt, rowAt } from './beam-grid.js';
import { isInView, type ProbeView } from './probe-view.js';
import type { ScreenMap } from './screen-layout.js';

/** Turns beam-space values into screen pixels through tables that are computed once. */
export interface ScanConverter {
  /** 1 where a pixel shows echoes. */
  readonly isEcho: Uint8Array;
  /** Interpolates gray levels (0 to 255, as floats) and sends them through a gray map. */
  convert(beam: Float32Array, grayMap: Uint8Array, screen: Uint8Array): void;
  /** Takes the nearest cell's label. */
  convertLabels(beam: Uint8Array, screen: Uint8Array): void;
}

/** Bilinear weights are kept as pairs of fractions, 5 numbers a pixel in all. */
export function createScanConverter(
  grid: BeamGrid,
  view: ProbeView,
  map: ScreenMap,
  widthPx: number,
  heightPx: number,
): ScanConverter {
  const pixels: number[] = [];
  const isEcho = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const xMm = (x - map.originXPx) * map.spacing.xMm;
      const zMm = (y - map.originYPx) * map.spacing.yMm;
      if (!isInView(view, xMm, zMm, 0)) continue;
      isEcho[y * widthPx + x] = 1;
      pixels.push(y * widthPx + x);
    }
  }
  const target = Int32Array.from(pixels);
  const corner = new Int32Array(target.length);
  const nearest = new Int32Array(target.length);
  const shareX = new Float32Array(target.length);
  const shareY = new Float32Array(target.length);
  for (let index = 0; index < target.length; index++) {
    const pixel = target[index] as number;
    const xMm = ((pixel % widthPx) - map.originXPx) * map.spacing.xMm;
    const zMm = (Math.floor(pixel / widthPx) - map.originYPx) * map.spacing.yMm;
    const column = Math.min(grid.columns - 1.001, Math.max(0, columnAt(grid, xMm, zMm)));
    const row = Math.min(grid.rows - 1.001, Math.max(0, rowAt(grid, xMm, zMm)));
    corner[index] = Math.floor(row) * grid.columns + Math.floor(column);
    nearest[index] = Math.round(row) * grid.columns + Math.round(column);
    shareX[index] = column - Math.floor(column);
    shareY[index] = row - Math.floor(row);
  }
  const { columns } = grid;
  return {
    isEcho,
    convert: (beam, grayMap, screen) => {
      for (let index = 0; index < target.length; index++) {
        const cell = corner[index] as number;
        const sx = shareX[index] as number;
        const upperLeft = beam[cell] as number;
        const upper = upperLeft + ((beam[cell + 1] as number) - upperLeft) * sx;
        const lowerLeft = beam[cell + columns] as number;
        const lower = lowerLeft + ((beam[cell + columns + 1] as number) - lowerLeft) * sx;
        const level = upper + (lower - upper) * (shareY[index] as number);
        screen[target[index] as number] = grayMap[(level + 0.5) | 0] as number;
      }
    },
    convertLabels: (beam, screen) => {
      for (let index = 0; index < target.length; index++) {
        screen[target[index] as number] = beam[nearest[index] as number] as number;
      }
    },
  };
}
