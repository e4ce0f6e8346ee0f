import { type BeamGrid, createBeamGrid } from './beam-grid.js';
import type { ProbeView } from './probe-view.js';
import type { ScreenMap } from './screen-layout.js';
import type { TissueMotion } from './tissue-motion.js';

/** The grid of what is seen, and the larger one of the tissue at rest that moves under it. */
export interface GridPlan {
  readonly view: BeamGrid;
  readonly material: BeamGrid;
}

const COLUMNS_MIN = 72;
const COLUMNS_MAX = 288;
const ROWS_MIN = 128;
const ROWS_MAX = 416;

/** Chooses as many beams and samples as the screen can show, within limits of speed. */
export function planGrids(view: ProbeView, map: ScreenMap, motion: TissueMotion): GridPlan {
  const isLinear = view.geometry === 'linear';
  const middleWidthMm = isLinear
    ? 2 * view.halfWidthMm
    : 2 * view.halfAngleRad * (view.radiusMm + 0.6 * view.depthMm);
  const columns = limit((0.72 * middleWidthMm) / map.spacing.xMm, COLUMNS_MIN, COLUMNS_MAX);
  const rows = limit((0.95 * view.depthMm) / map.spacing.yMm, ROWS_MIN, ROWS_MAX);
  const half = isLinear ? view.halfWidthMm : view.halfAngleRad;
  const pitch = (2 * half) / (columns - 1);
  const rowMm = view.depthMm / (rows - 1);
  const shape = { geometry: view.geometry, pitch, rowMm, radiusMm: view.radiusMm };
  const glideMm = Math.abs(motion.glide?.shiftMm ?? 0);
  const marginMm = motion.slide.amplitude + glideMm + motion.breathing.amplitude + 1.5;
  const pitchMm = isLinear ? pitch : pitch * (view.radiusMm + 0.5 * view.depthMm);
  const padColumns = Math.ceil(marginMm / pitchMm);
  const deeperMm = motion.breathing.amplitude + motion.press.amplitude * view.depthMm + 1;
  return {
    view: createBeamGrid({ ...shape, columns, rows, firstColumn: -half, firstRowMm: 0 }),
    material: createBeamGrid({
      ...shape,
      columns: columns + 2 * padColumns,
      rows: rows + Math.ceil(deeperMm / rowMm),
      firstColumn: -half - padColumns * pitch,
      firstRowMm: 0,
    }),
  };
}

function limit(value: number, min: number, max: number): number {
  return Math.round(Math.min(max, Math.max(min, value)));
}
