import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PointPx } from '../../../src/domain/geometry.js';
import type { Guidance } from '../../../src/domain/guidance.js';
import { absentNeedle } from '../../../src/domain/needle.js';
import {
  needleMotion,
  plannedRule,
  type SceneParts,
  square,
  testGuide,
  visibleNeedle,
} from '../../support/guide-scene.js';

const guidanceOf = (parts: SceneParts = {}): Guidance => testGuide().step(parts).guidance;
const at = (xPx: number, yPx: number) => visibleNeedle({ xPx, yPx });

describe('guide', () => {
  it('is valid with no reasons when all is known', () => {
    const guidance = guidanceOf({ structures: [square(1, 'nerve', 150, 40)] });
    expect(guidance).toMatchObject({ validity: 'valid', reasons: [], unseen: [], target: null });
  });

  it('gives nerves and vessels the rule do-not-enter and the rest none', () => {
    const structures = [square(1, 'nerve', 100, 40), square(2, 'bone', 50, 70)];
    const { structures: ruled } = testGuide().step({ structures });
    expect(ruled.map(({ rule }) => rule)).toEqual(['do-not-enter', 'none']);
    expect(ruled.every(({ keepOffMm }) => keepOffMm === null)).toBe(true);
  });

  it('gives structures the rules of the protocol', () => {
    const structures = [square(1, 'nerve', 100, 40), square(2, 'bone', 50, 70)];
    const rules = { nerve: plannedRule('beside'), bone: plannedRule('keep-off', 5) };
    const { structures: ruled, guidance } = testGuide().step({ structures, plan: { rules } });
    expect(ruled.map(({ rule, keepOffMm }) => [rule, keepOffMm])).toEqual([
      ['beside', null],
      ['keep-off', 5],
    ]);
    expect(guidance.clearances.map(({ structureId }) => structureId)).toEqual([1, 2]);
  });

  it('lowers the bound by what outlines of the class are off, and not the distance', () => {
    const structures = [square(1, 'nerve', 100, 45)];
    const clearanceOf = (biasMm: number, sigmaMm: number) => {
      const error = { biasMm, sigmaMm };
      const outlineErrors = { nerve: { sure: error, unsure: error } };
      return guidanceOf({ structures, reading: { outlineErrors } }).clearances[0];
    };
    const [assumed, biased, vague] = [clearanceOf(0, 0.4), clearanceOf(1, 0.4), clearanceOf(0, 2)];
    const boundOf = (one: typeof assumed) => one?.lowerBoundMm ?? Number.NaN;
    expect(guidanceOf({ structures }).clearances[0]).toEqual(assumed);
    expect(biased?.clearanceMm).toBe(assumed?.clearanceMm);
    expect(boundOf(assumed) - boundOf(biased)).toBeCloseTo(1);
    expect(boundOf(vague)).toBeLessThan(boundOf(assumed) - 1);
  });

  it('states no millimetres without a spacing, and says why', () => {
    const structures = [square(1, 'nerve', 100, 45)];
    const guidance = guidanceOf({ structures, context: { spacing: null } });
    expect(guidance).toMatchObject({
      validity: 'degraded',
      reasons: ['spacing-unknown'],
      tip: null,
      nearest: null,
    });
    expect(guidance.clearances[0]).toMatchObject({
      structureId: 1,
      clearanceMm: null,
      lowerBoundMm: null,
      reason: 'spacing-unknown',
    });
    expect(guidance.trajectory?.meets).toMatchObject({ kind: 'structure', distanceMm: null });
    expect(guidance.insertion).toMatchObject({ angleDeg: null, headingDeg: null });
  });

  it('measures nothing from a tip that is only predicted or not seen', () => {
    for (const state of ['tip-coasting', 'shaft-only', 'out-of-plane', 'acquiring'] as const) {
      const guidance = guidanceOf({ needle: { ...at(80, 50), state } });
      expect(guidance.reasons).toEqual(['tip-not-visible']);
      expect(guidance.clearances[0]).toMatchObject({
        clearanceMm: null,
        reason: 'tip-not-visible',
      });
      expect(guidance).toMatchObject({ tip: null, nearest: null });
      expect(guidance.trajectory?.meets ?? null).toBeNull();
    }
  });

  it('says that no needle is seen, and keeps the structures', () => {
    const findings = testGuide().step({ needle: absentNeedle('no-needle'), motion: null });
    expect(findings.structures).toHaveLength(1);
    expect(findings.guidance).toMatchObject({
      validity: 'degraded',
      reasons: ['needle-not-seen'],
      clearances: [],
      trajectory: null,
      insertion: null,
    });
  });

  it('is unavailable in what is no ultrasound image, and when the contact is lost', () => {
    const foreign = guidanceOf({ context: { isForeign: true } });
    expect(foreign).toMatchObject({ validity: 'unavailable', clearances: [], advisories: [] });
    const lost = guidanceOf({ reading: { isContactLost: true } });
    expect(lost).toMatchObject({ validity: 'unavailable', clearances: [], trajectory: null });
    expect(lost.reasons).toContain('contact-lost');
  });

  it('is degraded by a poor image, by a frozen one and by what the session says', () => {
    expect(guidanceOf({ reading: { isImageQualityLow: true } }).reasons).toEqual([
      'image-quality-low',
    ]);
    const frozen = guidanceOf({ context: { isFrozen: true, isStill: true } });
    expect(frozen).toMatchObject({ validity: 'degraded', reasons: ['frozen'] });
    expect(frozen.advisories.map(({ kind }) => kind)).toEqual(['stream-frozen']);
    const side = guidanceOf({ plan: { limits: ['side-not-confirmed'] } });
    expect(side).toMatchObject({ validity: 'degraded', reasons: ['side-not-confirmed'] });
  });

  it('is degraded where the scale is not one that the model was trained for', () => {
    const guide = testGuide({ spacingRangeMm: { min: 0.15, max: 1 } });
    const { guidance } = guide.step();
    expect(guidance).toMatchObject({ validity: 'degraded', reasons: ['spacing-outside-range'] });
  });

  it('is degraded below six frames a second, and not by one late frame', () => {
    const guide = testGuide();
    let reasons: readonly string[] = [];
    for (let frame = 0; frame < 10; frame++)
      reasons = guide.step({}, frame * 200_000).guidance.reasons;
    expect(reasons).toEqual(['frame-rate-low']);
    const smooth = testGuide();
    for (let frame = 0; frame < 10; frame++) smooth.step({}, frame * 33_333);
    expect(smooth.step({}, 9 * 33_333 + 400_000).guidance.reasons).toEqual([]);
  });

  it('names a class that must be seen and is not, and shows no nearest distance meanwhile', () => {
    const plan = { mustSee: ['artery', 'nerve'] as const };
    const guidance = guidanceOf({ plan });
    expect(guidance.unseen).toEqual(['artery']);
    expect(guidance.reasons).toEqual(['structure-not-seen']);
    expect(guidance.nearest).toBeNull();
    expect(guidance.clearances.at(-1)).toMatchObject({
      structureId: null,
      structureClass: 'artery',
      clearanceMm: null,
      reason: 'structure-not-seen',
    });
    expect(guidance.clearances[0]?.clearanceMm).toBeCloseTo(2);
  });

  it('says nothing of trajectory and angle in an out-of-plane technique', () => {
    const guidance = guidanceOf({ plan: { technique: 'out-of-plane' } });
    expect(guidance.trajectory).toBeNull();
    expect(guidance.insertion).toMatchObject({ angleDeg: null, headingDeg: null, entry: null });
    expect(guidance.clearances[0]).toMatchObject({ trajectoryClearanceMm: null });
    expect(guidance.advisories.map(({ kind }) => kind)).toEqual(['rule-at-risk']);
  });

  it('keeps an advisory while the tip is only predicted, and states no number', () => {
    const guide = testGuide();
    expect(guide.step().guidance.advisories[0]).toMatchObject({
      kind: 'rule-at-risk',
      text: 'Tip near the nerve',
      structureId: 1,
    });
    for (let frame = 0; frame < 9; frame++) {
      const needle = { ...at(80, 50), state: 'tip-coasting' as const };
      const { guidance } = guide.step({ needle });
      expect(guidance.advisories[0]?.kind).toBe('rule-at-risk');
      expect(guidance.clearances[0]?.clearanceMm).toBeNull();
    }
  });

  it('advises nothing from unrelated stills', () => {
    expect(guidanceOf({ context: { isStill: true } }).advisories).toEqual([]);
  });

  it('calls a target moved after a cold start, until it is confirmed anew', () => {
    const guide = testGuide();
    const target = {
      anchor: { kind: 'point' as const, point: { xPx: 60, yPx: 50 } },
      toleranceMm: 2,
      confirmation: 1,
      trackEpoch: 0,
    };
    expect(guide.step({ plan: { target } }).guidance.target).toMatchObject({ state: 'held' });
    guide.state = guide.stage.restart(guide.state);
    guide.trackEpoch = 1;
    const { guidance } = guide.step({ plan: { target } });
    expect(guidance.target).toMatchObject({
      state: 'moved',
      distanceMm: null,
      upperBoundMm: null,
      angleErrorDeg: null,
      reason: 'target-moved',
      point: { xPx: 60, yPx: 50 },
    });
    expect(guidance.reasons).toContain('target-moved');
    const again = { ...target, confirmation: 2, trackEpoch: 1 };
    expect(guide.step({ plan: { target: again } }).guidance.target?.state).toBe('held');
  });

  it('gives mirrored findings for a mirrored image', () => {
    const mirror = (point: PointPx): PointPx => ({ xPx: 200 - point.xPx, yPx: point.yPx });
    const place = fc.record({
      xPx: fc.double({ min: 5, max: 195, noNaN: true }),
      yPx: fc.double({ min: 5, max: 95, noNaN: true }),
    });
    fc.assert(
      fc.property(place, place, (tip, corner) => {
        const nerve = square(1, 'nerve', corner.xPx, corner.yPx);
        const plain = guidanceOf({ needle: visibleNeedle(tip), structures: [nerve] });
        // On the outline itself the two sides of it are one rounding apart.
        fc.pre(Math.abs(plain.clearances[0]?.clearanceMm ?? 1) > 1e-6);
        const shaft = { from: mirror({ xPx: tip.xPx - 40, yPx: tip.yPx - 20 }), to: mirror(tip) };
        const mirrored = guidanceOf({
          needle: visibleNeedle(mirror(tip), { shaft }),
          motion: needleMotion({ headingDeg: 135, entry: mirror({ xPx: 10, yPx: 0 }) }),
          structures: [{ ...nerve, contour: nerve.contour.map(mirror) }],
        });
        const numbers = ({ clearances: [one], tip: where, insertion, nearest }: Guidance) => [
          one?.clearanceMm ?? 0,
          one?.lowerBoundMm ?? 0,
          one?.trajectoryClearanceMm ?? 0,
          one?.trajectoryLowerBoundMm ?? 0,
          nearest?.lowerBoundMm ?? 0,
          where?.depthMm ?? 0,
          insertion?.angleDeg ?? 0,
        ];
        const expected = numbers(plain);
        for (const [index, value] of numbers(mirrored).entries()) {
          expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 4);
        }
        expect(mirrored.advisories.map(({ kind }) => kind)).toEqual(
          plain.advisories.map(({ kind }) => kind),
        );
      }),
      { numRuns: 60 },
    );
  });
});
