import type { HeadOutputs } from '../../../src/pipeline/frame-context.js';
import { drawNeedle, drawStructure, emptyHeads } from '../../support/synthetic-heads.js';
import { TEST_MANIFEST } from '../../support/test-manifest.js';
import { constantOnnx, writeModel } from '../../support/tiny-onnx.js';

/** Folder of a model that sees the same needle and the same nerve in every image. */
export function needleModel(): string {
  const heads = emptyHeads(TEST_MANIFEST);
  drawNeedle(heads, { from: [2, 2], to: [10, 8], heat: 0.9 });
  drawStructure(heads, 1, (x, y) => Math.hypot(x - 12, y - 12) <= 2);
  return modelOf(heads);
}

/** Folder of a model that never sees anything. */
export function blindModel(): string {
  return modelOf(emptyHeads(TEST_MANIFEST));
}

function modelOf(heads: HeadOutputs): string {
  return writeModel(TEST_MANIFEST, constantOnnx(TEST_MANIFEST, heads));
}

/** Where the needle model's tip is in an image of 128 × 128: cells → pixels. */
export const TIP_PX = { xPx: 8 * 10.5 - 0.5, yPx: 8 * 8.5 - 0.5 };
