import type { Guidance } from '../../domain/guidance.js';
import type { GuidancePlan } from '../../domain/guidance-plan.js';
import type { Needle } from '../../domain/needle.js';
import type { NeedleMotion } from '../../domain/needle-motion.js';
import type { FrameContext, FrameReading } from '../frame-context.js';
import type { RuledStructure } from './protection.js';

/** What guidance knows of one frame before it draws conclusions. */
export interface Scene {
  readonly reading: FrameReading;
  readonly needle: Needle;
  readonly motion: NeedleMotion | null;
  readonly structures: readonly RuledStructure[];
  readonly context: FrameContext;
  readonly plan: GuidancePlan;
}

/** Whether the tip was measured in this frame, so that distances may be taken from it. */
export function isTipMeasured({ needle }: Scene): boolean {
  return needle.state === 'tip-visible' && needle.tip !== null;
}

/** The geometry that advisories are judged by. */
export type Findings = Pick<Guidance, 'clearances' | 'trajectory' | 'unseen'>;
