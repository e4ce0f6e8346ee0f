import { applyAffine } from '../../domain/affine.js';
import type { PointPx } from '../../domain/geometry.js';
import { isVessel, type StructureClass } from '../../domain/structure.js';
import type { FrameContext, FrameTrack } from '../frame-context.js';
import { BRIGHTER, DARKER, dropShadows, type MeanPicture, markChanges } from './change-map.js';
import { closeGaps, connectedRegion, type Region } from './connected-region.js';
import { fillContour, gridAround, type SpreadGrid } from './spread-grid.js';
import { type EarlierOutline, meansAround, type Picture, type Watch } from './watch.js';

/** Marks of a cell that the network calls injectate, now and already before the injection. */
const NAMED = 4;
const NAMED_BEFORE = 8;
/** Share of the spread that lies in a vessel from which on it is said to be in it. */
const IN_VESSEL_SHARE = 0.5;

/** The spread in one frame. */
export interface MeasuredSpread {
  /** By the gate's spacing where the true one is unknown. */
  readonly areaMm2: number;
  /** The same of what has changed alone, whatever the network calls it: what onset is judged by. */
  readonly changedMm2: number;
  /** Tensor pixels; null for nothing. */
  readonly centroid: PointPx | null;
  /** The vessel that holds most of it; null when none does. */
  readonly vessel: { readonly id: number; readonly class: StructureClass } | null;
}

/**
 * Measures what hangs together with the tip and has changed since the injection began.
 *
 * @param tip - tensor pixels
 */
export function measureSpread(
  watch: Watch,
  before: MeanPicture,
  tip: PointPx,
  picture: Picture,
  { structures }: Pick<FrameTrack, 'structures'>,
  context: Pick<FrameContext, 'imageToTensor' | 'gateSpacing'>,
): MeasuredSpread {
  const { imageToTensor, gateSpacing } = context;
  const grid = gridAround(tip, {
    xMm: gateSpacing.xMm / Math.abs(imageToTensor.a),
    yMm: gateSpacing.yMm / Math.abs(imageToTensor.d),
  });
  const marks = new Uint8Array(grid.side * grid.side);
  const movedPx = { xPx: Math.round(watch.moved.xPx), yPx: Math.round(watch.moved.yPx) };
  markChanges(grid, meansAround(grid, picture, watch.buffers), before, movedPx, marks);
  dropShadows(grid, marks);
  for (const { class: name, contour, isCoasting } of structures) {
    if (name !== 'injectate' || isCoasting) continue;
    const inTensor = contour.map((point) => applyAffine(imageToTensor, point));
    fillContour(grid, inTensor, NAMED, marks);
  }
  for (const outline of watch.earlier) {
    if (outline.class !== 'injectate') continue;
    fillContour(grid, movedOutline(outline, movedPx), NAMED_BEFORE, marks);
  }
  for (let cell = 0; cell < marks.length; cell++) {
    if ((marks[cell] & NAMED_BEFORE) !== 0) marks[cell] &= ~NAMED;
  }
  const dark = connectedRegion(grid, marks, DARKER, tip);
  const bright = connectedRegion(grid, marks, BRIGHTER, tip);
  const kind = bright.count > dark.count ? BRIGHTER : DARKER;
  const region = closeGaps(grid, connectedRegion(grid, marks, kind | NAMED, tip));
  const cellMm2 = grid.cellXMm * grid.cellYMm;
  return {
    areaMm2: region.count * cellMm2,
    changedMm2: Math.max(dark.count, bright.count) * cellMm2,
    centroid: region.centroid,
    vessel: vesselAround(watch.earlier, region, grid, movedPx),
  };
}

function vesselAround(
  earlier: readonly EarlierOutline[],
  region: Region,
  grid: SpreadGrid,
  movedPx: PointPx,
): MeasuredSpread['vessel'] {
  const inside = new Uint8Array(region.cells.length);
  for (const outline of earlier) {
    if (!isVessel(outline.class)) continue;
    inside.fill(0);
    fillContour(grid, movedOutline(outline, movedPx), 1, inside);
    let shared = 0;
    for (let cell = 0; cell < inside.length; cell++) shared += inside[cell] & region.cells[cell];
    if (shared > 0 && shared >= IN_VESSEL_SHARE * region.count) return outline;
  }
  return null;
}

function movedOutline({ contour }: EarlierOutline, movedPx: PointPx): readonly PointPx[] {
  return contour.map(({ xPx, yPx }) => ({ xPx: xPx + movedPx.xPx, yPx: yPx + movedPx.yPx }));
}
