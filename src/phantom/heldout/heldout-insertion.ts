import { createInsertionMotion, type NeedleDrag } from './heldout-motion.js';
import { createHeldoutRandom } from './heldout-random.js';
import type { InjectatePool } from './heldout-render.js';
import type { HeldoutScene } from './heldout-scene.js';
import { heldoutStratum } from './heldout-stratum.js';
import type { NeedleMoment } from './heldout-truth.js';

/** How the needle of a clip moves, drags tissue along, and injects. */
export interface Insertion {
  /** How far beyond its start the tip is, px. Call once a frame, times rising. */
  advanceTo(timeS: number): number;
  /** What the tip drags along at the moment; null for a dot, a mere line, or no needle. */
  drag(): NeedleDrag | null;
  /** The injectate at a moment; null before an injection. */
  pool(moment: NeedleMoment): InjectatePool | null;
}

/** Injection: starting area, growth per second, and the most that is injected, mm². */
const POOL_START_MM2 = 3;
const POOL_GROWTH_MM2 = 45;
const POOL_LIMIT_MM2 = 60;
/** Width against height of the pool, which follows the tissue's layers. */
const POOL_ASPECT = 2.2;

/** One in four needles with a visible tip injects within the first second, and rests meanwhile. */
export function createInsertion(scene: HeldoutScene, seed: number): Insertion {
  const { needle, view, anatomy } = scene;
  const random = createHeldoutRandom(seed, 'insertion');
  const mmPerPx = anatomy.map.mmPerPx;
  const motion = createInsertionMotion(random, 0.11 * view.heightPx * mmPerPx);
  const injects = heldoutStratum(seed).needle === 'in-plane-visible-tip' && random.chance(0.25);
  const injectsAtS = injects ? random.between(0.1, 0.6) : Number.POSITIVE_INFINITY;
  const moves = needle !== null && !scene.isStaticLine && needle.kind !== 'out-of-plane-dot';
  let advancedPx: number | null = null;
  let dragPx = 0;
  return {
    advanceTo(timeS): number {
      const before = advancedPx;
      const rests = !moves || timeS >= injectsAtS;
      const now = rests ? (before ?? 0) : motion(timeS) / mmPerPx;
      dragPx = 0.86 * dragPx + 0.3 * (now - (before ?? now));
      advancedPx = now;
      return now;
    },
    drag(): NeedleDrag | null {
      if (!moves) return null;
      const tip = scene.tipAt(advancedPx ?? 0);
      return {
        tipXPx: tip.xPx,
        tipYPx: tip.yPx,
        dxPx: dragPx * needle.directionX,
        dyPx: dragPx * needle.directionY,
        reachPx: 4 / mmPerPx,
      };
    },
    pool(moment): InjectatePool | null {
      const sinceS = moment.timeS - injectsAtS;
      if (!(sinceS >= 0)) return null;
      const tip = scene.tipAt(moment.advancedPx);
      const areaMm2 = Math.min(POOL_LIMIT_MM2, POOL_START_MM2 + POOL_GROWTH_MM2 * sinceS);
      const radiusYMm = Math.sqrt(areaMm2 / (Math.PI * POOL_ASPECT));
      return {
        xPx: tip.xPx - moment.offsetXPx,
        yPx: tip.yPx - moment.offsetYPx + (0.55 * radiusYMm) / mmPerPx,
        radiusXPx: (POOL_ASPECT * radiusYMm) / mmPerPx,
        radiusYPx: radiusYMm / mmPerPx,
      };
    },
  };
}
