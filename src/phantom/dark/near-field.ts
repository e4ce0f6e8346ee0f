import type { Random } from '../random.js';
import { createNoise1d, type Noise1d } from '../smooth-noise.js';
import type { DarkView } from './dark-view.js';

/**
 * Adds the ring-down under the probe's face to gray levels: a ragged band, uneven across, with
 * bars, brighter blobs and plumes, often the brightest thing in an otherwise black picture.
 */
export function addRingDown(levels: Float32Array, view: DarkView, random: Random): void {
  const thicknessPx = view.heightPx * random.logRange(0.006, 0.1);
  const isBarred = random.chance(0.6);
  addBand(levels, view, {
    ...drawAcross(random),
    peak: random.logRange(40, 600),
    decayPx: thicknessPx,
    ragged: random.range(0, 0.7),
    thickness: createNoise1d(random.fork('thickness')),
    periodPx: isBarred ? thicknessPx * random.range(0.3, 1.2) : 0,
    barDepth: random.range(0.2, 0.9),
  });
  for (let blobs = random.int(5); blobs > 0; blobs--) addBlob(levels, view, thicknessPx, random);
}

/** Adds what a probe in the air shows: bands at equal distances, fading with depth. */
export function addReverberation(levels: Float32Array, view: DarkView, random: Random): void {
  addBand(levels, view, {
    ...drawAcross(random),
    peak: random.range(70, 320),
    decayPx: view.heightPx * random.logRange(0.06, 0.6),
    ragged: random.range(0, 0.3),
    thickness: createNoise1d(random.fork('thickness')),
    periodPx: view.heightPx * random.logRange(0.02, 0.14),
    barDepth: random.range(0.6, 1),
  });
}

interface Band {
  /** Unevenness across, its pattern and how many times it changes from edge to edge. */
  readonly uneven: number;
  readonly pattern: Noise1d;
  readonly changes: number;
  /** Between which the face rings at all, −1 to 1 and beyond. */
  readonly from: number;
  readonly to: number;
  readonly peak: number;
  readonly decayPx: number;
  readonly ragged: number;
  readonly thickness: Noise1d;
  /** 0 for no bars. */
  readonly periodPx: number;
  readonly barDepth: number;
}

function drawAcross(random: Random): Pick<Band, 'uneven' | 'pattern' | 'changes' | 'from' | 'to'> {
  const isPart = random.chance(0.25);
  const middle = random.range(-0.8, 0.8);
  const half = random.range(0.1, 0.7);
  return {
    uneven: random.range(0, 1),
    pattern: createNoise1d(random.fork('pattern')),
    changes: random.logRange(1, 14),
    from: isPart ? middle - half : -2,
    to: isPart ? middle + half : 2,
  };
}

function addBand(levels: Float32Array, view: DarkView, band: Band): void {
  const { depthPx, across, isEcho } = view;
  const reachPx = 5 * band.decayPx * Math.exp(2 * band.ragged);
  for (let pixel = 0; pixel < levels.length; pixel++) {
    const depth = depthPx[pixel] as number;
    if (isEcho[pixel] === 0 || depth > reachPx) continue;
    const aside = across[pixel] as number;
    const inside = Math.min(aside - band.from, band.to - aside) / 0.08;
    if (inside <= 0) continue;
    const lift = Math.max(0, 1 + band.uneven * band.pattern(aside * band.changes));
    const decayPx = band.decayPx * Math.exp(band.ragged * band.thickness(aside * 9));
    const wave = band.periodPx === 0 ? 1 : Math.cos((Math.PI * depth) / band.periodPx);
    const bars = 1 - band.barDepth + band.barDepth * wave * wave;
    const level = band.peak * lift * Math.min(1, inside) * bars * Math.exp(-depth / decayPx);
    levels[pixel] = (levels[pixel] as number) + level;
  }
}

/** A bright spot under the face, round or drawn out into a plume along the beam. */
function addBlob(levels: Float32Array, view: DarkView, thicknessPx: number, random: Random): void {
  const isAtEdge = random.chance(0.4);
  const across = isAtEdge ? random.pick([-1, 1]) * random.range(0.75, 1) : random.range(-1, 1);
  const depthPx = thicknessPx * random.range(0, 1.5);
  addSpot(levels, view, {
    across,
    depthPx,
    peak: random.logRange(60, 500),
    lateralPx: view.acrossPx(depthPx) * random.logRange(0.01, 0.2),
    axialPx: thicknessPx * random.range(0.2, 0.8) + 0.7,
    tailPx: random.chance(0.5) ? thicknessPx * random.range(1, 4) : 0,
  });
}

/** A spot along the view's own axes: on curvilinear views its sides bend into an arc. */
export interface DarkSpot {
  readonly across: number;
  readonly depthPx: number;
  /** Gray level at its middle; above 255 it is a flat white patch. */
  readonly peak: number;
  /** Standard deviations across and along the beam. */
  readonly lateralPx: number;
  readonly axialPx: number;
  /** Standard deviation below its middle where that is longer; 0 for none. */
  readonly tailPx: number;
}

/** Adds one spot to gray levels. */
export function addSpot(levels: Float32Array, view: DarkView, spot: DarkSpot): void {
  const { widthPx, heightPx } = view;
  const { xPx, yPx } = view.pixelAt(spot.across, spot.depthPx);
  const unitPx = view.acrossPx(spot.depthPx);
  const tailPx = Math.max(spot.axialPx, spot.tailPx);
  const reach = 3.3 * Math.max(spot.lateralPx, tailPx) + 1;
  const x1 = Math.min(widthPx - 1, Math.ceil(xPx + reach));
  const y1 = Math.min(heightPx - 1, Math.ceil(yPx + reach));
  for (let y = Math.max(0, Math.floor(yPx - reach)); y <= y1; y++) {
    for (let x = Math.max(0, Math.floor(xPx - reach)); x <= x1; x++) {
      const pixel = y * widthPx + x;
      if (view.isEcho[pixel] === 0) continue;
      const along = (view.depthPx[pixel] as number) - spot.depthPx;
      const down = along / (along > 0 ? tailPx : spot.axialPx);
      const aside = (((view.across[pixel] as number) - spot.across) * unitPx) / spot.lateralPx;
      const squared = down * down + aside * aside;
      if (squared > 11) continue;
      levels[pixel] = (levels[pixel] as number) + spot.peak * Math.exp(-0.5 * squared);
    }
  }
}
