import type { BeamGrid } from './beam-grid.js';
import { type Deformation, NODE_STEP } from './deformation.js';
import type { Material } from './material.js';

/** Tissue as seen at one moment, on the view's grid. */
export interface WarpedTissue {
  /** Envelope before attenuation, amplitude relative to muscle. */
  readonly tissue: Float32Array;
  /** Two-way loss a cell, dB. */
  readonly lossDb: Float32Array;
  readonly labels: Uint8Array;
}

/**
 * Samples the resting material where the deformation says each cell came from: the envelope
 * bilinearly, loss and labels from the nearest cell; beyond the material's edge from the edge.
 */
export function warpMaterial(
  deformation: Deformation,
  grid: BeamGrid,
  material: Material,
  envelope: Float32Array,
  out: WarpedTissue,
): void {
  const { nodeColumns } = deformation;
  const segment = createSegment();
  for (let row = 0; row < grid.rows; row++) {
    const nodeRow = Math.floor(row / NODE_STEP);
    const down = (row - nodeRow * NODE_STEP) / NODE_STEP;
    const upper = nodeRow * nodeColumns;
    const lower = down === 0 ? upper : upper + nodeColumns;
    for (let node = 0; node * NODE_STEP < grid.columns; node++) {
      const next = Math.min(nodeColumns - 1, node + 1);
      const { column, row: rowMap } = deformation;
      segment.column = lerp(column, upper + node, lower + node, down);
      segment.row = lerp(rowMap, upper + node, lower + node, down);
      const columnEnd = lerp(column, upper + next, lower + next, down);
      const rowEnd = lerp(rowMap, upper + next, lower + next, down);
      segment.columnStep = (columnEnd - segment.column) / NODE_STEP;
      segment.rowStep = (rowEnd - segment.row) / NODE_STEP;
      const first = node * NODE_STEP;
      segment.cell = row * grid.columns + first;
      segment.count = Math.min(NODE_STEP, grid.columns - first);
      sampleSegment(segment, material, envelope, out);
    }
  }
}

/** A run of cells with equal steps in the material; one object is reused. */
interface Segment {
  cell: number;
  count: number;
  column: number;
  row: number;
  columnStep: number;
  rowStep: number;
}

function createSegment(): Segment {
  return { cell: 0, count: 0, column: 0, row: 0, columnStep: 0, rowStep: 0 };
}

function lerp(values: Float32Array, upper: number, lower: number, share: number): number {
  const from = values[upper] as number;
  return from + ((values[lower] as number) - from) * share;
}

function sampleSegment(
  segment: Segment,
  material: Material,
  envelope: Float32Array,
  out: WarpedTissue,
): void {
  const { columns, rows } = material.grid;
  const { lossDb, labels } = material.maps;
  const columnLast = columns - 1.001;
  const rowLast = rows - 1.001;
  let column = segment.column;
  let row = segment.row;
  for (let cell = segment.cell; cell < segment.cell + segment.count; cell++) {
    const c = column < 0 ? 0 : Math.min(column, columnLast);
    const r = row < 0 ? 0 : Math.min(row, rowLast);
    const left = c | 0;
    const top = r | 0;
    const at = top * columns + left;
    const sx = c - left;
    const sy = r - top;
    const a = envelope[at] as number;
    const b = envelope[at + columns] as number;
    const upper = a + ((envelope[at + 1] as number) - a) * sx;
    const lower = b + ((envelope[at + columns + 1] as number) - b) * sx;
    out.tissue[cell] = upper + (lower - upper) * sy;
    const near = at + (sx >= 0.5 ? 1 : 0) + (sy >= 0.5 ? columns : 0);
    out.lossDb[cell] = lossDb[near] as number;
    out.labels[cell] = labels[near] as number;
    column += segment.columnStep;
    row += segment.rowStep;
  }
}
