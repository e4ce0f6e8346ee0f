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
  /** −1.8 strong edge enhancement … 0 none … 1 one 3 × 3 mean, 3 three of them, in beam space. */
  readonly smoothing: number;
  /** Speckle reduction: steps of edge-keeping diffusion, 0 to 8 (a painterly look). */
  readonly despeckle: number;
  /** Share of the previous image that stays, 0 to 0.7. */
  readonly persistence: number;
  /** Gray map: exponent, and strength of an S-curve 0 to 1. */
  readonly gamma: number;
  readonly contrast: number;
  /** Shares of the dynamic range that are shown black (up to) and white (from). */
  readonly blackShare: number;
  readonly whiteShare: number;
  /** Different grays on the screen, 2 to 256. */
  readonly grayLevels: number;
  /** Uneven sensitivity across the probe, dB. */
  readonly lateralUnevenDb: number;
}

/** Draws a display; wide on purpose, since no two scanners and no two hands set it alike. */
export function drawDisplay(random: Random): DisplayScript {
  const tilt = random.gaussian() * 4 - 1.5;
  const isHard = random.chance(0.15);
  const tissueLevel = drawGain(random);
  return {
    dynamicRangeDb: isHard ? random.range(36, 50) : random.range(45, 75),
    tissueLevel,
    noiseDb: random.range(-85, -50),
    tgcAttenuation: random.range(0.45, 0.65),
    tgcErrorDb: [0, 1, 2, 3, 4, 5].map((step) => random.range(-4, 4) + (tilt * (step - 1.5)) / 2),
    smoothing: drawSmoothing(random),
    despeckle: random.chance(0.14) ? 2 + random.int(6) : 0,
    persistence: random.chance(0.4) ? random.range(0.1, 0.7) : 0,
    gamma: random.logRange(0.75, 1.4),
    contrast: isHard ? random.range(0.5, 1) : random.range(0, 0.6),
    blackShare: random.chance(0.25) ? tissueLevel * random.range(0.1, isHard ? 0.8 : 0.55) : 0,
    whiteShare: random.chance(0.2) ? random.range(0.65, 0.95) : 1,
    grayLevels: random.chance(1 / 30) ? 8 + random.int(18) : 256,
    lateralUnevenDb: random.range(0, 2.5),
  };
}

/** Some pictures are too dark, few too bright. */
function drawGain(random: Random): number {
  const kind = random.uniform();
  if (kind < 0.15) return random.range(0.04, 0.18);
  return kind < 0.2 ? random.range(0.5, 0.7) : random.range(0.16, 0.5);
}

function drawSmoothing(random: Random): number {
  const kind = random.uniform();
  if (kind < 0.08) return random.range(-1.8, -0.6);
  if (kind < 0.32) return random.range(-0.6, 0.1);
  return kind < 0.42 ? random.range(1.8, 3) : random.range(0.2, 1.8);
}

/** 256 gray levels of the map, indexed by 255 × the share of the dynamic range. */
export function createGrayMap(display: DisplayScript): Uint8Array {
  const map = new Uint8Array(256);
  for (let level = 0; level < 256; level++) {
    const window = display.whiteShare - display.blackShare;
    const shown = Math.min(1, Math.max(0, (level / 255 - display.blackShare) / window));
    const share = shown ** display.gamma;
    const curved = share * share * (3 - 2 * share);
    const gray = share + (curved - share) * display.contrast;
    const last = display.grayLevels - 1;
    map[level] = Math.round((255 * Math.round(gray * last)) / last);
  }
  return map;
}
