import { describe, expect, it } from 'vitest';
import type {
  EvaluationFrame,
  NeedleKnowledge,
} from '../../../src/cli/evaluation/evaluation-frame.js';
import { asStill, lineAngleDeg, scoreFrame } from '../../../src/cli/evaluation/score-frame.js';
import { structureOverlaps } from '../../../src/cli/evaluation/structure-overlap.js';
import { Tally } from '../../../src/cli/evaluation/tally.js';
import { trueClearanceMm } from '../../../src/cli/evaluation/true-clearance.js';
import { truthShapes } from '../../../src/cli/evaluation/truth-shapes.js';
import type { SegmentPx } from '../../../src/domain/geometry.js';
import { unavailableGuidance } from '../../../src/domain/guidance.js';
import { absentNeedle, type Needle } from '../../../src/domain/needle.js';
import type { FrameFindings } from '../../../src/domain/overlay.js';
import type { Spacing } from '../../../src/domain/spacing.js';
import type { Structure, StructureClass } from '../../../src/domain/structure.js';
import { imageOf } from '../../support/speckle-image.js';
import { frameOf } from '../../support/test-frame.js';

const SPACING: Spacing = { xMm: 0.5, yMm: 0.25 };
const image = imageOf(40, 40, () => 0);

function known(needle: NeedleKnowledge, spacing: Spacing | null = SPACING): EvaluationFrame {
  return { frame: frameOf(image, { spacing }), needle, labels: null };
}
function visible(xPx: number, yPx: number, shaft: SegmentPx | null = null): NeedleKnowledge {
  return { kind: 'visible', tip: { xPx, yPx }, shaft };
}
function findings(needle: Partial<Needle>): FrameFindings {
  return {
    needle: { ...absentNeedle('no-needle'), ...needle },
    structures: [],
    imageQuality: 1,
    guidance: unavailableGuidance([]),
  };
}
function tipAt(xPx: number, yPx: number, state: Needle['state'] = 'tip-visible'): FrameFindings {
  return findings({ state, tip: { xPx, yPx }, radius90Px: 3 });
}
function line(x0: number, y0: number, x1: number, y1: number): SegmentPx {
  return { from: { xPx: x0, yPx: y0 }, to: { xPx: x1, yPx: y1 } };
}
function structure(
  name: StructureClass,
  corners: readonly (readonly [number, number])[],
): Structure {
  return {
    id: 1,
    class: name,
    rule: 'none',
    keepOffMm: null,
    confidence: 1,
    contour: corners.map(([xPx, yPx]) => ({ xPx, yPx })),
    areaMm2: null,
  };
}

describe('figures', () => {
  it('tell a tip on the resting of two needles apart, in clips a miss, in stills as good', () => {
    const frame = { ...known(visible(10, 10)), resting: visible(30, 30, line(0, 30, 30, 30)) };
    const tally = new Tally();
    const add = (truth: EvaluationFrame, found: FrameFindings) =>
      tally.add(scoreFrame(truth, found, null), false, null, null);
    for (const found of [tipAt(10, 11), tipAt(30, 31), findings({}), tipAt(20, 0)]) {
      add(frame, found);
    }
    expect(tally.figures(null)).toMatchObject({ recallAt2mm: 0.25, restingNeedleRate: 0.25 });
    expect(scoreFrame(known(visible(10, 10)), tipAt(10, 11), null).isOnRestingNeedle).toBeNull();

    expect(asStill(frame, tipAt(10, 11)).needle).toEqual(frame.needle);
    expect(asStill(frame, tipAt(30, 31)).needle).toEqual(frame.resting);
    expect(asStill(frame, findings({})).needle).toEqual(frame.needle);
    const level = findings({ state: 'shaft-only', shaft: line(5, 20, 9, 20) });
    expect(asStill(frame, level).needle).toEqual(frame.resting);
  });

  it("take a tip that could be either needle's for the followed one's", () => {
    const frame = { ...known(visible(10, 10)), resting: visible(12, 10) };
    expect(scoreFrame(frame, tipAt(11, 10), null).isOnRestingNeedle).toBe(false);
  });

  it('measure tip errors in px and mm, recall over all visible tips, and coverage of the radius', () => {
    const tally = new Tally();
    const add = (truth: EvaluationFrame, found: FrameFindings) =>
      tally.add(scoreFrame(truth, found, null), false, null, null);
    add(known(visible(10, 10)), tipAt(13, 14)); // 5 px; 1.5 and 1 mm: 1.80 mm
    add(known(visible(10, 10)), tipAt(10, 11)); // 1 px, 0.25 mm
    add(known(visible(10, 10)), tipAt(20, 10, 'tip-coasting')); // 10 px, 5 mm
    add(known(visible(10, 10)), findings({})); // missed
    add(known(visible(10, 10), null), tipAt(10, 12)); // 2 px, no mm
    const figures = tally.figures(null);
    expect(figures).toMatchObject({ frames: 5, framesVisibleTip: 5 });
    expect(figures.tipErrorPx).toEqual({ median: 2, p95: 10 });
    expect(figures.tipErrorMm).toEqual({ median: 1.803, p95: 5 });
    expect(figures.recallAt5px).toBe(0.6);
    expect(figures.recallAt2mm).toBe(0.5);
    expect(figures.radius90Coverage).toBe(0.5);
    expect(figures.falseTipRate).toBeNull();
    expect(figures.hallucinatedTipRate).toBeNull();
  });

  it('count false tips on needle-free frames and tips claimed to be seen where none can be', () => {
    const tally = new Tally();
    const hidden: NeedleKnowledge = { kind: 'hidden', tip: null, shaft: null };
    for (const found of [tipAt(1, 1), tipAt(1, 1, 'tip-coasting'), findings({}), findings({})]) {
      tally.add(scoreFrame(known({ kind: 'none' }), found, null), false, null, null);
      tally.add(scoreFrame(known(hidden), found, null), false, null, null);
      tally.add(scoreFrame(known({ kind: 'unknown' }), found, null), false, null, null);
    }
    expect(tally.figures(null)).toMatchObject({
      frames: 12,
      falseTipRate: 0.5,
      hallucinatedTipRate: 0.25,
      recallAt5px: null,
    });
  });

  it('count a hidden tip stated as seen by how far off it is, where that is known', () => {
    const tally = new Tally();
    const hidden: NeedleKnowledge = { kind: 'hidden', tip: { xPx: 10, yPx: 10 }, shaft: null };
    const add = (truth: NeedleKnowledge, found: FrameFindings, spacing: Spacing | null = SPACING) =>
      tally.add(scoreFrame(known(truth, spacing), found, null), false, null, null);
    add(hidden, tipAt(15, 10)); // 2.5 mm off: near enough
    add(hidden, tipAt(17, 10)); // 3.5 mm off
    add(hidden, tipAt(17, 10, 'tip-coasting')); // predicted, not said to be seen
    add(hidden, findings({})); // silent
    add(hidden, tipAt(17, 10), null); // no millimetres, so not far or near
    add({ kind: 'hidden', tip: null, shaft: null }, tipAt(30, 10)); // out of plane
    expect(tally.figures(null)).toMatchObject({
      framesHiddenTip: 6,
      hallucinatedTipRate: 0.6667,
      hallucinatedTipFarRate: 0.25,
    });
  });

  it('measure real frames on the scale of 720 × 440', () => {
    const tally = new Tally();
    const add = (found: FrameFindings) =>
      tally.add(scoreFrame(known(visible(10, 10), null), found, null), false, null, null);
    add(tipAt(11, 10)); // 1 of 40 px wide: 18 of 720
    add(tipAt(12, 10)); // 36 of 720
    add(tipAt(10, 16)); // 6 of 40 px high: 66 of 440, said to be seen
    add(findings({}));
    expect(tally.figures(null)).toMatchObject({
      recallAt20pxOf720: 0.25,
      beyond60pxOf720Rate: 0.25,
    });
  });

  it('weigh confidence: of a needle on every frame, of a tip where one is stated', () => {
    const tally = new Tally();
    const add = (truth: NeedleKnowledge, found: FrameFindings) =>
      tally.add(scoreFrame(known(truth), found, null), false, null, null);
    const sure = (xPx: number) =>
      findings({ state: 'tip-visible', tip: { xPx, yPx: 10 }, confidence: 0.8 });
    add(visible(10, 10), sure(10));
    add(visible(10, 10), sure(30)); // a needle, but 10 mm off
    add({ kind: 'none' }, sure(10)); // neither
    add({ kind: 'none' }, findings({})); // rightly nothing: 0 said
    add({ kind: 'unknown' }, sure(10)); // nobody knows
    const figures = tally.figures(null);
    // Presence: one at 0 of which none, three at 0.8 of which two. Tip: three at 0.8, one right.
    expect(figures.presenceEce).toBeCloseTo((3 * (0.8 - 2 / 3)) / 4, 4);
    expect(figures.tipEce).toBeCloseTo(0.8 - 1 / 3, 4);
  });

  it('compare the nearest clearance and its bound with the true distance', () => {
    const size = { widthPx: 40, heightPx: 40 };
    const data = new Uint8Array(1600);
    for (let y = 0; y < 40; y++) data.fill(1, y * 40 + 30, y * 40 + 40);
    const labels = { ...size, classes: ['background', 'nerve'] as const, data };
    const shapes = truthShapes(labels);
    const square: Spacing = { xMm: 0.5, yMm: 0.5 };
    // From x = 20 to the edge of the pixels that start at x = 29.5: 9.5 px, 4.75 mm.
    expect(trueClearanceMm({ xPx: 20, yPx: 20 }, shapes, square)).toBeCloseTo(4.75, 9);
    expect(trueClearanceMm({ xPx: 33, yPx: 20 }, shapes, square)).toBeCloseTo(-1.75, 9);
    const bare = { ...labels, data: new Uint8Array(1600) };
    expect(trueClearanceMm({ xPx: 20, yPx: 20 }, truthShapes(bare), square)).toBeNull();
    const clearance = (clearanceMm: number, lowerBoundMm: number) => ({
      structureId: 1,
      clearanceMm,
      lowerBoundMm,
      structureClass: 'nerve' as const,
      trajectoryClearanceMm: null,
      trajectoryLowerBoundMm: null,
      reason: null,
    });
    const score = (near: number, bound: number) =>
      scoreFrame(
        { ...known(visible(20, 20), square), labels },
        {
          ...tipAt(20, 20),
          guidance: {
            ...unavailableGuidance([]),
            clearances: [clearance(9, 8), clearance(near, bound)],
          },
        },
        shapes,
      );
    expect(score(5, 4.5)).toMatchObject({ clearanceErrorMm: 0.25, isBoundViolated: false });
    expect(score(6, 5)).toMatchObject({ clearanceErrorMm: 1.25, isBoundViolated: true });
    expect(scoreFrame(known(visible(20, 20)), tipAt(20, 20), shapes).clearanceErrorMm).toBeNull();
  });

  it('measure the angle between lines without direction, and how often a shaft was given', () => {
    expect(lineAngleDeg(line(0, 0, 1, 1), line(5, 5, 4, 4))).toBeCloseTo(0, 9);
    expect(lineAngleDeg(line(0, 0, 1, 0), line(0, 0, 0, 1))).toBeCloseTo(90, 9);
    expect(lineAngleDeg(line(0, 0, 10, 1), line(0, 0, 10, -1))).toBeCloseTo(11.42, 2);
    const tally = new Tally();
    const truth = known(visible(1, 1, line(0, 0, 10, 10)));
    tally.add(scoreFrame(truth, findings({ shaft: line(0, 0, 10, 0) }), null), false, null, null);
    tally.add(scoreFrame(truth, findings({}), null), true, null, null);
    expect(tally.figures(null)).toMatchObject({
      angleErrorDeg: { median: 45, p95: 45 },
      shaftRecall: 0.5,
      framesInvalid: 1,
    });
  });

  it('are null, not zero, without anything to be about', () => {
    const { dice, ...figures } = new Tally().figures(null);
    expect(dice).toEqual({});
    expect(figures.tipErrorMm).toEqual({ median: null, p95: null });
    expect(figures.shaftRecall).toBeNull();
  });
});

describe('structure overlap', () => {
  const size = { widthPx: 10, heightPx: 10 };

  it('compares class by class, and arteries and veins as vessels too', () => {
    const data = new Uint8Array(100);
    data.fill(1, 0, 10);
    data.fill(2, 20, 30);
    const labels = { ...size, classes: ['background', 'artery', 'vein'] as const, data };
    const row = (name: StructureClass, y: number) =>
      structure(name, [
        [-0.5, y - 0.5],
        [9.5, y - 0.5],
        [9.5, y + 0.5],
        [-0.5, y + 0.5],
      ]);
    const found = [row('vein', 0), row('vein', 2), row('nerve', 5)];
    const overlaps = structureOverlaps(found, truthShapes(labels), null);
    expect(overlaps).toMatchObject([
      { class: 'artery', both: 0, predicted: 0, truth: 10 },
      { class: 'vein', both: 10, predicted: 20, truth: 10 },
      { class: 'vessel', both: 20, predicted: 20, truth: 20 },
    ]);
    const tally = new Tally();
    const truth = { ...known({ kind: 'unknown' }), labels };
    const shapes = truthShapes(labels);
    const score = scoreFrame(truth, { ...findings({}), structures: found }, shapes);
    tally.add(score, false, null, null);
    expect(tally.figures(null).dice).toEqual({ artery: 0, vein: 0.6667, vessel: 1 });
  });

  it('finds, misses and counts regions, and measures how far outlines are apart', () => {
    const size = { widthPx: 60, heightPx: 40 };
    const data = new Uint8Array(2400);
    const paint = (label: number, x: number, y: number, width: number, height: number) => {
      for (let row = y; row < y + height; row++)
        data.fill(label, row * 60 + x, row * 60 + x + width);
    };
    paint(1, 5, 5, 10, 10); // found: overlapped to 80 of 120
    paint(1, 30, 5, 10, 10); // touched: 20 of 180, neither found nor missed
    paint(1, 5, 25, 10, 10); // missed
    paint(1, 50, 30, 4, 4); // 16 px: a crumb, no region
    const labels = { ...size, classes: ['background', 'nerve'] as const, data };
    const shapes = truthShapes(labels);
    expect(shapes.instances).toHaveLength(3);
    const box = (x: number, y: number, width: number, height: number) =>
      structure('nerve', [
        [x - 0.5, y - 0.5],
        [x + width - 0.5, y - 0.5],
        [x + width - 0.5, y + height - 0.5],
        [x - 0.5, y + height - 0.5],
      ]);
    const found = [box(7, 5, 10, 10), box(38, 5, 10, 10)];
    const [nerve] = structureOverlaps(found, shapes, { xMm: 0.5, yMm: 0.5 });
    expect(nerve).toMatchObject({
      both: 100,
      predicted: 200,
      truth: 316,
      truthInstances: 3,
      predictedInstances: 2,
      foundInstances: 1,
      missedInstances: 1,
    });
    const tally = new Tally();
    const truth = { ...known({ kind: 'unknown' }), labels };
    tally.add(scoreFrame(truth, { ...findings({}), structures: found }, shapes), false, null, null);
    expect(tally.figures(null)).toMatchObject({
      dice: { nerve: 0.3876 },
      detectionF1: { nerve: 0.4 },
      missedRate: { nerve: 0.3333 },
    });
  });

  it('measures HD95 of a square and the same square 3 px to the right as 3 px', () => {
    const size = { widthPx: 30, heightPx: 30 };
    const data = new Uint8Array(900);
    for (let row = 10; row < 20; row++) data.fill(1, row * 30 + 10, row * 30 + 20);
    const shapes = truthShapes({ ...size, classes: ['background', 'nerve'], data });
    const moved = structure('nerve', [
      [12.5, 9.5],
      [22.5, 9.5],
      [22.5, 19.5],
      [12.5, 19.5],
    ]);
    const hd95 = (spacing: Spacing | null) => {
      const [nerve] = structureOverlaps([moved], shapes, spacing);
      return [nerve?.hd95Px, nerve?.hd95Mm];
    };
    expect(hd95(null)).toEqual([3, null]);
    expect(hd95({ xMm: 0.5, yMm: 0.5 })).toEqual([3, 1.5]);
    expect(hd95({ xMm: 0.5, yMm: 0.25 })[1]).toBeCloseTo(1.5, 6);
    const [none] = structureOverlaps([], shapes, null);
    expect(none?.hd95Px).toBeNull();
  });
});
