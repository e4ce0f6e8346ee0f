import type { BeamGrid } from './beam-grid.js';
import { type PointSpread, spreadField } from './point-spread.js';
import type { Random } from './random.js';
import { createNoise2d } from './smooth-noise.js';
import type { TissueMaps } from './tissue-maps.js';

/**
 * The tissue at rest as the scanner would receive it without attenuation: computed once a clip.
 * Every frame is a warped view of it.
 */
export interface Material {
  readonly grid: BeamGrid;
  readonly maps: TissueMaps;
  /**
   * Envelope, amplitude relative to muscle. `phaseRad` turns from one independent speckle pattern
   * to another (π/2), as when the image plane moves sideways; the same array is returned each time.
   */
  envelopeAt(phaseRad: number): Float32Array;
}

/** Quadrature components of one speckle pattern. */
interface Pattern {
  readonly re: Float32Array;
  readonly im: Float32Array;
}

export interface MaterialOptions {
  /** Envelopes averaged. */
  readonly looks: number;
  /** Whether the speckle will change (it costs twice the memory). */
  readonly changes: boolean;
  /** Lines that already have the point spread's shape, amplitude relative to muscle. */
  readonly lines: Float32Array;
}

/**
 * Filters scatterers and interfaces with the point spread. Complex Gaussian scatterers in every
 * cell
 * give a Rayleigh envelope, that is, fully developed speckle; `looks` envelopes are averaged.
 */
export function createMaterial(
  maps: TissueMaps,
  grid: BeamGrid,
  spread: PointSpread,
  options: MaterialOptions,
  random: Random,
): Material {
  const interfaces = maps.interfaces.slice();
  spreadField(interfaces, grid, spread, 'peak');
  for (let cell = 0; cell < interfaces.length; cell++) {
    const line = options.lines[cell] as number;
    if (line > (interfaces[cell] as number)) interfaces[cell] = line;
  }
  const looks: { readonly here: Pattern; readonly there: Pattern | null }[] = [];
  for (let look = 0; look < options.looks; look++) {
    looks.push({
      here: createPattern(maps.scatter, interfaces, grid, spread, random),
      there: options.changes ? createPattern(maps.scatter, interfaces, grid, spread, random) : null,
    });
  }
  const envelope = new Float32Array(grid.columns * grid.rows);
  let phase = Number.NaN;
  return {
    grid,
    maps,
    envelopeAt: (phaseRad) => {
      const wanted = options.changes ? phaseRad : 0;
      if (wanted === phase) return envelope;
      phase = wanted;
      envelope.fill(0);
      for (const { here, there } of looks) {
        addEnvelope(envelope, here, there ?? here, there === null ? 0 : phase, 1 / looks.length);
      }
      return envelope;
    },
  };
}

function createPattern(
  scatter: Float32Array,
  interfaces: Float32Array,
  grid: BeamGrid,
  spread: PointSpread,
  random: Random,
): Pattern {
  const re = createQuadrature(scatter, grid, spread, random);
  const im = createQuadrature(scatter, grid, spread, random);
  const noise = createNoise2d(random);
  const { xMm, zMm } = grid;
  for (let cell = 0; cell < interfaces.length; cell++) {
    const line = interfaces[cell] as number;
    if (line < 0.02) continue;
    // Slowly turning phase: where it opposes the speckle around it, a line breaks up as in life.
    const angle = 2.5 * noise((xMm[cell] as number) / 2, (zMm[cell] as number) / 0.8);
    re[cell] = (re[cell] as number) + line * Math.cos(angle);
    im[cell] = (im[cell] as number) + line * Math.sin(angle);
  }
  return { re, im };
}

function createQuadrature(
  scatter: Float32Array,
  grid: BeamGrid,
  spread: PointSpread,
  random: Random,
): Float32Array {
  const field = new Float32Array(scatter.length);
  random.fillGaussian(field);
  // √½ a component: the mean power is scatter².
  for (let cell = 0; cell < field.length; cell++) {
    field[cell] = (field[cell] as number) * (scatter[cell] as number) * Math.SQRT1_2;
  }
  spreadField(field, grid, spread, 'power');
  return field;
}

function addEnvelope(
  envelope: Float32Array,
  here: Pattern,
  there: Pattern,
  phase: number,
  weight: number,
): void {
  const cosine = Math.cos(phase);
  const sine = Math.sin(phase);
  for (let cell = 0; cell < envelope.length; cell++) {
    const re = cosine * (here.re[cell] as number) + sine * (there.re[cell] as number);
    const im = cosine * (here.im[cell] as number) + sine * (there.im[cell] as number);
    envelope[cell] = (envelope[cell] as number) + weight * Math.sqrt(re * re + im * im);
  }
}
