import { describe, expect, it } from 'vitest';
import type { Guidance } from '../../../src/domain/guidance.js';
import type { PlannedTarget } from '../../../src/domain/target.js';
import { type SceneParts, square, testGuide, visibleNeedle } from '../../support/guide-scene.js';

const point = (xPx: number, yPx: number) => ({ kind: 'point' as const, point: { xPx, yPx } });
const planned = (changes: Partial<PlannedTarget> = {}): PlannedTarget => {
  return { anchor: point(110, 50), toleranceMm: 2, confirmation: 1, trackEpoch: 0, ...changes };
};

/** What is said of a target after these frames. */
function targetAfter(target: PlannedTarget, ...frames: readonly SceneParts[]): Guidance['target'] {
  const guide = testGuide();
  const said = frames.map((parts) => guide.step({ ...parts, plan: { ...parts.plan, target } }));
  return said.at(-1)?.guidance.target ?? null;
}

describe('a target', () => {
  it('has a distance with its upper bound, and the angle by which the needle points past it', () => {
    const target = targetAfter(planned(), {});
    expect(target).toMatchObject({ state: 'held', reason: null, toleranceMm: 2 });
    expect(target?.distanceMm).toBeCloseTo(3);
    expect(target?.upperBoundMm).toBeGreaterThan(3);
    expect(target?.angleErrorDeg).toBeCloseTo(45);
  });

  it('has no distance from a tip that is not seen, nor without a spacing', () => {
    const needle = { ...visibleNeedle({ xPx: 80, yPx: 50 }), state: 'tip-coasting' as const };
    expect(targetAfter(planned(), { needle })).toMatchObject({
      state: 'held',
      distanceMm: null,
      reason: 'tip-not-visible',
    });
    expect(targetAfter(planned(), { context: { spacing: null } })).toMatchObject({
      distanceMm: null,
      reason: 'spacing-unknown',
    });
  });

  it('has no angle where the direction is noise, and none in an out-of-plane technique', () => {
    expect(targetAfter(planned({ anchor: point(83, 50) }), {})?.angleErrorDeg).toBeNull();
    const plan = { technique: 'out-of-plane' as const };
    expect(targetAfter(planned(), { plan })?.angleErrorDeg).toBeNull();
  });

  it('moves with the tissue, and has moved once that slid by more than its tolerance', () => {
    const slide = (xPx: number): SceneParts => ({ context: { tissueShiftPx: { xPx, yPx: 0 } } });
    const near = targetAfter(planned(), {}, slide(10), slide(5));
    expect(near).toMatchObject({ state: 'held', point: { xPx: 125, yPx: 50 } });
    const far = targetAfter(planned(), {}, slide(10), slide(15), slide(-25));
    expect(far).toMatchObject({ state: 'moved', distanceMm: null, reason: 'target-moved' });
  });

  it('outside the image is lost, and guidance is degraded for that reason', () => {
    const guide = testGuide();
    const target = planned({ anchor: point(300, 50) });
    const { guidance } = guide.step({ plan: { target } });
    expect(guidance.target).toMatchObject({ state: 'lost', reason: 'target-outside-image' });
    expect(guidance).toMatchObject({ validity: 'degraded', reasons: ['target-outside-image'] });
  });

  it('at a structure goes where that goes, and is lost while it is not outlined', () => {
    const anchor = { kind: 'structure' as const, structureId: 7, offset: { xPx: -10, yPx: 0 } };
    const at = (x: number, isCoasting = false): SceneParts => ({
      structures: [square(7, 'nerve', x, 40, { isCoasting })],
    });
    const target = planned({ anchor });
    expect(targetAfter(target, at(100))?.point?.xPx).toBeCloseTo(100);
    expect(targetAfter(target, at(100), at(110))?.point?.xPx).toBeCloseTo(110);
    expect(targetAfter(target, at(100), at(110, true))).toMatchObject({
      state: 'lost',
      distanceMm: null,
      reason: 'target-lost',
    });
    expect(targetAfter(target, at(100), { structures: [] }, at(100))?.state).toBe('held');
  });

  it('that was confirmed in another track epoch has moved, whatever has its id now', () => {
    const anchor = { kind: 'structure' as const, structureId: 1, offset: { xPx: 0, yPx: 0 } };
    expect(targetAfter(planned({ anchor, trackEpoch: 3 }), {})?.state).toBe('moved');
  });

  it('has no place any more once the scale is another one', () => {
    const other = { context: { spacing: { xMm: 0.2, yMm: 0.2 } } };
    expect(targetAfter(planned(), {}, other)).toMatchObject({ point: null, distanceMm: null });
  });
});
