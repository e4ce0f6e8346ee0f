import { describe, expect, it } from 'vitest';
import { IDENTITY } from '../../../src/domain/affine.js';
import type { PointPx } from '../../../src/domain/geometry.js';
import type { ModelManifest } from '../../../src/domain/model-manifest.js';
import { referenceKernels as kernels } from '../../../src/kernels/reference-kernels.js';
import type {
  FrameContext,
  HeadOutputs,
  NeedleReading,
} from '../../../src/pipeline/frame-context.js';
import { createPostprocess } from '../../../src/pipeline/postprocess/postprocess.js';
import { frameContext } from '../../support/frame-context.js';
import { drawNeedle, drawPeak, emptyHeads } from '../../support/synthetic-heads.js';
import { TEST_MANIFEST } from '../../support/test-manifest.js';

/** A grid of 64 × 64 cells, as in the shipped network, of 0.6 mm. */
const MANIFEST: ModelManifest = {
  ...TEST_MANIFEST,
  input: { ...TEST_MANIFEST.input, shape: [1, 3, 256, 256] },
};
const SPACING = { xMm: 0.15, yMm: 0.15 };
const postprocess = createPostprocess(MANIFEST, kernels);

function read(heads: HeadOutputs, changes: Partial<FrameContext> = {}): NeedleReading {
  const region = { xPx: 0, yPx: 0, widthPx: 256, heightPx: 256 };
  return postprocess(heads, frameContext(SPACING, { isStill: true, region, ...changes })).needle;
}

const heads = () => emptyHeads(MANIFEST);
const inPx = ([x, y]: readonly [number, number]): PointPx => ({
  xPx: 4 * (x + 0.5) - 0.5,
  yPx: 4 * (y + 0.5) - 0.5,
});
const apart = (a: PointPx | null | undefined, [x, y]: readonly [number, number]): number => {
  const b = inPx([x, y]);
  return a ? Math.hypot(a.xPx - b.xPx, a.yPx - b.yPx) : Number.POSITIVE_INFINITY;
};

/**
 * Draws a shaft along a circular arc as many short needles, so that each cell votes for the axis
 * near it; `bow` = sagitta, cells, downwards.
 */
function drawBowed(
  drawn: HeadOutputs,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  bow: number,
): void {
  const pieces = 12;
  const at = (share: number): readonly [number, number] => [
    x0 + share * (x1 - x0),
    y0 + share * (y1 - y0) + 4 * bow * share * (1 - share),
  ];
  for (let piece = 0; piece < pieces; piece++) {
    drawNeedle(drawn, { from: at(piece / pieces), to: at((piece + 1) / pieces), heat: 0 });
  }
}

describe('a tip on its shaft', () => {
  it.each([2, 5, 8])('is found at the end of a needle that bows by %f cells', (bow) => {
    const drawn = heads();
    drawBowed(drawn, [0, 12], [44, 40], bow);
    drawPeak(drawn, 44, 40, 0.9);
    const needle = read(drawn);
    expect(needle.evidence).toBe('tip');
    expect(apart(needle.candidates[0]?.point, [44, 40])).toBeLessThan(1.5);
    expect(apart(needle.shaft?.from, [0, 12])).toBeLessThan(12);
    expect(needle.angleDeg).toBeGreaterThan(28);
    expect(needle.angleDeg).toBeLessThan(37);
  });

  it('is not one beside the shaft', () => {
    const drawn = heads();
    drawBowed(drawn, [0, 12], [44, 40], 5);
    drawPeak(drawn, 44, 34, 0.9);
    expect(read(drawn).evidence).toBe('shaft');
  });

  it('is found on a short shaft while a longer line is elsewhere', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [30, 50], to: [63, 44], heat: 0 });
    drawNeedle(drawn, { from: [4, 10], to: [20, 22], heat: 0.9 });
    const needle = read(drawn);
    expect(needle.evidence).toBe('tip');
    expect(apart(needle.shaft?.to, [20, 22])).toBeLessThan(0.5);
    expect(apart(needle.shaft?.from, [4, 10])).toBeLessThan(4);
  });

  it('is found on a needle that floats: faded towards the hub, nowhere near the border', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [24, 30], to: [40, 40], heat: 0.9 });
    const needle = read(drawn);
    expect(needle.evidence).toBe('tip');
    expect(apart(needle.shaft?.from, [24, 30])).toBeLessThan(4);
  });

  it('is found where a fascia goes on in line with the needle after a gap', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [0, 30], to: [20, 30], heat: 0.9 });
    drawNeedle(drawn, { from: [26, 30], to: [63, 30], heat: 0 });
    drawPeak(drawn, 20, 30, 0.9);
    const needle = read(drawn);
    expect(needle.evidence).toBe('tip');
    expect(apart(needle.shaft?.from, [0, 30])).toBeLessThan(4);
  });

  it('is not one in the middle of a shaft that goes on', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [0, 12], to: [60, 42], heat: 0 });
    drawPeak(drawn, 30, 27, 0.9);
    expect(read(drawn).evidence).toBe('shaft');
  });
});

describe('the entry end', () => {
  it.each([
    ['left', [0, 20], [40, 36]],
    ['right', [63, 20], [23, 36]],
    ['top', [30, 0], [38, 40]],
    ['bottom of an image that is upside down', [30, 63], [20, 30]],
  ] as const)('is told from the tip by the border: %s', (_, entry, tip) => {
    const drawn = heads();
    drawNeedle(drawn, { from: entry, to: tip, heat: 0.6 });
    drawPeak(drawn, entry[0], entry[1], 0.7);
    const needle = read(drawn);
    expect(needle.evidence).toBe('tip');
    expect(apart(needle.candidates[0]?.point, tip)).toBeLessThan(0.5);
    const alone = heads();
    drawNeedle(alone, { from: entry, to: tip, heat: 0 });
    drawPeak(alone, entry[0], entry[1], 0.9);
    const wrong = read(alone);
    expect(wrong.evidence).toBe('shaft');
    expect(apart(wrong.shaft?.from, entry)).toBeLessThan(4);
    expect(apart(wrong.shaft?.to, tip)).toBeLessThan(4);
  });

  it('is told by the side of the echo region, not by that of the image, also mirrored', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [50, 20], to: [26, 36], heat: 0 });
    drawPeak(drawn, 50, 20, 0.9);
    expect(read(drawn).evidence).toBe('tip');
    const region = { xPx: 52, yPx: 0, widthPx: 152, heightPx: 256 };
    expect(read(drawn, { region }).evidence).toBe('shaft');
    const imageToTensor = { ...IDENTITY, a: -1, e: 255 };
    const mirrored = { xPx: 52, yPx: 0, widthPx: 152, heightPx: 256 };
    expect(read(drawn, { region: mirrored, imageToTensor }).evidence).toBe('shaft');
  });

  it('is told by the flank of a sector, also where its rectangle goes on far beyond', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [48, 20], to: [26, 36], heat: 0 });
    drawPeak(drawn, 48, 20, 0.9);
    expect(read(drawn).evidence).toBe('tip');
    const wide = [inPx([24, 0]), inPx([40, 0]), inPx([63, 32]), inPx([32, 60]), inPx([1, 32])];
    expect(read(drawn, { outline: wide }).evidence).toBe('tip');
    const narrow = [inPx([28, 0]), inPx([36, 0]), inPx([54, 34]), inPx([32, 60]), inPx([10, 34])];
    const wrong = read(drawn, { outline: narrow });
    expect(wrong.evidence).toBe('shaft');
    expect(apart(wrong.shaft?.from, [48, 20])).toBeLessThan(4);
    const backwards = [...narrow].reverse();
    expect(read(drawn, { outline: backwards })).toEqual(wrong);
  });

  it('ranks the inner end first where neither touches the border, unless its heat is far lower', () => {
    const tipFirst = heads();
    drawNeedle(tipFirst, { from: [58, 14], to: [30, 30], heat: 0.5 });
    drawPeak(tipFirst, 58, 14, 0.6);
    expect(read(tipFirst).evidence).toBe('tip');
    expect(apart(read(tipFirst).candidates[0]?.point, [30, 30])).toBeLessThan(0.5);
    const cold = heads();
    drawNeedle(cold, { from: [58, 14], to: [30, 30], heat: 0.31 });
    drawPeak(cold, 58, 14, 0.95);
    expect(apart(read(cold).candidates[0]?.point, [58, 14])).toBeLessThan(0.5);
  });

  it('says nothing of a needle that has just come in: its tip may be near the border', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [0, 20], to: [8, 24], heat: 0.9 });
    expect(read(drawn).evidence).toBe('tip');
  });
});

describe('a doubtful tip', () => {
  it('is left open between two needles that are equally hot', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [0, 10], to: [24, 24], heat: 0.85 });
    drawNeedle(drawn, { from: [63, 20], to: [44, 46], heat: 0.9 });
    const needle = read(drawn);
    expect(needle.evidence).toBe('shaft');
    expect(needle.candidates.map((candidate) => candidate.isTip)).toEqual([true, true]);
  });

  it('is decided between two needles of which one has the hotter tip', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [63, 20], to: [44, 46], heat: 0.45 });
    drawNeedle(drawn, { from: [0, 10], to: [24, 24], heat: 0.9 });
    const needle = read(drawn);
    expect(needle.evidence).toBe('tip');
    expect(apart(needle.shaft?.to, [24, 24])).toBeLessThan(0.5);
    expect(apart(needle.shaft?.from, [0, 10])).toBeLessThan(4);
  });

  it('is not shown when the tip is hidden: heat at the visible end, but the tip out of plane', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [0, 12], to: [30, 30], heat: 0.8 }, 0.98, 0.2);
    expect(read(drawn).evidence).toBe('shaft');
  });
});
