import { activity, lineActivity } from './activity.js';
import { backgroundDifference } from './background-difference.js';
import { estimateShift } from './estimate-shift.js';
import { findPeaks } from './find-peaks.js';
import { fitLine } from './fit-line.js';
import { grayFromColour } from './gray-from-colour.js';
import type { Kernels } from './kernels.js';
import { labelComponents } from './label-components.js';
import { shiftedDifference } from './motion-difference.js';
import { resize } from './resize.js';
import { scoreClasses } from './score-classes.js';
import { buildPyramid } from './shift-pyramid.js';
import { simplifyContour } from './simplify-contour.js';
import { textureSums } from './texture-sums.js';
import { traceContour } from './trace-contour.js';

/** The kernels in TypeScript: what they mean, and what runs where native code is not built. */
export const referenceKernels: Kernels = {
  grayFromColour,
  // The reference is the image library.
  decodeGrayJpeg: () => false,
  activity,
  lineActivity,
  resize,
  textureSums,
  buildPyramid,
  estimateShift,
  shiftedDifference,
  backgroundDifference,
  scoreClasses,
  findPeaks,
  labelComponents,
  traceContour,
  simplifyContour,
  fitLine,
};
