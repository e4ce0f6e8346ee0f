import { type BeamGrid, depthAlongBeamMm } from './beam-grid.js';
import type { NeedlePose } from './motion.js';
import type { NeedleAppearance } from './needle.js';
import { elevationSigmaMmAt, lateralSigmaMmAt, type PointSpread } from './point-spread.js';
import { dipGain, tipDipGain } from './shaft-dip.js';
import { type Noise1d, smooth } from './smooth-noise.js';

/** Steps along a shaft, mm, and the most that a profile holds (300 mm of needle). */
export const STEP_MM = 0.25;
export const STEPS_MAX = 1200;

/** Amplitude and width of the shaft's echo at equal steps from entry to tip, before attenuation. */
export interface ShaftProfile {
  readonly count: number;
  readonly stepMm: number;
  readonly amplitude: Float32Array;
  readonly sigmaMm: Float32Array;
}

/** What a profile is computed from. `gate` and `fine` are the needle's slow and fine patterns. */
export interface ProfileInput {
  readonly appearance: NeedleAppearance;
  readonly grid: BeamGrid;
  readonly spread: PointSpread;
  readonly pose: NeedlePose;
  readonly gate: Noise1d;
  readonly fine: Noise1d;
}

/** Fills amplitude and width along the shaft; returns the number of steps. */
export function computeProfile(
  profile: { readonly amplitude: Float32Array; readonly sigmaMm: Float32Array },
  input: ProfileInput,
): number {
  const { appearance, grid, spread, pose } = input;
  const count = Math.min(STEPS_MAX, Math.floor(pose.lengthMm / STEP_MM) + 1);
  const base = 10 ** (appearance.shaftDb / 20);
  const { beads, gateDepth } = appearance;
  // A shallow pattern waxes and wanes, a deep one is seen in pieces.
  const gateSlope = 0.6 + 1.2 * gateDepth ** 3;
  for (let step = 0; step < count; step++) {
    const along = step * STEP_MM;
    const x = pose.entryXMm + pose.directionX * along;
    const z = pose.entryZMm + pose.directionZ * along;
    const depth = Math.max(0, depthAlongBeamMm(grid, x, z));
    const cosine = Math.cos(incidenceRad(grid, pose, x, z));
    const sine = Math.sqrt(1 - cosine * cosine);
    const lateral = appearance.sharpness * lateralSigmaMmAt(spread, depth);
    const axial = appearance.sharpness * spread.axialSigmaMm + 0.12 * appearance.diameterMm;
    profile.sigmaMm[step] = Math.hypot(axial * cosine, lateral * sine);
    // The slow pattern belongs half to the needle and half to the tissue above it.
    const slow = input.gate((along - 0.5 * pose.lengthMm) / appearance.gateMm);
    const waxing = 1 - gateDepth * Math.min(1, Math.max(0, 0.5 - gateSlope * slow));
    const grain = Math.max(0.15, 1 + beads.depth * input.fine(along / beads.lengthMm));
    profile.amplitude[step] =
      base *
      specular(appearance, Math.acos(Math.min(1, cosine))) *
      planeGain(spread, pose, depth, pose.lengthMm - along) *
      fadeGain(pose, pose.lengthMm - along) *
      seenGain(pose, pose.lengthMm - along) *
      taperGain(appearance, pose.lengthMm - along) *
      dipGain(pose, along) *
      waxing *
      grain;
  }
  return count;
}

/** Angle between the beam and the shaft's normal at a point, 0 to π/2. */
function incidenceRad(grid: BeamGrid, pose: NeedlePose, xMm: number, zMm: number): number {
  const reach = Math.hypot(xMm, zMm + grid.radiusMm);
  const beamX = grid.geometry === 'linear' ? 0 : xMm / reach;
  const beamZ = grid.geometry === 'linear' ? 1 : (zMm + grid.radiusMm) / reach;
  const along = Math.abs(beamX * pose.directionX + beamZ * pose.directionZ);
  return Math.asin(Math.min(1, along));
}

function specular(appearance: NeedleAppearance, incidence: number): number {
  const ratio = incidence / appearance.specularRad;
  return appearance.diffuseShare + (1 - appearance.diffuseShare) * Math.exp(-ratio * ratio);
}

/** Loss through distance from the image plane, `backMm` behind the tip. */
function planeGain(spread: PointSpread, pose: NeedlePose, depthMm: number, backMm: number): number {
  const offset = pose.planeOffsetMm + pose.planeSlope * backMm;
  const ratio = offset / elevationSigmaMmAt(spread, depthMm);
  return Math.exp(-0.5 * ratio * ratio);
}

function fadeGain(pose: NeedlePose, backMm: number): number {
  if (pose.tipGain >= 1 || backMm >= pose.tipFadeMm) return 1;
  const share = backMm / pose.tipFadeMm;
  return pose.tipGain + (1 - pose.tipGain) * share * share;
}

function seenGain(pose: NeedlePose, backMm: number): number {
  const { fullMm, fadeMm } = pose.seen;
  if (backMm <= fullMm) return 1;
  return smooth(Math.max(0, 1 - (backMm - fullMm) / fadeMm));
}

function taperGain({ taper }: NeedleAppearance, backMm: number): number {
  if (taper.lossDb === 0 || backMm >= taper.lengthMm) return 1;
  return 10 ** ((-taper.lossDb * (1 - backMm / taper.lengthMm)) / 20);
}

/** Peak amplitude at the tip, or of an out-of-plane dot, before attenuation. */
export function tipLevel(
  appearance: NeedleAppearance,
  grid: BeamGrid,
  spread: PointSpread,
  pose: NeedlePose,
): number {
  const depth = Math.max(0, depthAlongBeamMm(grid, pose.tipXMm, pose.tipZMm));
  const plane = planeGain(spread, pose, depth, 0);
  const base = 10 ** ((appearance.shaftDb + appearance.tipFlareDb) / 20);
  if (pose.approach === 'out-of-plane') {
    return Math.max(base, 10 ** (appearance.shaftDb / 20)) * plane * 0.8;
  }
  // The bevel's edges diffract: half as dependent on the angle as the shaft.
  const incidence = incidenceRad(grid, pose, pose.tipXMm, pose.tipZMm);
  const facing = Math.max(0.18, specular(appearance, 0.6 * incidence));
  return base * plane * pose.tipGain * tipDipGain(pose) * facing;
}
