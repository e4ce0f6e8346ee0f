import type { Kernels } from './kernels.js';
import type { NativeAddon } from './native-addon.js';
import { referenceKernels } from './reference-kernels.js';
import type { ResizePlan } from './resize-plan.js';

/** What the addon's JPEG decoder answers when `target` holds the image. */
const DECODED = 0;
/** Levels that the addon's pyramids have. */
const LEVELS = 4;

/**
 * The kernels with the addon's code behind those that it makes at least 1.3 times as fast; the
 * others stay the reference's (docs/performance.md has the measurement). Same results, bit by bit.
 */
export function createNativeKernels(addon: NativeAddon): Kernels {
  return {
    ...referenceKernels,
    ...imageKernels(addon),
    ...motionKernels(addon),
    ...gridKernels(addon),
  };
}

type ImageKernels = Pick<
  Kernels,
  'grayFromColour' | 'decodeGrayJpeg' | 'activity' | 'lineActivity' | 'resize' | 'textureSums'
>;

function imageKernels(addon: NativeAddon): ImageKernels {
  const geometries = new WeakMap<ResizePlan, Int32Array>();
  const sums = new Float64Array(6);
  return {
    grayFromColour: (source, sourceStrideBytes, { width, height }, order, target) => {
      const isRgba = order === 'rgba' ? 1 : 0;
      addon.grayFromColour(source, sourceStrideBytes, width, height, isRgba, target);
    },
    decodeGrayJpeg: (payload, { width, height }, reduction, target) =>
      addon.decodeGrayJpeg(payload, width, height, reduction, target) === DECODED,
    activity: (image, lagPx, cellPx, cells) => {
      const { data, widthPx, heightPx, strideBytes } = image;
      addon.activity(data, widthPx, heightPx, strideBytes, lagPx, cellPx, cells);
    },
    lineActivity: (image, lagPx, from, length, step) => {
      const pairs = Math.max(0, length - lagPx);
      return addon.activePairs(image.data, from, pairs, step, lagPx) / Math.max(1, pairs);
    },
    resize: (source, rect, plan, target) => {
      let geometry = geometries.get(plan);
      if (geometry === undefined) {
        geometry = geometryOf(plan);
        geometries.set(plan, geometry);
      }
      const { columns, rows } = plan;
      addon.resize(
        source.data,
        source.strideBytes,
        rect.yPx * source.strideBytes + rect.xPx,
        geometry,
        target,
        columns.start,
        columns.offset,
        columns.weights,
        rows.start,
        rows.offset,
        rows.weights,
        plan.scratch,
      );
    },
    textureSums: (intensity, width, { xPx, yPx, widthPx, heightPx }) => {
      addon.textureSums(intensity, width, xPx, yPx, widthPx, heightPx, sums);
      const [pixels, levels, squares, changes, litBlocks, evenBlocks] = sums;
      return { pixels, levels, squares, changes, litBlocks, evenBlocks };
    },
  };
}

function geometryOf(plan: ResizePlan): Int32Array {
  const { placement } = plan;
  return Int32Array.of(
    plan.sourceWidth,
    plan.sourceHeight,
    plan.targetWidth,
    placement.xPx,
    placement.yPx,
    placement.widthPx,
    placement.heightPx,
    plan.boxFactor,
  );
}

function motionKernels(
  addon: NativeAddon,
): Pick<Kernels, 'buildPyramid' | 'estimateShift' | 'shiftedDifference' | 'backgroundDifference'> {
  const shift = new Float64Array(2);
  return {
    buildPyramid: (image, pyramid) => {
      const { levels } = pyramid;
      if (levels.length !== LEVELS) return referenceKernels.buildPyramid(image, pyramid);
      const [a, b, c, d] = levels;
      addon.buildPyramid(a.width, a.height, image, a.data, b.data, c.data, d.data);
    },
    estimateShift: (previous, current) => {
      if (previous.levels.length !== LEVELS || current.levels.length !== LEVELS) {
        return referenceKernels.estimateShift(previous, current);
      }
      const [p0, p1, p2, p3] = previous.levels;
      const [c0, c1, c2, c3] = current.levels;
      const isReliable = addon.estimateShift(
        c0.width,
        c0.height,
        p0.data,
        p1.data,
        p2.data,
        p3.data,
        c0.data,
        c1.data,
        c2.data,
        c3.data,
        shift,
      );
      return { xPx: shift[0], yPx: shift[1], isReliable };
    },
    shiftedDifference: (current, previous, size, { xPx, yPx }, gain, neutral, target) => {
      const { width, height } = size;
      addon.shiftedDifference(width, height, current, previous, xPx, yPx, gain, neutral, target);
    },
    backgroundDifference: (
      current,
      background,
      size,
      { xPx, yPx },
      weight,
      neutral,
      target,
      next,
    ) => {
      addon.backgroundDifference(
        size.width,
        size.height,
        current,
        background,
        xPx,
        yPx,
        weight,
        neutral,
        target,
        next,
      );
    },
  };
}

function gridKernels(
  addon: NativeAddon,
): Pick<
  Kernels,
  'scoreClasses' | 'findPeaks' | 'labelComponents' | 'traceContour' | 'simplifyContour'
> {
  return {
    scoreClasses: (logits, classOf, { labels, probabilities, best, second }) =>
      addon.scoreClasses(logits, classOf, labels, probabilities, best, second),
    findPeaks: (values, { width, height }, threshold, peaks) =>
      addon.findPeaks(values, width, height, threshold, peaks),
    labelComponents: (labels, { width, height }, components, stack) =>
      addon.labelComponents(labels, width, height, components, stack),
    traceContour: (field, { width, height }, startCell, points) =>
      addon.traceContour(field, width, height, startCell, points),
    simplifyContour: (points, count, tolerance, keep) =>
      addon.simplifyContour(points, count, tolerance, keep),
  };
}
