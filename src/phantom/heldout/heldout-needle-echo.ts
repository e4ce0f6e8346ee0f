import { type HeldoutNeedle, needleDirection, needlePoint, shaftDb } from './heldout-needle.js';
import { at, type HeldoutRandom } from './heldout-random.js';
import {
  axialProfile,
  lateralProfile,
  lateralWidthPx,
  type PointSpread,
} from './heldout-texture.js';
import { beamAngleRad, depthPx, type HeldoutView, isInEcho } from './heldout-view.js';

/** Complex echo of the needle over the image; interleaved (real, imaginary). */
export interface NeedleEcho {
  readonly field: Float32Array;
  /** Draws the needle anew. `offset` takes tissue pixels to image pixels (subtracted). */
  draw(advancedPx: number, timeS: number, offsetXPx: number, offsetYPx: number): void;
}

/** Scatterers per px of shaft. */
const PER_PX = 1.4;

/**
 * The needle as scatterers along the shaft. Their phase wanders smoothly along the shaft, so the
 * echo is beaded as real shafts are, neither a clean line nor full speckle; each is followed along
 * the beam by its ring-down. The scatterers belong to the needle and move with it.
 */
export function createNeedleEcho(
  needle: HeldoutNeedle,
  view: HeldoutView,
  spread: PointSpread,
  transmissionDb: (imageXPx: number, imageYPx: number) => number,
  random: HeldoutRandom,
): NeedleEcho {
  const isDot = needle.kind === 'out-of-plane-dot';
  const spanPx = isDot ? Math.max(3, needle.diameterPx) : needle.lengthPx;
  const count = Math.ceil(spanPx * PER_PX);
  const phase = new Float32Array(count);
  const strength = new Float32Array(count);
  const bead = random.between(0.25, 0.75);
  for (let k = 0, angle = 0; k < count; k++) {
    angle += bead * random.normal();
    phase[k] = angle;
    strength[k] = 0.75 + 0.5 * random.normal();
  }
  const field = new Float32Array(2 * view.widthPx * view.heightPx);
  const unit = 1.15 / (PER_PX * Math.sqrt(spread.lateralPx * spread.axialPx));
  return {
    field,
    draw(advancedPx, timeS, offsetXPx, offsetYPx): void {
      field.fill(0);
      for (let k = 0; k < count; k++) {
        const u = k / PER_PX;
        const share = needle.inPlane(isDot ? 0 : u, timeS);
        if (share < 0.02) continue;
        const back = isDot ? u - spanPx / 2 : u;
        const point = needlePoint(needle, isDot ? 0 : advancedPx, back);
        const x = point.xPx - offsetXPx;
        const y = point.yPx - offsetYPx;
        if (!isInEcho(view, x, y)) continue;
        const direction = needleDirection(needle, advancedPx, back);
        const flare = isDot ? 0 : needle.flareDb * Math.exp(-u / (1.2 / view.mmPerPx));
        const level = isDot ? needle.peakDb + 2 : shaftDb(needle, view, x, y, direction);
        const db = level + flare + transmissionDb(x, y);
        const amplitude = unit * share * at(strength, k) * 10 ** (db / 20);
        ringDown(field, needle, view, spread, x, y, amplitude, at(phase, k));
      }
    },
  };
}

function ringDown(
  field: Float32Array,
  needle: HeldoutNeedle,
  view: HeldoutView,
  spread: PointSpread,
  x: number,
  y: number,
  amplitude: number,
  phase: number,
): void {
  const beam = beamAngleRad(view, x, y);
  const count = needle.kind === 'out-of-plane-dot' ? needle.ringCount + 2 : needle.ringCount;
  for (let ring = 0; ring <= count; ring++) {
    const deeper = ring * needle.ringPx;
    const fall = ring === 0 ? 1 : 10 ** (-(6 + ring * needle.ringDecayDb) / 20);
    if (amplitude * fall < 0.05) break;
    addWavelet(
      field,
      view,
      spread,
      x + deeper * Math.sin(beam),
      y + deeper * Math.cos(beam),
      beam,
      amplitude * fall,
      phase + ring * 2.1,
    );
  }
}

/** Adds one wavelet of the tissue's own point spread at a sub-pixel position. */
function addWavelet(
  field: Float32Array,
  view: HeldoutView,
  spread: PointSpread,
  x: number,
  y: number,
  beam: number,
  amplitude: number,
  phase: number,
): void {
  const lateral = lateralWidthPx(spread, depthPx(view, x, y));
  const scale = amplitude * Math.sqrt(spread.lateralPx / lateral);
  const cos = Math.cos(beam);
  const sin = Math.sin(beam);
  const re = scale * Math.cos(phase);
  const im = scale * Math.sin(phase);
  const reachX = 1.05 * lateral * cos + 2 * spread.axialPx * Math.abs(sin);
  const reachY = 2 * spread.axialPx * cos + lateral * Math.abs(sin);
  const left = Math.max(0, Math.ceil(x - reachX));
  const right = Math.min(view.widthPx - 1, Math.floor(x + reachX));
  const top = Math.max(0, Math.ceil(y - reachY));
  const bottom = Math.min(view.heightPx - 1, Math.floor(y + reachY));
  for (let py = top; py <= bottom; py++) {
    const dy = py - y;
    const straight = beam === 0 ? axialProfile(dy / spread.axialPx) : 0;
    for (let px = left; px <= right; px++) {
      const dx = px - x;
      const axial = beam === 0 ? straight : axialProfile((dx * sin + dy * cos) / spread.axialPx);
      const weight = axial * lateralProfile((dx * cos - dy * sin) / lateral);
      const i = 2 * (py * view.widthPx + px);
      field[i] = at(field, i) + re * weight;
      field[i + 1] = at(field, i + 1) + im * weight;
    }
  }
}
