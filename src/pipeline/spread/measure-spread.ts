import { type Affine, applyAffine } from '../../domain/affine.js';
import { movedBy, type PointPx, type SegmentPx } from '../../domain/geometry.js';
import type { Spacing } from '../../domain/spacing.js';
import { isVessel, type StructureClass } from '../../domain/structure.js';
import type { FrameContext, FrameTrack } from '../frame-context.js';
import type { Before, Picture } from './background.js';
import { BRIGHTER, DARKER, dropShadows, markChanges, SURE } from './change-map.js';
import { closeGaps, connectedRegion } from './connected-region.js';
import { ECHO_SHIFT, setNeedleAside } from './needle-echo.js';
import { shownPart } from './shown-part.js';
import { fillContour, gridAround, type SpreadGrid } from './spread-grid.js';
import type { SpreadRoom } from './spread-room.js';
import { type EarlierOutline, meansAround, type Watch } from './watch.js';

/** Marks of a cell that the network calls injectate, now and already before the injection. */
const NAMED = 4;
const NAMED_BEFORE = 8;
/** Share of the spread that lies in a vessel from which on it is said to be in it. */
const IN_VESSEL_SHARE = 0.5;

/** What has changed in one frame; the room's `marks` say where. */
export interface MeasuredChange {
  /**
   * What hangs together with the tip, whatever the network calls it: what onset is judged by. By
   * the gate's spacing where the true one is unknown.
   */
  readonly changedMm2: number;
  /** The kind that prevails. */
  readonly kind: typeof DARKER | typeof BRIGHTER;
  /** The tip, tensor pixels. */
  readonly tip: PointPx;
  /** The window, and where it was before the injection. */
  readonly grid: SpreadGrid;
  readonly gridBefore: SpreadGrid;
}

/** The spread in one frame. */
export interface MeasuredSpread {
  readonly areaMm2: number;
  /** Tensor pixels; null for nothing. */
  readonly centroid: PointPx | null;
  /** The window; the room's `region` is 1 where the spread is. */
  readonly grid: SpreadGrid;
  /** The vessel that holds most of it; null when none does. */
  readonly vessel: { readonly id: number; readonly class: StructureClass } | null;
}

/**
 * Measures what hangs together with the tip and has changed since the injection began.
 *
 * @param needle - tensor pixels, as measured last
 */
export function measureChange(
  watch: Watch,
  before: Before,
  needle: { readonly tip: PointPx; readonly shaft: SegmentPx | null },
  picture: Picture,
  { structures }: Pick<FrameTrack, 'structures'>,
  context: Pick<FrameContext, 'imageToTensor' | 'gateSpacing' | 'region'>,
): MeasuredChange {
  const { tip, shaft } = needle;
  const { imageToTensor, region } = context;
  const grid = gridAround(tip, tensorSpacing(context));
  const { room, earlier } = watch;
  const { marks, dark, bright, stack } = room;
  const movedPx = { xPx: Math.round(watch.moved.xPx), yPx: Math.round(watch.moved.yPx) };
  const gridBefore = { ...grid, xPx: grid.xPx - movedPx.xPx, yPx: grid.yPx - movedPx.yPx };
  const now = meansAround(grid, picture, room);
  markChanges(grid, now, before, { movedPx, shown: shownPart(region, imageToTensor) }, marks);
  markNamed(grid, gridBefore, structures, earlier, imageToTensor, marks);
  if (watch.growth.onsetUs === null) keepSure(grid, marks);
  dropShadows(grid, marks);
  setNeedleAside(grid, marks, shaft, watch.shaft && movedShaft(watch.shaft, movedPx));
  const darkCount = connectedRegion(grid, marks, DARKER, tip, dark, stack);
  const brightCount = connectedRegion(grid, marks, BRIGHTER, tip, bright, stack);
  return {
    changedMm2: Math.max(darkCount, brightCount) * cellMm2(grid),
    kind: brightCount > darkCount ? BRIGHTER : DARKER,
    tip,
    grid,
    gridBefore,
  };
}

/** Millimetres of a tensor pixel, by the gate's spacing. */
export function tensorSpacing({
  gateSpacing,
  imageToTensor,
}: Pick<FrameContext, 'imageToTensor' | 'gateSpacing'>): Spacing {
  return {
    xMm: gateSpacing.xMm / Math.abs(imageToTensor.a),
    yMm: gateSpacing.yMm / Math.abs(imageToTensor.d),
  };
}

/** Measures the spread once it is seen: the change, with what the network calls injectate. */
export function measureSpread({ room, earlier }: Watch, change: MeasuredChange): MeasuredSpread {
  const { kind, tip, grid, gridBefore } = change;
  const wanted = kind | (kind << ECHO_SHIFT) | NAMED;
  connectedRegion(grid, room.marks, wanted, tip, room.region, room.stack);
  const { count, centroid } = closeGaps(grid, room);
  return {
    areaMm2: count * cellMm2(grid),
    centroid,
    grid,
    vessel: vesselAround(earlier, room, gridBefore, count),
  };
}

/**
 * Marks what the network calls injectate and did not before the injection.
 *
 * @param gridBefore - the window where it was then, as the earlier outlines are
 */
function markNamed(
  grid: SpreadGrid,
  gridBefore: SpreadGrid,
  structures: FrameTrack['structures'],
  earlier: readonly EarlierOutline[],
  imageToTensor: Affine,
  marks: Uint8Array,
): void {
  for (const { class: name, contour, isCoasting } of structures) {
    if (name !== 'injectate' || isCoasting) continue;
    const inTensor = contour.map((point) => applyAffine(imageToTensor, point));
    fillContour(grid, inTensor, NAMED, marks);
  }
  for (const { class: name, contour } of earlier) {
    if (name === 'injectate') fillContour(gridBefore, contour, NAMED_BEFORE, marks);
  }
  const cells = grid.side * grid.side;
  for (let cell = 0; cell < cells; cell++) {
    if ((marks[cell] & NAMED_BEFORE) !== 0) marks[cell] &= ~NAMED;
  }
}

/**
 * Leaves the changes that speak for an onset: those that are sure, and those that the network calls
 * injectate. Once there is fluid its edge lies where the mean says.
 */
function keepSure({ side }: SpreadGrid, marks: Uint8Array): void {
  const cells = side * side;
  for (let cell = 0; cell < cells; cell++) {
    if ((marks[cell] & (SURE | NAMED)) === 0) marks[cell] &= ~(DARKER | BRIGHTER);
  }
}

function cellMm2({ cellXMm, cellYMm }: SpreadGrid): number {
  return cellXMm * cellYMm;
}

function movedShaft({ from, to }: SegmentPx, by: PointPx): SegmentPx {
  return { from: movedBy(from, by), to: movedBy(to, by) };
}

/** @param gridBefore - the window where it was before the injection, as the outlines are */
function vesselAround(
  earlier: readonly EarlierOutline[],
  { region, inside }: SpreadRoom,
  gridBefore: SpreadGrid,
  count: number,
): MeasuredSpread['vessel'] {
  const cells = gridBefore.side * gridBefore.side;
  for (const outline of earlier) {
    if (!isVessel(outline.class)) continue;
    inside.fill(0, 0, cells);
    fillContour(gridBefore, outline.contour, 1, inside);
    let shared = 0;
    for (let cell = 0; cell < cells; cell++) shared += inside[cell] & region[cell];
    if (shared > 0 && shared >= IN_VESSEL_SHARE * count) return outline;
  }
  return null;
}
