import type { PointPx } from '../../domain/geometry.js';
import type { GroundTruth, LabelMap } from '../../domain/ground-truth.js';
import type { StructureClass } from '../../domain/structure.js';
import { referenceKernels } from '../../kernels/reference-kernels.js';
import type { Random } from '../../phantom/random.js';
import type { SeenStructure } from '../../pipeline/frame-context.js';
import type { OracleNoise } from './oracle-detector.js';
import { INSTANCE_AREA_MIN_PX } from './truth-shapes.js';

/** Contours may leave out points up to this far from the simplified line, px. */
const TOLERANCE_PX = 0.7;
const POINTS_MAX = 16_384;
const CONFIDENCE = 0.9;

/** The structures of a labelled frame, each displaced by an error of its own, some missed. */
export function createContourOracle(
  random: Random,
  noise: Pick<OracleNoise, 'contourMm' | 'structureMissRate'>,
): (truth: GroundTruth) => readonly SeenStructure[] {
  const buffers = createBuffers();
  return ({ labels, spacing }) =>
    outlinesOf(labels, buffers)
      .filter(() => !random.chance(noise.structureMissRate))
      .map(({ name, contour, areaPx }, index): SeenStructure => {
        const dx = (noise.contourMm * random.gaussian()) / spacing.xMm;
        const dy = (noise.contourMm * random.gaussian()) / spacing.yMm;
        return {
          id: index + 1,
          class: name,
          confidence: CONFIDENCE,
          contour: contour.map(({ xPx, yPx }) => ({ xPx: xPx + dx, yPx: yPx + dy })),
          areaMm2: areaPx * spacing.xMm * spacing.yMm,
        };
      });
}

interface Outline {
  readonly name: StructureClass;
  readonly contour: readonly PointPx[];
  readonly areaPx: number;
}

/** Room for one label map's outlines, kept from frame to frame. */
interface Buffers {
  components: Int32Array;
  queue: Int32Array;
  /** −1 outside of the component at hand. */
  field: Float32Array;
  readonly points: Float32Array;
  readonly keep: Uint8Array;
}

function createBuffers(): Buffers {
  return {
    components: new Int32Array(0),
    queue: new Int32Array(0),
    field: new Float32Array(0),
    points: new Float32Array(2 * POINTS_MAX),
    keep: new Uint8Array(POINTS_MAX),
  };
}

function outlinesOf(
  { widthPx, heightPx, data, classes }: LabelMap,
  buffers: Buffers,
): readonly Outline[] {
  const size = { width: widthPx, height: heightPx };
  if (buffers.field.length !== data.length) {
    buffers.components = new Int32Array(data.length);
    buffers.queue = new Int32Array(data.length);
    buffers.field = new Float32Array(data.length).fill(-1);
  }
  const { components, queue, field, points, keep } = buffers;
  const count = referenceKernels.labelComponents(data, size, components, queue);
  const first = new Int32Array(count + 1).fill(-1);
  const last = new Int32Array(count + 1);
  const areas = new Int32Array(count + 1);
  for (let pixel = 0; pixel < components.length; pixel++) {
    const component = components[pixel] ?? 0;
    areas[component] += 1;
    last[component] = pixel;
    if (first[component] === -1) first[component] = pixel;
  }
  const fill = (component: number, value: number): void => {
    for (let pixel = first[component] ?? 0; pixel <= (last[component] ?? -1); pixel++) {
      if (components[pixel] === component) field[pixel] = value;
    }
  };
  const outlines: Outline[] = [];
  for (let component = 1; component <= count; component++) {
    const start = first[component] ?? 0;
    const name = classes[data[start] ?? 0];
    const areaPx = areas[component] ?? 0;
    if (name === undefined || name === 'background' || areaPx < INSTANCE_AREA_MIN_PX) continue;
    fill(component, 1);
    const traced = referenceKernels.traceContour(field, size, start, points);
    fill(component, -1);
    if (referenceKernels.simplifyContour(points, traced, TOLERANCE_PX, keep) < 3) continue;
    const contour: PointPx[] = [];
    for (let at = 0; at < traced; at++) {
      if (keep[at] === 0) continue;
      contour.push({ xPx: points[2 * at] ?? 0, yPx: points[2 * at + 1] ?? 0 });
    }
    outlines.push({ name, contour, areaPx });
  }
  return outlines;
}
