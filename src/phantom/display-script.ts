import type { Random } from './random.js';

/** How received echoes become gray levels. */
export interface DisplayScript {
  /** Logarithmic range from black to white, dB. */
  readonly dynamicRangeDb: number;
  /** Where the mean echo of muscle lies in that range, 0 black to 1 white (the gain). */
  readonly tissueLevel: number;
  /** Noise at the receiver relative to muscle at the skin, dB (negative). */
  readonly noiseDb: number;
  /** Tissue attenuation that the time gain compensation assumes, dB/cm/MHz. */
  readonly tgcAttenuation: number;
  /** Its error at equal steps of depth, dB. */
  readonly tgcErrorDb: readonly number[];
  /** −0.6 edge enhancement … 0 none … 1 one 3 × 3 mean, 2 two of them, in beam space. */
  readonly smoothing: number;
  /** Share of the previous image that stays, 0 to 0.6. */
  readonly persistence: number;
  /** Gray map: exponent, and strength of an S-curve 0 to 1. */
  readonly gamma: number;
  readonly contrast: number;
  /** Uneven sensitivity across the probe, dB. */
  readonly lateralUnevenDb: number;
}

/** Draws a display; wide on purpose, since no two scanners and no two hands set it alike. */
export function drawDisplay(random: Random): DisplayScript {
  const tilt = random.gaussian() * 4 - 1.5;
  return {
    dynamicRangeDb: random.range(45, 75),
    tissueLevel: random.chance(0.15) ? random.range(0.04, 0.18) : random.range(0.16, 0.5),
    noiseDb: random.range(-85, -50),
    tgcAttenuation: random.range(0.45, 0.65),
    tgcErrorDb: [0, 1, 2, 3, 4, 5].map((step) => random.range(-4, 4) + (tilt * (step - 1.5)) / 2),
    smoothing: random.chance(0.3) ? random.range(-0.6, 0.1) : random.range(0.2, 1.8),
    persistence: random.chance(0.4) ? random.range(0.1, 0.55) : 0,
    gamma: random.logRange(0.75, 1.4),
    contrast: random.range(0, 0.6),
    lateralUnevenDb: random.range(0, 2.5),
  };
}

/** 256 gray levels of the map, indexed by 255 × the share of the dynamic range. */
export function createGrayMap(display: DisplayScript): Uint8Array {
  const map = new Uint8Array(256);
  for (let level = 0; level < 256; level++) {
    const share = (level / 255) ** display.gamma;
    const curved = share * share * (3 - 2 * share);
    map[level] = Math.round(255 * (share + (curved - share) * display.contrast));
  }
  return map;
}
