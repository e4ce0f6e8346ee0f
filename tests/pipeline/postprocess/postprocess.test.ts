import { describe, expect, it } from 'vitest';
import { type Affine, applyAffine } from '../../../src/domain/affine.js';
import type { PointPx } from '../../../src/domain/geometry.js';
import { referenceKernels as kernels } from '../../../src/kernels/reference-kernels.js';
import type { FrameContext, HeadOutputs } from '../../../src/pipeline/frame-context.js';
import { createPostprocess } from '../../../src/pipeline/postprocess/postprocess.js';
import { frameContext } from '../../support/frame-context.js';
import { drawNeedle, drawPeak, drawStructure, emptyHeads } from '../../support/synthetic-heads.js';
import { TEST_MANIFEST } from '../../support/test-manifest.js';

const NERVE = 1;
const ARTERY = 2;
const VEIN = 3;

const region = { xPx: 0, yPx: 0, widthPx: 64, heightPx: 64 };
const contextOf = (changes: Partial<FrameContext> = {}) =>
  frameContext({ xMm: 0.5, yMm: 0.5 }, { region, ...changes });

const postprocess = createPostprocess(TEST_MANIFEST, kernels);
const read = (heads: HeadOutputs, changes: Partial<FrameContext> = {}) =>
  postprocess(heads, contextOf(changes));

const heads = () => emptyHeads(TEST_MANIFEST);

/** Cells → tensor pixels, as the manifest defines it. */
const inPx = (x: number, y: number): PointPx => ({
  xPx: 4 * (x + 0.5) - 0.5,
  yPx: 4 * (y + 0.5) - 0.5,
});

const apart = (a: PointPx | undefined, b: PointPx): number =>
  a === undefined ? Number.POSITIVE_INFINITY : Math.hypot(a.xPx - b.xPx, a.yPx - b.yPx);

describe('reading the needle', () => {
  it('says that there is none in a frame without a finding', () => {
    const { needle, structures } = read(heads());
    expect(needle.evidence).toBe('none');
    expect(needle.candidates).toEqual([]);
    expect(needle.shaft).toBeNull();
    expect(structures).toEqual([]);
  });

  it.each([
    [2, 2, 10.3, 8.7],
    [13, 3, 5.2, 9.6],
    [1.5, 8, 11.4, 8],
    [8, 1, 8.3, 11.2],
  ])(
    'finds the tip of a needle from (%f, %f) to (%f, %f) below a quarter pixel',
    (x0, y0, x1, y1) => {
      const drawn = heads();
      drawNeedle(drawn, { from: [x0, y0], to: [x1, y1], heat: 0.9 });
      const { needle } = read(drawn);
      expect(needle.evidence).toBe('tip');
      expect(apart(needle.candidates[0]?.point, inPx(x1, y1))).toBeLessThan(0.25);
      expect(apart(needle.shaft?.to, inPx(x1, y1))).toBeLessThan(0.25);
      expect(apart(needle.shaft?.from, inPx(x0, y0))).toBeLessThan(4);
      const angle = (Math.atan2(Math.abs(y1 - y0), Math.abs(x1 - x0)) * 180) / Math.PI;
      expect(Math.abs((needle.angleDeg ?? 0) - angle)).toBeLessThan(1);
    },
  );

  describe('where the network hardly says that a needle is there', () => {
    const clearShaft = { needlePresent: 0.3, lengthMm: 12, probability: 0.6 };
    const thresholds = { ...TEST_MANIFEST.thresholds, clearShaft };
    const readClear = createPostprocess({ ...TEST_MANIFEST, thresholds }, kernels);
    const seen = (present: number, toX: number, mask = 4) => {
      const drawn = heads();
      drawNeedle(drawn, { from: [1, 4], to: [toX, 9], heat: 0.95 }, present);
      for (let cell = 0; cell < 256; cell++) {
        if ((drawn.shaft[cell] as number) > 0) drawn.shaft[cell] = mask;
      }
      return drawn;
    };

    it('takes a long clear line for a shaft, and never states a tip on it', () => {
      const { needle } = readClear(seen(0.4, 13), contextOf());
      expect(needle.evidence).toBe('shaft');
      expect(needle.shaft).not.toBeNull();
      expect(needle.candidates.every((candidate) => !candidate.isTip)).toBe(true);
    });

    it.each([
      ['a short line', 0.4, 4, 4],
      ['a faint line', 0.4, 13, 0.1],
      ['a line where the network sees no needle at all', 0.2, 13, 4],
    ])('takes %s for nothing', (_, present, toX, mask) => {
      expect(readClear(seen(present, toX, mask), contextOf()).needle.evidence).toBe('none');
    });

    it('takes no line for a shaft where the manifest does not say what is clear', () => {
      expect(read(seen(0.4, 13)).needle.evidence).toBe('none');
    });
  });

  it('maps the needle back to the image as sent, also through mirrors', () => {
    const imageToTensor: Affine = { a: -0.5, b: 0, c: 0, d: 0.25, e: 70, f: -3 };
    const drawn = heads();
    drawNeedle(drawn, { from: [2, 2], to: [10, 9], heat: 0.9 });
    const { needle } = read(drawn, { imageToTensor });
    const tip = needle.candidates[0]?.point ?? { xPx: 0, yPx: 0 };
    expect(apart(applyAffine(imageToTensor, tip), inPx(10, 9))).toBeLessThan(0.25);
  });

  it('draws the tip onto the shaft line', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [1, 8], to: [11, 8], heat: 0 });
    drawPeak(drawn, 11, 8.45, 0.9);
    drawn.frame[0] = 4;
    const { needle } = read(drawn);
    expect(needle.evidence).toBe('tip');
    expect(Math.abs((needle.candidates[0]?.point.yPx ?? 0) - inPx(11, 8).yPx)).toBeLessThan(0.4);
  });

  it('does not mind a weaker spot off the shaft', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [1, 4], to: [10, 4], heat: 0.9 });
    drawPeak(drawn, 5, 13, 0.5);
    const { needle } = read(drawn);
    expect(needle.evidence).toBe('tip');
    expect(apart(needle.candidates[0]?.point, inPx(10, 4))).toBeLessThan(0.5);
    expect(needle.candidates.map((candidate) => candidate.isTip)).toEqual([true, false]);
  });

  it('ranks a peak on the shaft before a hotter one off it, and says that neither is sure', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [1, 4], to: [10, 4], heat: 0.6 });
    drawPeak(drawn, 5, 13, 0.95);
    const { needle } = read(drawn);
    expect(needle.evidence).toBe('shaft');
    expect(apart(needle.candidates[0]?.point, inPx(10, 4))).toBeLessThan(0.5);
    expect(needle.candidates.map((candidate) => candidate.isTip)).toEqual([true, false]);
  });

  it('does not call a bright spot without a shaft a tip', () => {
    const drawn = heads();
    drawPeak(drawn, 5, 5, 0.95);
    drawn.frame[0] = 5;
    const { needle } = read(drawn);
    expect(needle.evidence).toBe('none');
    expect(needle.candidates[0]?.isTip).toBe(false);
  });

  it('calls a spot without a shaft a dot when the needle is out of plane', () => {
    const drawn = heads();
    drawPeak(drawn, 5, 5, 0.95);
    drawn.frame[0] = 5;
    drawn.frame[1] = -3;
    expect(read(drawn).needle.evidence).toBe('dot');
  });

  it('sees a shaft without a tip, and takes its deeper end for the far one', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [12, 3], to: [4, 10], heat: 0 });
    const { needle } = read(drawn);
    expect(needle.evidence).toBe('shaft');
    expect(apart(needle.shaft?.to, inPx(4, 10))).toBeLessThan(4);
    expect(apart(needle.shaft?.from, inPx(12, 3))).toBeLessThan(4);
  });

  it('takes the inner end of a level shaft for the far one', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [15, 8], to: [7, 8], heat: 0 });
    expect(apart(read(drawn).needle.shaft?.to, inPx(7, 8))).toBeLessThan(4);
  });

  it('does not say tip when the network says that it is out of plane or no needle', () => {
    const outOfPlane = heads();
    drawNeedle(outOfPlane, { from: [2, 2], to: [10, 9], heat: 0.9 }, 0.98, 0.1);
    expect(read(outOfPlane).needle.evidence).toBe('shaft');
    const absent = heads();
    drawNeedle(absent, { from: [2, 2], to: [10, 9], heat: 0.9 }, 0.3);
    const { needle } = read(absent);
    expect(needle.evidence).toBe('none');
    expect(needle.shaft).toBeNull();
  });

  it('measures the shaft in mm: the same cells are long enough or not by their spacing', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [2, 2], to: [5, 4], heat: 0.9 });
    const fine = { xMm: 0.05, yMm: 0.05 };
    expect(read(drawn).needle.evidence).toBe('tip');
    expect(read(drawn, { spacing: fine, gateSpacing: fine }).needle.evidence).toBe('none');
    expect(read(drawn, { spacing: null }).needle.evidence).toBe('tip');
  });

  it('turns sigma into the radius that holds the tip, by the calibration', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [1, 8], to: [11, 8], heat: 0.9 });
    const cells = 256;
    drawn.tip[3 * cells + 8 * 16 + 11] = Math.log(0.8);
    drawn.tip[4 * cells + 8 * 16 + 11] = Math.log(0.2);
    const tip = read(drawn).needle.candidates[0];
    expect(tip?.radius90Px).toBeCloseTo(2 * 0.4 * 4, 4);
    expect(tip?.sigmaAlongPx).toBeCloseTo(3.2, 4);
    expect(tip?.sigmaAcrossPx).toBeCloseTo(0.8, 4);
  });

  it('stays silent on NaN', () => {
    const drawn = heads();
    for (const head of [drawn.tip, drawn.shaft, drawn.frame, drawn.structures])
      head.fill(Number.NaN);
    const { needle, structures } = read(drawn);
    expect(needle.evidence).toBe('none');
    expect(structures).toEqual([]);
  });
});

describe('reading structures', () => {
  const disc = (cx: number, cy: number, r: number) => (x: number, y: number) =>
    Math.hypot(x - cx, y - cy) <= r;

  it('outlines a nerve with area and confidence', () => {
    const drawn = heads();
    drawStructure(drawn, NERVE, disc(6, 7, 3));
    const { structures } = read(drawn);
    expect(structures.map((structure) => structure.class)).toEqual(['nerve']);
    const [nerve] = structures;
    expect(nerve?.confidence).toBeGreaterThan(0.9);
    // 29 cells of 2 mm × 2 mm, the outline passing between cells.
    expect(nerve?.areaMm2).toBeGreaterThan(90);
    expect(nerve?.areaMm2).toBeLessThan(140);
    expect(nerve?.contour.length).toBeGreaterThanOrEqual(6);
    for (const point of nerve?.contour ?? []) {
      expect(Math.abs(apart(point, inPx(6, 7)) / 4 - 3.1)).toBeLessThan(0.65);
    }
  });

  it('states no area without a spacing', () => {
    const drawn = heads();
    drawStructure(drawn, NERVE, disc(6, 7, 3));
    expect(read(drawn, { spacing: null }).structures[0]?.areaMm2).toBeNull();
  });

  it('takes artery and vein cells of one region together and decides for the whole', () => {
    const drawn = heads();
    drawStructure(drawn, ARTERY, (x, y) => disc(6, 7, 3)(x, y) && x <= 6, 12);
    drawStructure(drawn, VEIN, (x, y) => disc(6, 7, 3)(x, y) && x > 6, 12);
    const mixed = read(drawn).structures;
    expect(mixed.map((structure) => structure.class)).toEqual(['vessel']);
    drawStructure(drawn, VEIN, disc(6, 7, 3), 16);
    expect(read(drawn).structures.map((structure) => structure.class)).toEqual(['vein']);
    drawStructure(drawn, ARTERY, disc(6, 7, 3), 20);
    expect(read(drawn).structures.map((structure) => structure.class)).toEqual(['artery']);
  });

  it('keeps separate regions apart, largest first, with ids from 1', () => {
    const drawn = heads();
    drawStructure(drawn, NERVE, disc(3, 3, 1));
    drawStructure(drawn, ARTERY, disc(11, 11, 3));
    const { structures } = read(drawn);
    expect(structures.map(({ id, class: name }) => [id, name])).toEqual([
      [1, 'artery'],
      [2, 'nerve'],
    ]);
  });

  it('leaves out what is too small and what is too unsure', () => {
    const small = heads();
    drawStructure(small, NERVE, (x, y) => x === 5 && y === 5);
    const fine = { xMm: 0.1, yMm: 0.1 };
    expect(read(small, { spacing: fine, gateSpacing: fine }).structures).toEqual([]);
    const unsure = heads();
    for (const channel of [1, 2, 4]) drawStructure(unsure, channel, disc(8, 8, 4), 6.05);
    expect(read(unsure).structures).toEqual([]);
  });

  it('shows nothing outside the region of interest', () => {
    const drawn = heads();
    drawStructure(drawn, NERVE, () => true);
    const region = { xPx: 0, yPx: 16, widthPx: 64, heightPx: 32 };
    const [nerve] = read(drawn, { region }).structures;
    const depths = (nerve?.contour ?? []).map((point) => point.yPx);
    expect(Math.min(...depths)).toBeGreaterThanOrEqual(15.5);
    expect(Math.max(...depths)).toBeLessThanOrEqual(47.5);
  });
});

describe('reading the image', () => {
  it('reports quality, and says when it is low or the contact is lost', () => {
    const good = read(heads());
    expect(good.imageQuality).toBeCloseTo(0.9, 5);
    expect([good.isImageQualityLow, good.isContactLost]).toEqual([false, false]);
    const drawn = heads();
    drawn.frame[2] = -3;
    drawn.frame[3] = 3;
    const bad = read(drawn);
    expect([bad.isImageQualityLow, bad.isContactLost]).toEqual([true, true]);
  });

  it('reads a flat image as empty, whatever the network says', () => {
    const drawn = heads();
    drawNeedle(drawn, { from: [2, 2], to: [10, 9], heat: 0.9 });
    drawStructure(drawn, NERVE, () => true);
    const reading = read(drawn, { isFlat: true });
    expect(reading.needle.evidence).toBe('none');
    expect(reading.structures).toEqual([]);
    expect(reading.isContactLost).toBe(true);
    const foreign = read(drawn, { isForeign: true });
    expect(foreign.needle.evidence).toBe('none');
    expect(foreign.structures).toEqual([]);
    expect(foreign.isImageQualityLow).toBe(true);
    expect(foreign.isContactLost).toBe(false);
  });
});
