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

/** Draws a probe: 58 % linear (15 to 62 mm), 24 % convex (to 120 mm), 9 % each of the others. */
export function drawProbe(random: Random): ProbeScript {
  const kind = random.uniform();
  if (kind < 0.58) return drawLinear(random);
  if (kind < 0.82) return drawConvex(random);
  return kind < 0.91 ? drawCavity(random) : drawPhased(random);
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

function drawConvex(random: Random): ProbeScript {
  const isDeep = random.chance(0.35);
  const isWide = random.chance(0.25);
  return drawSector(random, {
    depthMm: isDeep ? random.range(80, 120) : random.range(40, 85),
    frequencyMHz: isDeep ? random.range(2, 4.5) : random.range(2.5, 6.5),
    radiusMm: random.range(40, 65),
    halfAngleRad: isWide ? random.range(0.6, 0.8) : random.range(0.42, 0.62),
  });
}

/** Micro-convex and end-fire probes: a small arc that sees far to its sides. */
function drawCavity(random: Random): ProbeScript {
  const isEndFire = random.chance(0.5);
  return drawSector(random, {
    depthMm: random.range(35, 85),
    frequencyMHz: random.range(3.5, 9),
    radiusMm: isEndFire ? random.range(8, 12) : random.range(11, 20),
    halfAngleRad: isEndFire ? random.range(0.75, 1.15) : random.range(0.5, 0.75),
  });
}

/** A phased array: beams from nearly one point, low frequency, coarse speckle. */
function drawPhased(random: Random): ProbeScript {
  const probe = drawSector(random, {
    depthMm: random.range(60, 120),
    frequencyMHz: random.range(2, 4),
    radiusMm: random.range(1, 6),
    halfAngleRad: random.range(0.6, 0.78),
  });
  // The footprint is wider than the apex that the beams seem to come from.
  return { ...probe, view: { ...probe.view, halfWidthMm: random.range(8, 14) } };
}

interface Sector {
  readonly depthMm: number;
  readonly frequencyMHz: number;
  readonly radiusMm: number;
  readonly halfAngleRad: number;
}

function drawSector(random: Random, sector: Sector): ProbeScript {
  const { depthMm, frequencyMHz, radiusMm, halfAngleRad } = sector;
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
    axialSigmaMm: wavelengthMm * random.logRange(0.38, 1.2),
    lateralSigmaMm: wavelengthMm * random.logRange(0.85, 2.6),
    focusMm: depthMm * random.range(0.25, 0.8),
    focusRangeMm: depthMm * random.range(0.3, 1),
    elevationSigmaMm: random.range(0.6, 1.4),
  };
}

function drawLooks(random: Random): number {
  return random.pick([1, 2, 2, 3, 3, 4, 5, 6]);
}
