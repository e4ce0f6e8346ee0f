import type { Artefact } from './artefact.js';

/**
 * What the tissue is made of, at rest. Positions in mm in the probe's frame; layers and lines
 * follow
 * the transducer face, so their depth counts along the beam. Echo levels are dB relative to muscle.
 */
export interface AnatomyScript {
  readonly family: AnatomyFamily;
  /** Seeds textures. */
  readonly seed: number;
  /** From the skin down; the last one reaches to the bottom whatever its curve says. */
  readonly layers: readonly Layer[];
  readonly lines: readonly LineEcho[];
  readonly bodies: readonly Body[];
  readonly bones: readonly Bone[];
  /** What the scanner makes of gas, walls and edges; painted over the bodies, in this order. */
  readonly artefacts: readonly Artefact[];
}

export type AnatomyFamily =
  | 'neurovascular'
  | 'roots'
  | 'planes'
  | 'bony'
  | 'longitudinal'
  | 'deep-nerve'
  | 'gel'
  | 'effusion'
  | 'test-object'
  | 'gland'
  | 'organ'
  | 'pleura'
  | 'tendon';

/** A depth that varies across the image, mm. */
export interface Curve {
  readonly baseMm: number;
  readonly slope: number;
  readonly waves: readonly {
    readonly amplitudeMm: number;
    readonly wavelengthMm: number;
    readonly phase: number;
  }[];
}

/** Depth of a curve at a lateral position. */
export function curveDepthMm(curve: Curve, xMm: number): number {
  let depth = curve.baseMm + curve.slope * xMm;
  for (const wave of curve.waves) {
    depth += wave.amplitudeMm * Math.sin((2 * Math.PI * xMm) / wave.wavelengthMm + wave.phase);
  }
  return depth;
}

/** Oriented brightness pattern. */
export interface Texture {
  readonly angleRad: number;
  readonly strengthDb: number;
  readonly alongMm: number;
  readonly acrossMm: number;
  /** Short bright strokes (septa, striae) per cm². */
  readonly strokesPerCm2: number;
  readonly strokeDb: number;
  readonly strokeMm: number;
}

export interface Layer {
  readonly tissue: 'skin' | 'fat' | 'muscle' | 'gel' | 'water' | 'gland' | 'tendon';
  readonly bottom: Curve;
  readonly echoDb: number;
  /** dB/cm/MHz, one way. */
  readonly attenuation: number;
  readonly texture: Texture;
}

/** A bright interface: fascia, or an unlabelled line. */
export interface LineEcho {
  readonly curve: Curve;
  readonly fromXMm: number;
  readonly toXMm: number;
  readonly levelDb: number;
  /** 0 even, 1 broken into pieces. */
  readonly breakup: number;
  readonly isFascia: boolean;
  /** Number of parallel sheets. */
  readonly sheets: number;
}

/** A rounded structure: an ellipse with a perturbed outline. */
export interface Body {
  readonly kind: 'nerve' | 'artery' | 'vein' | 'fluid' | 'lump';
  readonly xMm: number;
  readonly zMm: number;
  readonly radiusXMm: number;
  readonly radiusZMm: number;
  readonly tiltRad: number;
  /** Relative outline perturbation of orders 2, 3, 4 with phases. */
  readonly outline: readonly { readonly amplitude: number; readonly phase: number }[];
  readonly echoDb: number;
  readonly wallDb: number;
  readonly wallMm: number;
  readonly attenuation: number;
  /** Dark bundles inside a nerve. */
  readonly fascicles: readonly Fascicle[];
  /** Exponent of the outline: 2 (default) an ellipse, 8 nearly a rectangle. */
  readonly squareness?: number;
  /** Uneven echo inside; none by default. */
  readonly grain?: Grain;
}

/** Clouds of more and less echo: standard deviation in dB, size in mm. */
export interface Grain {
  readonly strengthDb: number;
  readonly sizeMm: number;
}

export interface Fascicle {
  readonly xMm: number;
  readonly zMm: number;
  readonly radiusMm: number;
  readonly echoDb: number;
}

/** A bone surface: an arc seen from above; everything under it is in shadow. */
export interface Bone {
  readonly xMm: number;
  readonly zMm: number;
  readonly halfWidthMm: number;
  /** Radius of the arc; large is flat. */
  readonly arcMm: number;
  readonly slope: number;
  readonly roughnessMm: number;
  readonly levelDb: number;
  /** Depth of its shadow: two-way loss behind the surface, dB. Less than total shows as haze. */
  readonly shadowDb: number;
  /** Width over which the shadow sets in at its sides, in dB evenly, mm; crisp by default. */
  readonly edgeMm?: number;
}

/**
 * Where a point lies relative to a body: `scale` is 1 on the outline, less inside; `signedMm` is
 * about the distance to the outline, negative inside; `normalX/Z` is about the outward normal.
 */
export interface BodyPosition {
  scale: number;
  signedMm: number;
  normalX: number;
  normalZ: number;
}

/** Computes a position into `out` (reused, so that painting allocates nothing per cell). */
export function locateInBody(body: Body, xMm: number, zMm: number, out: BodyPosition): void {
  const cosine = Math.cos(body.tiltRad);
  const sine = Math.sin(body.tiltRad);
  const dx = xMm - body.xMm;
  const dz = zMm - body.zMm;
  const u = (dx * cosine + dz * sine) / body.radiusXMm;
  const v = (dz * cosine - dx * sine) / body.radiusZMm;
  const power = body.squareness ?? 2;
  const radius = power === 2 ? Math.hypot(u, v) : roundedRadius(u, v, power);
  const phi = Math.atan2(v, u);
  let outline = 1;
  for (let index = 0; index < body.outline.length; index++) {
    const harmonic = body.outline[index];
    if (harmonic === undefined) continue;
    outline += harmonic.amplitude * Math.cos((index + 2) * phi + harmonic.phase);
  }
  const scale = radius / outline;
  const steepU = power === 2 ? 1 : steepness(u, radius, power);
  const steepV = power === 2 ? 1 : steepness(v, radius, power);
  const gradientX = (u * steepU) / body.radiusXMm;
  const gradientZ = (v * steepV) / body.radiusZMm;
  const gradient = Math.max(1e-6, Math.hypot(gradientX, gradientZ)) / Math.max(1e-6, radius);
  out.scale = scale;
  out.signedMm = (scale - 1) / gradient;
  out.normalX = (gradientX * cosine - gradientZ * sine) / (gradient * Math.max(1e-6, radius));
  out.normalZ = (gradientX * sine + gradientZ * cosine) / (gradient * Math.max(1e-6, radius));
}

function roundedRadius(u: number, v: number, power: number): number {
  return (Math.abs(u) ** power + Math.abs(v) ** power) ** (1 / power);
}

/** How much faster than on an ellipse the radius grows with one coordinate. */
function steepness(value: number, radius: number, power: number): number {
  return (Math.abs(value) / Math.max(1e-6, radius)) ** (power - 2);
}
