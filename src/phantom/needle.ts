import type { ProbeView } from './probe-view.js';
import type { Random } from './random.js';
import type { ShaftDip, ShaftGlint } from './shaft-dip.js';

/**
 * How a needle echoes. Levels in dB are relative to the mean echo of muscle, before attenuation;
 * lengths in mm.
 */
export interface NeedleAppearance {
  /** Seeds the fine pattern along the shaft. */
  readonly seed: number;
  /** Outer diameter; 30 G is 0.31, 18 G is 1.27. */
  readonly diameterMm: number;
  /**
   * Width of the echo relative to the point spread, 0.2 to 1: compression shows a Gaussian echo
   * 40 dB above its surroundings six sigmas wide, scanners show a line one pulse wide.
   */
  readonly sharpness: number;
  /** Echo of the shaft where it lies across the beam. */
  readonly shaftDb: number;
  /**
   * Incidence (angle between beam and shaft normal) at which the specular echo has fallen by 1/e.
   */
  readonly specularRad: number;
  /** Share of the echo that does not depend on the angle: 0.03 smooth steel, 0.5 echogenic. */
  readonly diffuseShare: number;
  /** Extra echo of the bevel; negative hides it. */
  readonly tipFlareDb: number;
  /** How the shaft thins out towards the tip: loss at the tip, and the length that it takes. */
  readonly taper: { readonly lossDb: number; readonly lengthMm: number };
  /** Distance between the bevel's two bright spots, along the shaft. */
  readonly bevelMm: number;
  /** Distance between reverberation copies along the beam (inner diameter in tissue). */
  readonly reverbMm: number;
  /** Amplitude of each copy relative to the one above it; 0 for none. */
  readonly reverbDecay: number;
  /** Correlation length of the slow waxing and waning along the shaft. */
  readonly gateMm: number;
  /** Its depth: 0 even, 1 fades to nothing in places. */
  readonly gateDepth: number;
  /** Beads along the shaft: their length, and their standard deviation relative to the echo. */
  readonly beads: { readonly lengthMm: number; readonly depth: number };
  /** Fainter lines parallel to the shaft on the probe's side: the wall that is met first. */
  readonly nearWalls: readonly NearWall[];
  /** Side lobes of the tip, dB below it and their width; null for none. */
  readonly sideLobe: { readonly levelDb: number; readonly widthMm: number } | null;
  /** Length of the comet tail under the tip; 0 for none. */
  readonly cometMm: number;
  /** Two-way loss under the shaft, dB. */
  readonly shadowDb: number;
}

/** One such line: how far above the shaft, towards the probe, and its level relative to it. */
export interface NearWall {
  readonly aboveMm: number;
  readonly levelDb: number;
}

/** Where the needle is at one moment of its script; values in between are eased. */
export interface NeedleKeyframe {
  readonly timeS: number;
  /** From the entry point to the tip; ≤ 0 is not inserted. */
  readonly insertionMm: number;
  /** Below the horizontal, 0 to 90, measured from the entry side. */
  readonly angleDeg: number;
  /** Distance of the tip from the image plane. */
  readonly planeOffsetMm: number;
  /** Visibility of the last stretch before the tip: 0 hidden, 1 full. */
  readonly tipGain: number;
}

/**
 * The stretch of the shaft that returns an echo to the probe: the hub's side often leaves the image
 * plane or reflects past the probe, so that the shaft floats in the picture.
 */
export interface SeenShaft {
  /** Length behind the tip that is seen in full, mm; Infinity for all of it. */
  readonly fullMm: number;
  /** Length behind that over which it fades to nothing, mm, at least 0.1. */
  readonly fadeMm: number;
  /** The stretch up to the tip that returns less; none by default. */
  readonly dip?: ShaftDip;
  /** Bright spots; none by default. */
  readonly glints?: readonly ShaftGlint[];
}

export const WHOLE_SHAFT: SeenShaft = { fullMm: Number.POSITIVE_INFINITY, fadeMm: 1 };

/** One needle and its whole movement. Positions in the probe's frame. */
export interface NeedleScript {
  readonly approach: 'in-plane' | 'out-of-plane';
  readonly side: 'left' | 'right';
  readonly entryXMm: number;
  readonly entryZMm: number;
  /** Bow at the middle of the inserted part, for 40 mm inserted; positive bulges deeper. */
  readonly bowMm: number;
  /** Change of the plane offset per mm back from the tip. */
  readonly planeSlope: number;
  /** Length of the stretch before the tip that `tipGain` governs. */
  readonly tipFadeMm: number;
  /** What of the shaft is seen, behind the tip. */
  readonly seen: SeenShaft;
  readonly tremorMm: number;
  readonly tremorHz: number;
  readonly appearance: NeedleAppearance;
  /** At least one, rising in time. */
  readonly keyframes: readonly NeedleKeyframe[];
}

const GAUGE_DIAMETERS_MM = [1.27, 1.07, 0.91, 0.82, 0.72, 0.64, 0.57, 0.51, 0.41, 0.31];

/** Draws how a needle echoes: 18 to 30 G, smooth or echogenic, faint, clear or glaring. */
export function drawNeedleAppearance(random: Random): NeedleAppearance {
  const diameterMm = random.pick(GAUGE_DIAMETERS_MM);
  const isEchogenic = random.chance(0.3);
  const hasTaper = random.chance(0.4);
  return {
    seed: random.int(2 ** 31),
    diameterMm,
    sharpness: random.chance(0.6) ? random.range(0.2, 0.55) : random.range(0.55, 1),
    shaftDb: drawShaftDb(random) + 3 * Math.log2(diameterMm),
    specularRad: (random.range(15, 40) * Math.PI) / 180,
    diffuseShare: isEchogenic ? random.range(0.3, 0.5) : random.range(0.1, 0.35),
    // A shaft that thins out has no bright bevel at its end.
    tipFlareDb: hasTaper ? -40 : random.chance(0.6) ? random.range(2, 9) : random.range(-12, 2),
    taper: hasTaper
      ? { lossDb: random.range(2, 14), lengthMm: random.logRange(2, 20) }
      : { lossDb: 0, lengthMm: 1 },
    bevelMm: random.range(0.4, 1.2),
    reverbMm: random.logRange(0.3, 2),
    reverbDecay: random.chance(0.6) ? random.range(0.15, 0.65) : 0,
    gateMm: random.logRange(2, 30),
    gateDepth: random.chance(0.5) ? random.range(0, 0.2) : random.range(0.2, 1),
    beads: { lengthMm: random.logRange(0.7, 2.5), depth: random.range(0.1, 0.5) },
    nearWalls: drawNearWalls(random, diameterMm),
    sideLobe: random.chance(0.45)
      ? { levelDb: random.range(-22, -12), widthMm: random.range(1, 3) }
      : null,
    cometMm: random.chance(0.15) ? random.range(2, 7) : 0,
    shadowDb: random.chance(0.7) ? random.range(0, 6) : 0,
  };
}

/** Real shafts are mostly clear: one in eight is faint, three in eight glare. */
function drawShaftDb(random: Random): number {
  const kind = random.uniform();
  if (kind < 1 / 8) return random.range(11, 19);
  return kind < 5 / 8 ? random.range(20, 34) : random.range(34, 44);
}

/** None (60 %), one or two lines, each fainter than the one below it. */
function drawNearWalls(random: Random, diameterMm: number): NearWall[] {
  if (random.chance(0.6)) return [];
  const gapMm = diameterMm * random.range(0.7, 1.6);
  const levelDb = random.range(-18, -5);
  return Array.from({ length: random.chance(0.3) ? 2 : 1 }, (_, line) => ({
    aboveMm: gapMm * (line + 1),
    levelDb: levelDb * (line + 1),
  }));
}

/** Draws what of the shaft is seen: all of it (45 %), or a third to all of `reachMm` and a fade. */
export function drawSeenShaft(random: Random, reachMm: number): SeenShaft {
  if (random.chance(0.45)) return WHOLE_SHAFT;
  const fullMm = reachMm * random.range(0.1, 0.8);
  const fadeMm = random.chance(0.3) ? random.range(0.3, 3) : reachMm * random.range(0.1, 0.7);
  return { fullMm, fadeMm };
}

/**
 * Draws the elevation of an in-plane needle in degrees: 30 % 15 to 40, 45 % flatter (some rise
 * towards the probe), 25 % steeper up to straight down (flat needles are common, and lie like
 * fascia; steep ones are where recognition fails).
 */
export function drawElevationDeg(random: Random): number {
  const kind = random.uniform();
  if (kind < 0.3) return random.range(15, 40);
  if (kind < 0.75) return random.range(-8, 15);
  return kind < 0.94 ? random.range(40, 68) : random.range(68, 90);
}

/**
 * Draws where an in-plane needle comes from: beside the footprint. Flat needles may start at any
 * depth (an indented or curved body surface, a probe inside the body), or they would never be deep.
 * Steep ones often start under the probe itself: through a guide, or with gel between probe and
 * skin.
 */
export function drawEntry(
  random: Random,
  view: ProbeView,
  elevationDeg: number,
): { readonly side: 'left' | 'right'; readonly xMm: number; readonly zMm: number } {
  const side = random.chance(0.5) ? 'left' : 'right';
  if (elevationDeg > 50 && random.chance(elevationDeg > 68 ? 1 : 0.4)) {
    return { side, xMm: random.range(-1, 1) * view.halfWidthMm, zMm: random.range(-2, 1) };
  }
  const slope = Math.tan((elevationDeg * Math.PI) / 180);
  const gapMax = Math.min(30, (0.55 * view.depthMm) / Math.max(0.05, slope));
  const distance = view.halfWidthMm + random.range(0, gapMax);
  const isDeep = elevationDeg < 20 && (elevationDeg < 0 || random.chance(0.65));
  const zMm = isDeep ? random.range(0.02, 0.85) * view.depthMm : 0;
  return { side, xMm: side === 'left' ? -distance : distance, zMm };
}
