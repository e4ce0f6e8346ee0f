import type { PointSpread } from './point-spread.js';
import type { ProbeView } from './probe-view.js';
import type { Random } from './random.js';

/** A transducer and its settings. */
export interface ProbeScript {
  readonly view: ProbeView;
  /** Centre frequency; attenuation grows with it. */
  readonly frequencyMHz: number;
  readonly spread: PointSpread;
  /** Envelopes averaged per image: 1 is full speckle, more is smoother (spatial compounding). */
  readonly looks: number;
}

/** Draws a probe: 70 % linear at 15 to 60 mm, the rest curvilinear at 40 to 80 mm. */
export function drawProbe(random: Random): ProbeScript {
  return random.chance(0.7) ? drawLinear(random) : drawCurvilinear(random);
}

function drawLinear(random: Random): ProbeScript {
  const depthMm = random.logRange(15, 62);
  const frequencyMHz = Math.min(15, Math.max(5, random.range(220, 420) / (depthMm + 12)));
  const aspect = random.chance(0.5) ? random.range(0.9, 1.2) : random.range(0.6, 1.7);
  const halfWidthMm = Math.min(27, Math.max(11, 0.5 * depthMm * aspect));
  return {
    view: { geometry: 'linear', depthMm, halfWidthMm, radiusMm: 0, halfAngleRad: 0 },
    frequencyMHz,
    spread: drawSpread(random, frequencyMHz, depthMm),
    looks: drawLooks(random),
  };
}

function drawCurvilinear(random: Random): ProbeScript {
  const depthMm = random.range(40, 82);
  const frequencyMHz = random.range(2.5, 6.5);
  const isMicro = random.chance(0.2);
  const radiusMm = isMicro ? random.range(11, 20) : random.range(40, 65);
  const halfAngleRad = isMicro ? random.range(0.5, 0.75) : random.range(0.42, 0.62);
  const halfWidthMm = radiusMm * Math.sin(halfAngleRad);
  return {
    view: { geometry: 'curvilinear', depthMm, halfWidthMm, radiusMm, halfAngleRad },
    frequencyMHz,
    spread: drawSpread(random, frequencyMHz, depthMm),
    looks: drawLooks(random),
  };
}

/** Speckle size varies more than the frequency alone explains: apertures and filters differ. */
function drawSpread(random: Random, frequencyMHz: number, depthMm: number): PointSpread {
  const wavelengthMm = 1.54 / frequencyMHz;
  return {
    axialSigmaMm: wavelengthMm * random.logRange(0.45, 1.2),
    lateralSigmaMm: wavelengthMm * random.logRange(1, 2.6),
    focusMm: depthMm * random.range(0.25, 0.8),
    focusRangeMm: depthMm * random.range(0.3, 1),
    elevationSigmaMm: random.range(0.6, 1.4),
  };
}

function drawLooks(random: Random): number {
  return random.pick([1, 2, 2, 3, 3, 4, 5, 6]);
}
