import { describe, expect, it } from 'vitest';
import { absentNeedle, type Needle } from '../../../src/domain/needle.js';
import type {
  FrameContext,
  FrameReading,
  SeenStructure,
} from '../../../src/pipeline/frame-context.js';
import { guide } from '../../../src/pipeline/guide/guide.js';
import { frameContext } from '../../support/frame-context.js';

const spacing = { xMm: 0.1, yMm: 0.2 };

const region = { xPx: 0, yPx: 0, widthPx: 201, heightPx: 101 };
const context = (changes: Partial<FrameContext> = {}) =>
  frameContext(spacing, { region, ...changes });

/** A square of 20 × 20 px with its top-left corner at (x, y). */
const square = (id: number, name: SeenStructure['class'], x: number, y: number): SeenStructure => ({
  id,
  class: name,
  confidence: 0.9,
  contour: [
    { xPx: x, yPx: y },
    { xPx: x + 20, yPx: y },
    { xPx: x + 20, yPx: y + 20 },
    { xPx: x, yPx: y + 20 },
  ],
  areaMm2: 8,
});

const reading = (changes: Partial<FrameReading> = {}): FrameReading => ({
  needle: { evidence: 'none', present: 0, candidates: [], shaft: null, angleDeg: null },
  structures: [square(1, 'nerve', 100, 40), square(2, 'bone', 50, 70), square(3, 'vein', 40, 40)],
  imageQuality: 0.8,
  isImageQualityLow: false,
  isContactLost: false,
  ...changes,
});

const visible = (xPx: number, yPx: number): Needle => ({
  state: 'tip-visible',
  tip: { xPx, yPx },
  tipReason: null,
  confidence: 0.9,
  radius90Px: 5,
  radius90Mm: 0.7,
  shaft: { from: { xPx: xPx - 40, yPx: yPx - 20 }, to: { xPx, yPx } },
  angleDeg: 45,
  approach: 'in-plane',
});

describe('guide', () => {
  it('is valid with no reasons when all is known', () => {
    const { guidance } = guide(reading(), visible(80, 50), context());
    expect(guidance).toMatchObject({
      validity: 'valid',
      reasons: [],
      advisories: [],
      target: null,
    });
  });

  it('gives nerves and vessels the rule do-not-enter and the rest none', () => {
    const { structures } = guide(reading(), visible(80, 50), context());
    expect(structures.map((structure) => structure.rule)).toEqual([
      'do-not-enter',
      'none',
      'do-not-enter',
    ]);
    expect(structures.every((structure) => structure.keepOffMm === null)).toBe(true);
  });

  it('measures clearances outside and inside, with a lower bound', () => {
    const { guidance } = guide(reading(), visible(80, 50), context());
    expect(guidance.clearances.map((clearance) => clearance.structureId)).toEqual([1, 3]);
    expect(guidance.clearances[0]?.clearanceMm).toBeCloseTo(2);
    expect(guidance.clearances[0]?.lowerBoundMm).toBeCloseTo(1.3);
    const inside = guide(reading(), visible(105, 50), context()).guidance.clearances[0];
    expect(inside?.clearanceMm).toBeCloseTo(-0.5);
    expect(inside?.lowerBoundMm).toBeCloseTo(-1.2);
  });

  it('uses the spacing of each axis', () => {
    const above = guide(reading(), visible(110, 30), context()).guidance.clearances[0];
    expect(above?.clearanceMm).toBeCloseTo(2);
    const corner = guide(reading(), visible(90, 30), context()).guidance.clearances[0];
    expect(corner?.clearanceMm).toBeCloseTo(Math.hypot(1, 2));
  });

  it('states no millimetres without a spacing, and says why', () => {
    const { guidance } = guide(reading(), visible(80, 50), context({ spacing: null }));
    expect(guidance.validity).toBe('degraded');
    expect(guidance.reasons).toEqual(['spacing-unknown']);
    expect(guidance.clearances[0]).toMatchObject({
      structureId: 1,
      clearanceMm: null,
      lowerBoundMm: null,
      reason: 'spacing-unknown',
    });
    expect(guidance.trajectory).not.toBeNull();
  });

  it('measures nothing from a tip that is only predicted or not seen', () => {
    for (const state of ['tip-coasting', 'shaft-only', 'out-of-plane', 'acquiring'] as const) {
      const needle: Needle = { ...visible(80, 50), state };
      const { guidance } = guide(reading(), needle, context());
      expect(guidance.reasons).toEqual(['tip-not-visible']);
      expect(guidance.clearances.every(({ clearanceMm }) => clearanceMm === null)).toBe(true);
      expect(guidance.clearances[0]?.reason).toBe('tip-not-visible');
    }
  });

  it('says that no needle is seen, and keeps the structures', () => {
    const findings = guide(reading(), absentNeedle('no-needle'), context());
    expect(findings.structures).toHaveLength(3);
    expect(findings.guidance).toMatchObject({
      validity: 'degraded',
      reasons: ['needle-not-seen'],
      clearances: [],
      trajectory: null,
    });
  });

  it('is unavailable in what is no ultrasound image', () => {
    const low = reading({ structures: [], isImageQualityLow: true });
    const { guidance } = guide(low, absentNeedle('image-quality'), context({ isForeign: true }));
    expect(guidance.validity).toBe('unavailable');
    expect(guidance.reasons).toEqual(['image-quality-low', 'needle-not-seen']);
  });

  it('is unavailable when the contact is lost', () => {
    const { guidance } = guide(reading({ isContactLost: true }), visible(80, 50), context());
    expect(guidance).toMatchObject({ validity: 'unavailable', clearances: [], trajectory: null });
    expect(guidance.reasons).toContain('contact-lost');
  });

  it('is degraded by a poor image and by a frozen one, without advisories', () => {
    const poor = guide(reading({ isImageQualityLow: true }), visible(80, 50), context()).guidance;
    expect([poor.validity, ...poor.reasons]).toEqual(['degraded', 'image-quality-low']);
    const frozen = guide(reading(), visible(80, 50), context({ isFrozen: true })).guidance;
    expect([frozen.validity, ...frozen.reasons]).toEqual(['degraded', 'frozen']);
    expect(frozen.advisories).toEqual([]);
  });

  it('extends the shaft from the tip to the edge of the region of interest', () => {
    const { segment } = guide(reading(), visible(80, 50), context()).guidance.trajectory ?? {};
    expect(segment?.from).toEqual({ xPx: 80, yPx: 50 });
    expect(segment?.to.xPx).toBeCloseTo(180);
    expect(segment?.to.yPx).toBeCloseTo(100);
  });

  it('draws no trajectory for a needle without a direction, out of plane, or not confirmed', () => {
    const trajectoryOf = (changes: Partial<Needle>) =>
      guide(reading(), { ...visible(80, 50), ...changes }, context()).guidance.trajectory;
    const point = { xPx: 80, yPx: 50 };
    expect(trajectoryOf({ shaft: null })).toBeNull();
    expect(trajectoryOf({ shaft: { from: point, to: point } })).toBeNull();
    expect(trajectoryOf({ approach: 'out-of-plane' })).toBeNull();
    expect(trajectoryOf({ state: 'acquiring' })).toBeNull();
    expect(trajectoryOf({ shaft: { from: point, to: { xPx: 400, yPx: 50 } } })).toBeNull();
  });
});
