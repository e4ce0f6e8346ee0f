import type { ProbeView } from './probe-view.js';
import type { Random } from './random.js';
import { smooth } from './smooth-noise.js';

/** How the probe and the body move. Amplitudes are half the full travel. */
export interface TissueMotion {
  /** The probe slides along its long axis, mm. */
  readonly slide: Swing;
  /** One move of the probe along its long axis that stays; null for none. */
  readonly glide: Glide | null;
  /** The probe presses: share by which tissue is compressed towards it. */
  readonly press: Swing;
  /** Breathing moves tissue sideways and in depth, mm at full depth. */
  readonly breathing: Swing;
  readonly breathingAngleRad: number;
  /** Heart beat: rate and relative change of an artery's radius. */
  readonly pulseHz: number;
  readonly pulseShare: number;
  /** Greatest flattening of veins, 0 to 0.6, and its rhythm. */
  readonly veinCollapse: Swing;
  /** How far tissue at the needle follows it, mm. */
  readonly dragMm: number;
  /** Speed at which the speckle changes because the image plane moves, rad/s. */
  readonly speckleRadS: number;
  /** Loss of skin contact at one side; null for full contact throughout. */
  readonly contactLoss: ContactLoss | null;
}

/** A slow oscillation. */
export interface Swing {
  readonly amplitude: number;
  readonly rateHz: number;
  readonly phase: number;
}

/** The tissue, and a needle held in it, move sideways in the image by `shiftMm`. */
export interface Glide {
  readonly fromS: number;
  readonly toS: number;
  readonly shiftMm: number;
}

export interface ContactLoss {
  readonly side: 'left' | 'right';
  /** Share of the probe that loses contact at most. */
  readonly share: number;
  readonly fromS: number;
  readonly toS: number;
}

/** Displacement of all tissue by probe and breathing, in the beam grid's own terms, mm. */
export interface CommonShift {
  /** Along the transducer face, to the right. */
  lateralMm: number;
  /** Deeper, at a given depth. */
  deeperMm: number;
}

export function swingAt(swing: Swing, timeS: number): number {
  return swing.amplitude * Math.sin(2 * Math.PI * swing.rateHz * timeS + swing.phase);
}

/** Writes the common displacement at a depth into `out`. */
export function commonShiftAt(
  motion: TissueMotion,
  view: ProbeView,
  timeS: number,
  depthMm: number,
  out: CommonShift,
): void {
  const share = Math.max(0, depthMm / view.depthMm);
  const breath = swingAt(motion.breathing, timeS) * share;
  out.lateralMm =
    swingAt(motion.slide, timeS) +
    glideShiftMm(motion.glide, timeS) +
    breath * Math.cos(motion.breathingAngleRad);
  out.deeperMm =
    breath * Math.sin(motion.breathingAngleRad) - swingAt(motion.press, timeS) * depthMm;
}

/** How far a glide has come. */
export function glideShiftMm(glide: Glide | null, timeS: number): number {
  if (glide === null) return 0;
  return glide.shiftMm * smooth((timeS - glide.fromS) / (glide.toS - glide.fromS));
}

/** Relative change of arterial radius: a quick rise and a slow fall. */
export function pulseAt(motion: TissueMotion, timeS: number): number {
  const beat = timeS * motion.pulseHz;
  const share = beat - Math.floor(beat);
  const wave = share < 0.15 ? smooth(share / 0.15) : (1 - (share - 0.15) / 0.85) ** 2;
  return motion.pulseShare * wave;
}

/** Share of the probe in contact, 0 to 1. */
export function contactAt(motion: TissueMotion, timeS: number): number {
  const loss = motion.contactLoss;
  if (loss === null) return 1;
  const ramp = smooth((timeS - loss.fromS) / 0.4) * smooth((loss.toS - timeS) / 0.4);
  return 1 - loss.share * ramp;
}

/** Draws movement: a third of the clips has a still probe, the rest slides and presses. */
export function drawTissueMotion(random: Random, view: ProbeView): TissueMotion {
  const swing = (amplitude: number, minHz: number, maxHz: number): Swing => ({
    amplitude,
    rateHz: random.range(minHz, maxHz),
    phase: random.range(0, 2 * Math.PI),
  });
  const isStill = random.chance(0.33);
  const fromS = random.range(0, 10);
  return {
    slide: swing(isStill ? 0 : random.range(0.2, 3.5), 0.08, 0.35),
    glide: null,
    press: swing(isStill ? 0 : random.range(0, 0.04), 0.1, 0.5),
    breathing: swing(random.chance(0.6) ? random.range(0.1, 1.8) : 0, 0.2, 0.33),
    breathingAngleRad: random.range(0, 2 * Math.PI),
    pulseHz: random.range(0.9, 1.7),
    pulseShare: random.range(0.02, 0.08),
    veinCollapse: swing(random.range(0, 0.25), 0.15, 0.6),
    dragMm: random.range(0, 1) * Math.min(1, view.depthMm / 40),
    speckleRadS: random.chance(0.6) ? random.logRange(0.05, 3) : 0,
    contactLoss: random.chance(0.12)
      ? {
          side: random.chance(0.5) ? 'left' : 'right',
          share: random.range(0.1, 0.6),
          fromS: fromS - 3,
          toS: fromS + random.range(1, 6),
        }
      : null,
  };
}
