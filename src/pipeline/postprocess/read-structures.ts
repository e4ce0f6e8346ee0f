import { applyAffine, invertAffine } from '../../domain/affine.js';
import { assert } from '../../domain/assert.js';
import { type PointPx, polygonArea } from '../../domain/geometry.js';
import type { LabelClass } from '../../domain/ground-truth.js';
import type { ModelManifest } from '../../domain/model-manifest.js';
import type { Spacing } from '../../domain/spacing.js';
import type { StructureClass } from '../../domain/structure.js';
import type { GridSize, Kernels } from '../../kernels/kernels.js';
import type { FrameContext, SeenStructure } from '../frame-context.js';
import { cellCentre, cellToTensor } from './cells.js';
import { arteryShareOf, createClassScores, mergeVessels } from './merged-classes.js';
import { fillLead, gatherRegions, sumOver } from './regions.js';

/** Most structures in one overlay; the largest are kept. */
const STRUCTURES_MAX = 24;
/** Contours may leave out points up to this far from the simplified line, cells. */
const TOLERANCE = 0.3;
const POINTS_MAX = 4096;

interface Contour {
  readonly points: readonly PointPx[];
  /** By the gate spacing, mm². */
  readonly gateAreaMm2: number;
  /** null when the spacing is unknown. */
  readonly areaMm2: number | null;
}

/** Reads the structures of one frame from the structure head. */
export type StructureReader = (
  logits: Float32Array,
  context: FrameContext,
) => readonly SeenStructure[];

/**
 * Makes a reader of the structure head: regions of equal class, their outlines at a fraction of a
 * cell, in image pixels, with area and confidence. Largest first; ids count from 1 and mean nothing
 * beyond the frame.
 */
export function createStructureReader(
  manifest: ModelManifest,
  kernels: Kernels,
  size: GridSize,
): StructureReader {
  const cells = size.width * size.height;
  const merged = mergeVessels(manifest.classes);
  const scores = createClassScores(merged, cells);
  const components = new Int32Array(cells);
  const stack = new Int32Array(cells);
  const field = new Float32Array(cells);
  const points = new Float32Array(2 * POINTS_MAX);
  const keep = new Uint8Array(POINTS_MAX);
  const { thresholds } = manifest;
  return (logits, context) => {
    kernels.scoreClasses(logits, merged.mergedOf, scores);
    clearOutside(scores.labels, size, manifest.stridePx, context);
    kernels.labelComponents(scores.labels, size, components, stack);
    const regions = gatherRegions(components, size, scores)
      .filter((region) => region.probability / region.cells >= thresholds.structure)
      .sort((a, b) => b.cells - a.cells)
      .slice(0, STRUCTURES_MAX);
    const found: SeenStructure[] = [];
    for (const region of regions) {
      fillLead(field, region, size, scores);
      const traced = kernels.traceContour(field, size, region.firstCell, points);
      if (kernels.simplifyContour(points, traced, TOLERANCE, keep) < 3) continue;
      const contour = toImage(points, keep, traced, manifest.stridePx, context);
      if (contour.gateAreaMm2 < thresholds.structureAreaMm2) continue;
      found.push({
        id: found.length + 1,
        class: decideClass(merged.names[region.label], thresholds.arteryVein, () => {
          const shareOf = (cell: number) => arteryShareOf(logits, merged, cell, cells);
          return sumOver(region, components, size, shareOf) / region.cells;
        }),
        confidence: region.probability / region.cells,
        contour: contour.points,
        areaMm2: contour.areaMm2,
      });
    }
    return found;
  };
}

/** Cells whose centre lies outside the region of interest show no tissue. */
function clearOutside(
  labels: Uint8Array,
  size: GridSize,
  stridePx: number,
  { imageToTensor, region }: FrameContext,
): void {
  const a = applyAffine(imageToTensor, { xPx: region.xPx - 0.5, yPx: region.yPx - 0.5 });
  const b = applyAffine(imageToTensor, {
    xPx: region.xPx + region.widthPx - 0.5,
    yPx: region.yPx + region.heightPx - 0.5,
  });
  const columns = cellsBetween(a.xPx, b.xPx, size.width, stridePx);
  const rows = cellsBetween(a.yPx, b.yPx, size.height, stridePx);
  const { width } = size;
  labels.fill(0, 0, rows.first * width);
  labels.fill(0, rows.end * width);
  if (columns.first === 0 && columns.end === width) return;
  for (let y = rows.first; y < rows.end; y++) {
    labels.fill(0, y * width, y * width + columns.first);
    labels.fill(0, y * width + columns.end, (y + 1) * width);
  }
}

/** The first one of a row of cells whose centre lies between two tensor pixels, and the end. */
function cellsBetween(
  a: number,
  b: number,
  count: number,
  stridePx: number,
): { readonly first: number; readonly end: number } {
  const least = Math.min(a, b);
  const most = Math.max(a, b);
  let first = 0;
  while (first < count && cellCentre(first, stridePx) <= least) first++;
  let end = first;
  while (end < count && cellCentre(end, stridePx) < most) end++;
  return { first, end };
}

/**
 * The kept points in image pixels, inside the region of interest, and the area that they enclose.
 */
function toImage(
  points: Float32Array,
  keep: Uint8Array,
  count: number,
  stridePx: number,
  context: FrameContext,
): Contour {
  const tensorToImage = invertAffine(context.imageToTensor);
  const { region } = context;
  const contour: PointPx[] = [];
  for (let index = 0; index < count; index++) {
    if (keep[index] === 0) continue;
    const x = points[2 * index];
    const y = points[2 * index + 1];
    const point = applyAffine(tensorToImage, cellToTensor(x, y, stridePx));
    contour.push({
      xPx: Math.max(region.xPx, Math.min(region.xPx + region.widthPx - 1, point.xPx)),
      yPx: Math.max(region.yPx, Math.min(region.yPx + region.heightPx - 1, point.yPx)),
    });
  }
  const areaPx = polygonArea(contour);
  return {
    points: contour,
    gateAreaMm2: areaPx * pixelArea(context.gateSpacing),
    areaMm2: context.spacing === null ? null : areaPx * pixelArea(context.spacing),
  };
}

function pixelArea(spacing: Spacing): number {
  return spacing.xMm * spacing.yMm;
}

/** Artery or vein only where the whole region says so; `vessel` otherwise. */
function decideClass(
  name: LabelClass | undefined,
  threshold: number,
  arteryShare: () => number,
): StructureClass {
  assert(name !== undefined && name !== 'background', 'a region has a class');
  if (name !== 'vessel') return name;
  const share = arteryShare();
  if (share >= threshold) return 'artery';
  return 1 - share >= threshold ? 'vein' : 'vessel';
}
