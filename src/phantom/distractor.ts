import type { BeamGrid } from './beam-grid.js';
import type { NeedlePose } from './motion.js';
import { drawElevationDeg, drawNeedleAppearance, type NeedleAppearance } from './needle.js';
import { createNeedleEcho } from './needle-echo.js';
import type { PointSpread } from './point-spread.js';
import type { ProbeView } from './probe-view.js';
import type { Random } from './random.js';

/**
 * A bright line that a network must not take for a needle: drawn by the needle's own code, but part
 * of the tissue: faint, thick or bent, without a tip, both ends lost in a long fade. Needles float
 * in the picture as well, so floating alone makes no distractor. `doubleGapMm` makes it a pair, as
 * a catheter.
 */
export interface Distractor {
  readonly appearance: NeedleAppearance;
  readonly pose: NeedlePose;
  /** 0 for a single line. */
  readonly doubleGapMm: number;
}

/** Draws none (65 %) to three lines of any needle-like slope. */
export function drawDistractors(random: Random, view: ProbeView): Distractor[] {
  if (random.chance(0.65)) return [];
  const distractors: Distractor[] = [];
  for (let count = 1 + random.int(3); count > 0; count--) {
    distractors.push(drawDistractor(random, view));
  }
  return distractors;
}

function drawDistractor(random: Random, view: ProbeView): Distractor {
  const appearance = drawNeedleAppearance(random);
  const angle = (drawSlopeDeg(random) * Math.PI) / 180;
  const isRising = random.chance(0.5);
  const lengthMm = random.range(0.25, 0.9) * view.depthMm;
  const directionX = isRising ? -Math.cos(angle) : Math.cos(angle);
  const directionZ = Math.sin(angle);
  const middleX = random.range(-0.8, 0.8) * view.halfWidthMm;
  const middleZ = random.range(0.15, 0.85) * view.depthMm;
  const isThick = random.chance(0.5);
  const bowShare = isThick ? 0.04 : 0.12;
  const fadeMm = lengthMm * random.range(0.3, 0.5);
  const entryXMm = middleX - 0.5 * lengthMm * directionX;
  const entryZMm = middleZ - 0.5 * lengthMm * directionZ;
  return {
    appearance: {
      ...appearance,
      diameterMm: isThick ? random.range(2.5, 7) : appearance.diameterMm,
      sharpness: isThick ? 1 : appearance.sharpness,
      shaftDb: isThick ? random.range(6, 24) : random.range(6, 17),
      tipFlareDb: -60,
      taper: { lossDb: 0, lengthMm: 1 },
      reverbDecay: random.chance(0.3) ? appearance.reverbDecay : 0,
      nearWalls: [],
      sideLobe: null,
      cometMm: 0,
      shadowDb: 0,
    },
    pose: {
      approach: 'in-plane',
      entryXMm,
      entryZMm,
      tipXMm: entryXMm + lengthMm * directionX,
      tipZMm: entryZMm + lengthMm * directionZ,
      directionX,
      directionZ,
      lengthMm,
      bowMm: random.gaussian() * bowShare * lengthMm,
      planeOffsetMm: 0,
      planeSlope: 0,
      tipGain: 0,
      tipFadeMm: fadeMm,
      seen: { fullMm: lengthMm - fadeMm, fadeMm },
      speedMmS: 0,
    },
    doubleGapMm: random.chance(0.25) ? random.range(0.8, 2.2) : 0,
  };
}

/**
 * The slope of a line that is no needle. Flat ones are drawn less often than flat needles are:
 * tissue holds enough of them, and a network that is shown more learns that no needle lies flat.
 */
function drawSlopeDeg(random: Random): number {
  const slopeDeg = drawElevationDeg(random);
  return Math.abs(slopeDeg) < 12 && random.chance(0.6) ? drawElevationDeg(random) : slopeDeg;
}

/** Adds distractors to an amplitude map, by maximum. */
export function paintDistractors(
  distractors: readonly Distractor[],
  grid: BeamGrid,
  spread: PointSpread,
  map: Float32Array,
): void {
  const line = new Float32Array(map.length);
  for (const { appearance, pose, doubleGapMm } of distractors) {
    for (const gap of doubleGapMm === 0 ? [0] : [0, doubleGapMm]) {
      line.fill(0);
      const echo = createNeedleEcho(appearance, grid, spread);
      echo.render(line, { ...pose, entryZMm: pose.entryZMm + gap, tipZMm: pose.tipZMm + gap });
      for (let cell = 0; cell < map.length; cell++) {
        map[cell] = Math.max(map[cell] as number, line[cell] as number);
      }
    }
  }
}
