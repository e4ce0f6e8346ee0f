import { at, type HeldoutRandom } from './heldout-random.js';
import type { TissueMap } from './heldout-tissue.js';
import { beamAngleRad, depthPx, type HeldoutView } from './heldout-view.js';

/**
 * The held-out point spread, in image pixels: a wavelet with a sharp front and a ringing tail along
 * the beam, and a main lobe with weak side lobes across it. Deliberately unlike the training
 * phantom's. Complex phase is carried by the atom's amplitude, not by the wavelet.
 */
export interface PointSpread {
  /** Length along the beam at half height, px. */
  readonly axialPx: number;
  /** Width across the beam at the focus, px. */
  readonly lateralPx: number;
  readonly focusPx: number;
  /** Relative widening per image height away from the focus. */
  readonly spreading: number;
  readonly heightPx: number;
}

export function createPointSpread(random: HeldoutRandom, view: HeldoutView): PointSpread {
  const wavelengthMm =
    view.probe === 'linear' ? random.between(0.1, 0.2) : random.between(0.3, 0.5);
  const axialMm = wavelengthMm * random.between(1.4, 2.4);
  const lateralMm = wavelengthMm * random.between(2.4, 4.5);
  return {
    axialPx: Math.max(1.5, axialMm / view.mmPerPx),
    lateralPx: Math.max(2.2, lateralMm / view.mmPerPx),
    focusPx: random.between(0.25, 0.75) * view.heightPx,
    spreading: random.between(0.5, 1.8),
    heightPx: view.heightPx,
  };
}

/** Width across the beam at a depth, px. */
export function lateralWidthPx(spread: PointSpread, depth: number): number {
  const away = Math.abs(depth - spread.focusPx) / spread.heightPx;
  return spread.lateralPx * (1 + spread.spreading * away);
}

/** Along the beam: rises as a half cosine in one unit, decays exponentially. `t` in lengths. */
export function axialProfile(t: number): number {
  if (t < -1) return 0;
  if (t < 0) return 0.5 + 0.5 * Math.cos(Math.PI * t);
  return Math.exp(-1.25 * t * t) + 0.06 * Math.exp(-0.9 * t);
}

/** Across the beam: a main lobe of half-width 1 and a side lobe at −28 dB. */
export function lateralProfile(t: number): number {
  const distance = Math.abs(t);
  if (distance < 1) {
    const lobe = Math.cos((Math.PI / 2) * distance);
    return lobe * lobe;
  }
  return distance < 1.9 ? 0.04 * Math.sin((Math.PI * (distance - 1)) / 0.9) : 0;
}

interface Atom {
  readonly halfX: number;
  readonly halfY: number;
  readonly weights: Float32Array;
}

const DEPTH_STEPS = 8;
const ANGLE_STEPS = 13;

function createAtom(axialPx: number, lateralPx: number, angleRad: number): Atom {
  const reach = Math.ceil(Math.max(1.9 * lateralPx * Math.cos(angleRad), 2.2 * axialPx));
  const halfX = Math.ceil(1.3 * lateralPx * Math.cos(angleRad) + 1);
  const halfY = Math.ceil(2.2 * axialPx + lateralPx * Math.abs(Math.sin(angleRad)));
  const weights = new Float32Array((2 * halfX + 1) * (2 * halfY + 1));
  const cos = Math.cos(angleRad);
  const sin = Math.sin(angleRad);
  let energy = 0;
  for (let y = -halfY, i = 0; y <= halfY; y++) {
    for (let x = -halfX; x <= halfX; x++, i++) {
      const along = (x * sin + y * cos) / axialPx;
      const across = (x * cos - y * sin) / lateralPx;
      const weight = Math.abs(x) > reach ? 0 : axialProfile(along) * lateralProfile(across);
      weights[i] = weight;
      energy += weight * weight;
    }
  }
  const scale = 1 / Math.sqrt(energy);
  for (let i = 0; i < weights.length; i++) weights[i] = at(weights, i) * scale;
  return { halfX, halfY, weights };
}

/** Atoms per tissue pixel, by side length of a jittered cell. */
const CELL_PX = 1.5;

/**
 * Speckle of a tissue: the sum of one randomly placed wavelet per cell, its amplitude complex
 * normal and scaled by the echo at that place, its width and direction those of the beam there.
 * Returns interleaved (real, imaginary) per tissue pixel; E|z|² equals the echo strength squared.
 */
export function sumWavelets(
  map: TissueMap,
  view: HeldoutView,
  spread: PointSpread,
  transmissionDb: Float32Array,
  random: HeldoutRandom,
): Float32Array {
  const { widthPx, heightPx } = map;
  const field = new Float32Array(2 * widthPx * heightPx);
  const bank = createBank(view, spread);
  const scale = CELL_PX / Math.SQRT2;
  for (let cellY = 0; cellY < heightPx; cellY += CELL_PX) {
    for (let cellX = 0; cellX < widthPx; cellX += CELL_PX) {
      const x = Math.min(widthPx - 1, Math.floor(cellX + CELL_PX * random.next()));
      const y = Math.min(heightPx - 1, Math.floor(cellY + CELL_PX * random.next()));
      const index = y * widthPx + x;
      const depth = at(map.depthMm, index);
      if (depth < -1) continue;
      const db = at(map.echoDb, index) + at(transmissionDb, index);
      const amplitude = scale * 10 ** (db / 20);
      const atom = bank(x - map.marginXPx, y - map.marginYPx);
      addAtom(field, widthPx, heightPx, atom, x, y, {
        re: amplitude * random.normal(),
        im: amplitude * random.normal(),
      });
    }
  }
  return field;
}

function createBank(view: HeldoutView, spread: PointSpread): (x: number, y: number) => Atom {
  const atoms: (Atom | undefined)[] = [];
  const angles = view.probe === 'linear' ? 1 : ANGLE_STEPS;
  return (x, y) => {
    const depth = depthPx(view, x, y);
    const level = Math.min(
      DEPTH_STEPS - 1,
      Math.max(0, Math.floor((depth / spread.heightPx) * DEPTH_STEPS)),
    );
    const angle = beamAngleRad(view, x, y);
    const turn = angles === 1 ? 0 : Math.round((angle / 0.75 + 0.5) * (angles - 1));
    const key = Math.min(angles - 1, Math.max(0, turn)) * DEPTH_STEPS + level;
    const found = atoms[key];
    if (found !== undefined) return found;
    const levelDepth = ((level + 0.5) / DEPTH_STEPS) * spread.heightPx;
    const atomAngle = angles === 1 ? 0 : (turn / (angles - 1) - 0.5) * 0.75;
    const atom = createAtom(spread.axialPx, lateralWidthPx(spread, levelDepth), atomAngle);
    atoms[key] = atom;
    return atom;
  };
}

function addAtom(
  field: Float32Array,
  widthPx: number,
  heightPx: number,
  atom: Atom,
  x: number,
  y: number,
  value: { readonly re: number; readonly im: number },
): void {
  const { halfX, halfY, weights } = atom;
  const stride = 2 * halfX + 1;
  const left = Math.max(-halfX, -x);
  const right = Math.min(halfX, widthPx - 1 - x);
  const top = Math.max(-halfY, -y);
  const bottom = Math.min(halfY, heightPx - 1 - y);
  for (let dy = top; dy <= bottom; dy++) {
    let source = (dy + halfY) * stride + left + halfX;
    let target = 2 * ((y + dy) * widthPx + x + left);
    for (let dx = left; dx <= right; dx++, source++, target += 2) {
      const weight = at(weights, source);
      field[target] = at(field, target) + weight * value.re;
      field[target + 1] = at(field, target + 1) + weight * value.im;
    }
  }
}

/**
 * Loss on the way to each tissue pixel, dB (≤ 0 mostly): the excess loss summed along the beam, so
 * shadows behind bone and enhancement behind fluid come by themselves. Limited to [−60, +8] dB.
 */
export function transmission(map: TissueMap, view: HeldoutView): Float32Array {
  const { widthPx, heightPx } = map;
  const result = new Float32Array(widthPx * heightPx);
  for (let y = 1; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const index = y * widthPx + x;
      const angle = beamAngleRad(view, x - map.marginXPx, y - map.marginYPx);
      const fromX = Math.min(widthPx - 1.001, Math.max(0, x - Math.tan(angle)));
      const cell = Math.floor(fromX);
      const part = fromX - cell;
      const row = (y - 1) * widthPx + cell;
      const above = at(result, row) * (1 - part) + at(result, row + 1) * part;
      const stepMm = map.mmPerPx / Math.cos(angle);
      const value = above - at(map.lossDbPerMm, index) * stepMm;
      result[index] = Math.min(8, Math.max(-60, value));
    }
  }
  blurRows(result, widthPx, heightPx, Math.max(2, Math.round(0.5 / map.mmPerPx)));
  return result;
}

/** Echo strength smoothed to what the eye sees around a place, dB; for judging visibility. */
export function localLevelDb(
  map: TissueMap,
  transmissionDb: Float32Array,
  xPx: number,
  yPx: number,
): number {
  let sum = 0;
  let count = 0;
  for (let dy = -6; dy <= 6; dy += 3) {
    for (let dx = -6; dx <= 6; dx += 3) {
      const x = Math.round(xPx + dx);
      const y = Math.round(yPx + dy);
      if (x < 0 || y < 0 || x >= map.widthPx || y >= map.heightPx) continue;
      const index = y * map.widthPx + x;
      sum += 10 ** ((at(map.echoDb, index) + at(transmissionDb, index)) / 10);
      count++;
    }
  }
  return count === 0 ? -60 : 10 * Math.log10(sum / count + 1e-6);
}

/** A running mean over 2 · reach + 1 columns: a beam is as wide as that, so no shadow is sharp. */
function blurRows(values: Float32Array, widthPx: number, heightPx: number, reach: number): void {
  const row = new Float32Array(widthPx);
  for (let y = 0; y < heightPx; y++) {
    const start = y * widthPx;
    for (let x = 0; x < widthPx; x++) {
      let sum = 0;
      for (let k = -reach; k <= reach; k++) {
        sum += at(values, start + Math.min(widthPx - 1, Math.max(0, x + k)));
      }
      row[x] = sum / (2 * reach + 1);
    }
    values.set(row, start);
  }
}
