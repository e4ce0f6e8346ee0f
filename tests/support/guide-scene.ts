import type { PointPx } from '../../src/domain/geometry.js';
import {
  DEFAULT_PLAN,
  type GuidancePlan,
  type PlannedRule,
} from '../../src/domain/guidance-plan.js';
import type { Needle } from '../../src/domain/needle.js';
import type { NeedleMotion } from '../../src/domain/needle-motion.js';
import type { Spacing } from '../../src/domain/spacing.js';
import type { StructureRule } from '../../src/domain/structure.js';
import type {
  FrameContext,
  FrameReading,
  TrackedStructure,
} from '../../src/pipeline/frame-context.js';
import {
  createGuide,
  type GuideInput,
  type GuideOptions,
  type GuideStage,
  type GuideState,
} from '../../src/pipeline/guide/guide.js';
import { applyRule } from '../../src/pipeline/guide/protection.js';
import type { Scene } from '../../src/pipeline/guide/scene.js';
import { frameContext } from './frame-context.js';

/** Not square, so that a mixed-up axis shows. */
export const SCENE_SPACING: Spacing = { xMm: 0.1, yMm: 0.2 };

/** The context of a guide test: 201 × 101 px of echo data that fill the image. */
function sceneContext(changes: Partial<FrameContext> = {}): FrameContext {
  const size = { widthPx: 201, heightPx: 101 };
  return frameContext(SCENE_SPACING, {
    image: size,
    region: { xPx: 0, yPx: 0, ...size },
    ...changes,
  });
}

/** A square of 20 × 20 px (2 × 4 mm) with its top-left corner at (x, y). */
export function square(
  id: number,
  name: TrackedStructure['class'],
  x: number,
  y: number,
  changes: Partial<TrackedStructure> = {},
): TrackedStructure {
  return {
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
    isCoasting: false,
    ...changes,
  };
}

/** A tip that was measured, at the end of a shaft that comes from the top left. */
export function visibleNeedle(tip: PointPx, changes: Partial<Needle> = {}): Needle {
  return {
    state: 'tip-visible',
    tip,
    tipReason: null,
    confidence: 0.9,
    radius90Px: 5,
    radius90Mm: 0.7,
    shaft: { from: { xPx: tip.xPx - 40, yPx: tip.yPx - 20 }, to: tip },
    angleDeg: 45,
    approach: 'in-plane',
    ...changes,
  };
}

/** A needle at rest, pointing to the lower right at 45° in mm. */
export function needleMotion(changes: Partial<NeedleMotion> = {}): NeedleMotion {
  return {
    of: 'tip',
    sinceUs: 0,
    speedMmPerS: 0,
    speedSigmaMmPerS: 0.5,
    velocityPxPerS: { xPx: 0, yPx: 0 },
    headingDeg: 45,
    headingSigmaDeg: 1,
    entry: { xPx: 10, yPx: 0 },
    insertionDepthMm: 12,
    insertionDepthPx: 90,
    tipCovariance: { xx: 4, xy: 0, yy: 1 },
    modes: { stationary: 1, advancing: 0, reciprocating: 0 },
    ...changes,
  };
}

/** A good picture; structures and needle come from the track. */
function sceneReading(changes: Partial<FrameReading> = {}): FrameReading {
  return {
    needle: { evidence: 'none', present: 0, candidates: [], shaft: null, angleDeg: null },
    structures: [],
    outlineErrors: {},
    tipErrorLasting: 0,
    imageQuality: 0.8,
    isImageQualityLow: false,
    isContactLost: false,
    ...changes,
  };
}

/** What a scene is made of. */
export interface SceneParts {
  readonly needle?: Needle;
  readonly motion?: NeedleMotion | null;
  readonly structures?: readonly TrackedStructure[];
  readonly context?: Partial<FrameContext>;
  readonly reading?: Partial<FrameReading>;
  readonly plan?: Partial<GuidancePlan>;
}

/** A nerve 2 mm to the right of the tip at (80, 50), unless a part says otherwise. */
export function guideScene(parts: SceneParts = {}): Scene {
  const plan = { ...DEFAULT_PLAN, ...parts.plan };
  const structures = parts.structures ?? [square(1, 'nerve', 100, 40)];
  return {
    reading: sceneReading(parts.reading),
    needle: parts.needle ?? visibleNeedle({ xPx: 80, yPx: 50 }),
    motion: parts.motion === undefined ? needleMotion() : parts.motion,
    structures: structures.map((seen) => applyRule(plan, seen)),
    context: sceneContext(parts.context),
    plan,
  };
}

/** A protocol's rule for one class. */
export function plannedRule(rule: StructureRule, keepOffMm: number | null = null): PlannedRule {
  return { rule, keepOffMm, warning: null };
}

/** The guide stage with its state, fed scene by scene. */
export interface TestGuide {
  readonly stage: GuideStage;
  state: GuideState;
  /** 30 frames a second unless `atUs` says when. */
  step(parts?: SceneParts, atUs?: number): ReturnType<GuideStage['step']>;
  trackEpoch: number;
}

/** A guide for one stream. */
export function testGuide(options: Partial<GuideOptions> = {}): TestGuide {
  const spacingRangeMm = { min: 0.01, max: 1 };
  const stage = createGuide({ spacingRangeMm, thresholds: { imageQuality: 0.5 }, ...options });
  let nowUs = 0;
  const guide: TestGuide = {
    stage,
    state: stage.createState(),
    trackEpoch: 0,
    step(parts = {}, atUs = nowUs + 33_333) {
      nowUs = atUs;
      const { reading, needle, motion, structures, context, plan } = guideScene(parts);
      const track = { needle, motion, structures: structures.map(({ seen }) => seen) };
      const { trackEpoch } = guide;
      const input: GuideInput = { reading, track, context, trackEpoch, plan, others: [] };
      return stage.step(guide.state, input, nowUs);
    },
  };
  return guide;
}
