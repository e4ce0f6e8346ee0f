import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '../../../src/domain/model-manifest.js';
import { referenceKernels as kernels } from '../../../src/kernels/reference-kernels.js';
import { createPostprocess } from '../../../src/pipeline/postprocess/postprocess.js';
import { frameContext } from '../../support/frame-context.js';
import { drawNeedle, drawPeak, emptyHeads } from '../../support/synthetic-heads.js';
import { TEST_MANIFEST } from '../../support/test-manifest.js';

/** What `models/training/decode_test.py` reads as well. Positions and region in cells. */
interface DecodeCases {
  readonly thresholds: Partial<ModelManifest['thresholds']>;
  readonly cases: readonly {
    readonly name: string;
    readonly needles: readonly {
      readonly from: readonly [number, number];
      readonly to: readonly [number, number];
      readonly heat: number;
    }[];
    readonly peaks: readonly (readonly [x: number, y: number, heat: number])[];
    readonly spacing: readonly [number, number];
    readonly region: readonly [number, number, number, number];
    /** A sector in it, or none. */
    readonly outline?: readonly (readonly [number, number])[];
    readonly isShown: boolean;
    /** Of the best candidate, input pixels. */
    readonly tip: readonly [number, number];
  }[];
}

const file = new URL('../../../models/training/decode_cases.json', import.meta.url);
const { thresholds, cases } = JSON.parse(readFileSync(file, 'utf8')) as DecodeCases;
const manifest: ModelManifest = {
  ...TEST_MANIFEST,
  input: { ...TEST_MANIFEST.input, shape: [1, 3, 256, 256] },
  thresholds: { ...TEST_MANIFEST.thresholds, ...thresholds },
};
const postprocess = createPostprocess(manifest, kernels);

describe('the engine and the trainer read the same tip', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const heads = emptyHeads(manifest);
    for (const needle of one.needles) drawNeedle(heads, needle);
    for (const [x, y, heat] of one.peaks) drawPeak(heads, x, y, heat);
    const [left, top, right, bottom] = one.region.map((cell) => 4 * (cell + 0.5));
    const spacing = { xMm: one.spacing[0], yMm: one.spacing[1] };
    const region = { xPx: left, yPx: top, widthPx: right - left, heightPx: bottom - top };
    const outline = one.outline?.map(([x, y]) => ({ xPx: 4 * x + 1.5, yPx: 4 * y + 1.5 })) ?? null;
    const context = frameContext(spacing, { isStill: true, region, outline });
    const { needle } = postprocess(heads, context);
    expect(needle.evidence === 'tip').toBe(one.isShown);
    const { xPx, yPx } = needle.candidates[0]?.point ?? { xPx: -1, yPx: -1 };
    expect(Math.hypot(xPx - one.tip[0], yPx - one.tip[1])).toBeLessThan(1e-3);
  });
});
