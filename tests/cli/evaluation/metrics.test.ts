import { describe, expect, it } from 'vitest';
import type {
  EvaluationFrame,
  NeedleKnowledge,
} from '../../../src/cli/evaluation/evaluation-frame.js';
import { fillPolygon } from '../../../src/cli/evaluation/fill-polygon.js';
import { lineAngleDeg, scoreFrame } from '../../../src/cli/evaluation/score-frame.js';
import { structureOverlaps } from '../../../src/cli/evaluation/structure-overlap.js';
import { Tally } from '../../../src/cli/evaluation/tally.js';
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

  it('fills a polygon by pixel centres', () => {
    const mask = new Uint8Array(100);
    const square = structure('nerve', [
      [1.5, 1.5],
      [4.5, 1.5],
      [4.5, 3.5],
      [1.5, 3.5],
    ]);
    fillPolygon(square.contour, size, (pixel) => mask.fill(1, pixel, pixel + 1));
    const filled = [...mask.keys()].filter((i) => mask[i] === 1);
    expect(filled).toEqual([22, 23, 24, 32, 33, 34]);
    const outside = new Uint8Array(100);
    fillPolygon(
      structure('nerve', [
        [-5, -5],
        [50, -5],
        [50, 50],
        [-5, 50],
      ]).contour,
      size,
      (pixel) => outside.fill(1, pixel, pixel + 1),
    );
    expect(outside.every((value) => value === 1)).toBe(true);
    fillPolygon([], size, () => expect.fail('an empty polygon has no pixels'));
  });

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
});
