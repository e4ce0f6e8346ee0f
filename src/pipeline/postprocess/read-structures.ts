import { applyAffine, invertAffine } from '../../domain/affine.js';
import { assert } from '../../domain/assert.js';
import { type PointPx, polygonArea } from '../../domain/geometry.js';
import type { LabelClass } from '../../domain/ground-truth.js';
import type { ModelManifest } from '../../domain/model-manifest.js';
import type { Spacing } from '../../domain/spacing.js';
import type { StructureClass } from '../../domain/structure.js';
import type { GridSize, Kernels } from '../../kernels/kernels.js';
import type { FrameContext, SeenStructure } from '../frame-context.js';
import { cellToTensor } from './cells.js';
import { type ClassScores, createClassScores, mergeVessels, scoreClasses } from './class-scores.js';

/** Most structures in one overlay; the largest are kept. */
const STRUCTURES_MAX = 24;
/** Contours may leave out points up to this far from the simplified line, cells. */
const TOLERANCE = 0.3;
const POINTS_MAX = 4096;

/** One connected region, in cells. */
interface Region {
  readonly component: number;
  readonly label: number;
  readonly firstCell: number;
  cells: number;
  /** Sums over the region's cells. */
  probability: number;
  arteryShare: number;
}

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
    scoreClasses(logits, merged, scores);
    clearOutside(scores.labels, size, manifest.stridePx, context);
    kernels.labelComponents(scores.labels, size, components, stack);
    const regions = gatherRegions(components, scores)
      .filter((region) => region.probability / region.cells >= thresholds.structure)
      .sort((a, b) => b.cells - a.cells)
      .slice(0, STRUCTURES_MAX);
    const found: SeenStructure[] = [];
    for (const region of regions) {
      fillField(field, region.label, scores);
      const traced = kernels.traceContour(field, size, region.firstCell, points);
      if (kernels.simplifyContour(points, traced, TOLERANCE, keep) < 3) continue;
      const contour = toImage(points, keep, traced, manifest.stridePx, context);
      if (contour.gateAreaMm2 < thresholds.structureAreaMm2) continue;
      found.push({
        id: found.length + 1,
        class: decideClass(merged.names[region.label], region, thresholds.arteryVein),
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
  context: FrameContext,
): void {
  const { imageToTensor, region } = context;
  const a = applyAffine(imageToTensor, { xPx: region.xPx - 0.5, yPx: region.yPx - 0.5 });
  const b = applyAffine(imageToTensor, {
    xPx: region.xPx + region.widthPx - 0.5,
    yPx: region.yPx + region.heightPx - 0.5,
  });
  const left = Math.min(a.xPx, b.xPx);
  const right = Math.max(a.xPx, b.xPx);
  const top = Math.min(a.yPx, b.yPx);
  const bottom = Math.max(a.yPx, b.yPx);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const centre = cellToTensor(x, y, stridePx);
      const isInside =
        centre.xPx > left && centre.xPx < right && centre.yPx > top && centre.yPx < bottom;
      if (!isInside) labels[y * size.width + x] = 0;
    }
  }
}

function gatherRegions(components: Int32Array, scores: ClassScores): Region[] {
  const regions: Region[] = [];
  for (let cell = 0; cell < components.length; cell++) {
    const component = components[cell];
    if (component === 0) continue;
    let region = regions[component - 1];
    if (region === undefined) {
      const label = scores.labels[cell];
      region = { component, label, firstCell: cell, cells: 0, probability: 0, arteryShare: 0 };
      regions[component - 1] = region;
    }
    region.cells++;
    region.probability += scores.best[cell];
    region.arteryShare += scores.arteryShare[cell];
  }
  return regions;
}

/** Lead of a class over the best other one: positive exactly in the cells that carry its label. */
function fillField(field: Float32Array, label: number, scores: ClassScores): void {
  const cells = field.length;
  for (let cell = 0; cell < cells; cell++) {
    const best = scores.best[cell];
    if (scores.labels[cell] === label) {
      field[cell] = Math.max(1e-4, best - scores.second[cell]);
    } else {
      const lead = scores.probabilities[label * cells + cell] - best;
      field[cell] = Math.min(-1e-4, lead);
    }
  }
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
  region: Region,
  threshold: number,
): StructureClass {
  assert(name !== undefined && name !== 'background', 'a region has a class');
  if (name !== 'vessel') return name;
  const share = region.arteryShare / region.cells;
  if (share >= threshold) return 'artery';
  return 1 - share >= threshold ? 'vein' : 'vessel';
}
