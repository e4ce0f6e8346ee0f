import type { NeedlePose } from './motion.js';
import type { Random } from './random.js';

/** Fluid that leaves the needle's tip. */
export interface InjectateScript {
  readonly startS: number;
  readonly rateMm2S: number;
  readonly areaMaxMm2: number;
  /** While nothing goes in, between a first bolus and the rest; absent = one injection. */
  readonly pause?: { readonly fromS: number; readonly toS: number };
  /** Width over height: fluid spreads along fascia. */
  readonly aspect: number;
  readonly tiltRad: number;
  /** Echo relative to muscle: about −25 dark, about +8 with particles or air. */
  readonly echoDb: number;
  /** Loss per mm, two ways: near 0 for clear fluid, high for air. */
  readonly lossDbPerMm: number;
  /** Strength of the short-lived bubbles at the start, relative to muscle, dB. */
  readonly sparkleDb: number;
}

/** The pool at one moment, in the view's frame. */
export interface Pool {
  readonly xMm: number;
  readonly zMm: number;
  readonly radiusXMm: number;
  readonly radiusZMm: number;
  readonly tiltRad: number;
  readonly areaMm2: number;
  /** Seconds since the injection began. */
  readonly ageS: number;
}

/** Area of the pool at a time; 0 before the injection. */
export function injectedAreaMm2(script: InjectateScript, timeS: number): number {
  const elapsed = timeS - script.startS - pausedS(script, timeS);
  if (elapsed <= 0) return 0;
  // Approaches the maximum softly: fluid also leaves the image plane.
  return script.areaMaxMm2 * (1 - Math.exp((-script.rateMm2S * elapsed) / script.areaMaxMm2));
}

function pausedS({ pause }: InjectateScript, timeS: number): number {
  return pause === undefined ? 0 : Math.max(0, Math.min(timeS, pause.toS) - pause.fromS);
}

/** The pool around the place where the tip was when the injection began. */
export function poolAt(
  script: InjectateScript,
  anchor: { readonly xMm: number; readonly zMm: number },
  timeS: number,
): Pool | null {
  const areaMm2 = injectedAreaMm2(script, timeS);
  if (areaMm2 <= 0.2) return null;
  const radiusZMm = Math.sqrt(areaMm2 / Math.PI / script.aspect);
  return {
    xMm: anchor.xMm,
    zMm: anchor.zMm,
    radiusXMm: radiusZMm * script.aspect,
    radiusZMm,
    tiltRad: script.tiltRad,
    areaMm2,
    ageS: timeS - script.startS,
  };
}

/** Draws an injection through a needle that is in place at `startS`. */
export function drawInjectate(random: Random, pose: NeedlePose, startS: number): InjectateScript {
  const isDark = random.chance(0.75);
  return {
    startS,
    rateMm2S: random.range(20, 60),
    areaMaxMm2: random.range(25, 160),
    aspect: random.range(1.3, 3.5),
    tiltRad: pose.directionX * random.gaussian() * 0.2,
    echoDb: isDark ? random.range(-32, -16) : random.range(3, 12),
    lossDbPerMm: isDark ? 0.02 : random.range(0.3, 2.5),
    sparkleDb: random.range(6, 18),
  };
}

/** Normalised elliptic distance from a pool's centre: 1 on its edge. */
export function poolDistance(pool: Pool, xMm: number, zMm: number): number {
  const cosine = Math.cos(pool.tiltRad);
  const sine = Math.sin(pool.tiltRad);
  const dx = xMm - pool.xMm;
  const dz = zMm - pool.zMm;
  return Math.hypot(
    (dx * cosine + dz * sine) / pool.radiusXMm,
    (dz * cosine - dx * sine) / pool.radiusZMm,
  );
}
