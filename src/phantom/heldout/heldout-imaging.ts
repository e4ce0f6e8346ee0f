import { at, createSmoothNoise, type HeldoutRandom } from './heldout-random.js';
import { depthPx, type HeldoutView } from './heldout-view.js';

/** What the scanner does to the echoes, constant over a clip unless said. */
export interface HeldoutImaging {
  /** Amplitude gain of each image pixel: TGC, side-to-side gain, contact. */
  readonly gain: Float32Array;
  /** Amplitude of the electronic noise by image row. */
  readonly noiseAmplitude: Float32Array;
  /** Gray level by the top 16 bits of the power's 32-bit float. */
  readonly grayOfPower: Uint8Array;
  /** Weight of the previous frame, 0 to 0.4. */
  readonly persistence: number;
  readonly softens: boolean;
  /** Whether two independent looks are averaged (spatial compounding). */
  readonly compounds: boolean;
  /** 0 to 1: share of the footprint in contact. */
  readonly contact: number;
  /** 0 to 1. */
  readonly quality: number;
  /** Electronic noise, dB against muscle, at mid depth. */
  readonly noiseDb: number;
  /** Level that comes out black, dB against muscle. */
  readonly floorDb: number;
}

export function createHeldoutImaging(
  random: HeldoutRandom,
  view: HeldoutView,
  quality: 'clean' | 'degraded',
): HeldoutImaging {
  const isClean = quality === 'clean';
  const noise = createSmoothNoise(random);
  const gainDb = isClean
    ? random.between(-3, 3)
    : random.chance(0.5)
      ? random.between(4, 12)
      : random.between(-8, -3);
  const tgcDb = isClean ? random.between(1, 4) : random.between(4, 10);
  const rangeDb = isClean ? random.between(52, 66) : random.between(42, 76);
  const floorDb = -rangeDb * random.between(0.33, 0.5);
  const noiseDb = isClean ? random.between(-44, -34) : random.between(-29, -15);
  const contactLoss = isClean || random.chance(0.4) ? 0 : random.between(0.08, 0.4);
  const lossSlope = random.between(10, 35);
  const lossAtLeft = random.chance(0.5);
  const gain = new Float32Array(view.widthPx * view.heightPx);
  let contactSum = 0;
  for (let y = 0, i = 0; y < view.heightPx; y++) {
    for (let x = 0; x < view.widthPx; x++, i++) {
      const depth = depthPx(view, x, y) / view.heightPx;
      const across = (x - view.echo.xPx) / view.echo.widthPx;
      const fromEdge = lossAtLeft ? across : 1 - across;
      const ragged = contactLoss + 0.05 * (noise(across * 30, 5) - 0.5);
      const lost = contactLoss === 0 ? 0 : 1 / (1 + Math.exp((fromEdge - ragged) * lossSlope));
      if (y === view.heightPx >> 1) contactSum += 1 - lost;
      const db =
        gainDb + tgcDb * (2 * noise(depth * 4 + 3, 8) - 1) + 4 * (noise(across * 2, 50) - 0.5);
      gain[i] = 10 ** ((db - 34 * lost * Math.min(1, 0.3 + depth * 5)) / 20);
    }
  }
  const contact = contactSum / view.widthPx;
  const noiseAmplitude = new Float32Array(view.heightPx);
  const rise = random.between(0, 14);
  for (let y = 0; y < view.heightPx; y++) {
    noiseAmplitude[y] = 10 ** ((noiseDb + rise * (y / view.heightPx - 0.5)) / 20);
  }
  const harm = Math.abs(gainDb) / 26 + Math.max(0, noiseDb + 36) / 40 + tgcDb / 60;
  return {
    gain,
    noiseAmplitude,
    grayOfPower: grayCurve(random, rangeDb, floorDb),
    persistence: random.chance(0.4) ? random.between(0.1, 0.4) : 0,
    softens: random.chance(0.6),
    compounds: random.chance(0.65),
    contact,
    quality: Math.max(0, Math.min(1, (1.05 - harm) * contact)),
    noiseDb,
    floorDb,
  };
}

/** Log compression and gray map. Ordinary muscle (0 dB) comes out at 20 to 45 % gray. */
function grayCurve(random: HeldoutRandom, rangeDb: number, floorDb: number): Uint8Array {
  const gamma = random.between(0.95, 1.45);
  const bend = random.between(0, 0.5);
  const curve = new Uint8Array(32768);
  const float = new Float32Array(1);
  const bits = new Int32Array(float.buffer);
  for (let i = 0; i < curve.length; i++) {
    bits[0] = (i << 16) | 0x8000;
    const power = at(float, 0);
    const db = power > 0 && Number.isFinite(power) ? 10 * Math.log10(power) : -200;
    const level = Math.min(1, Math.max(0, (db - floorDb) / rangeDb));
    const smooth = level * level * (3 - 2 * level);
    curve[i] = Math.round(255 * (level + bend * (smooth - level)) ** gamma);
  }
  curve[0] = 0;
  return curve;
}

/** Complex noise to draw from, so that no frame pays for a normal deviate per pixel. */
export function createNoiseTable(random: HeldoutRandom): Float32Array {
  const table = new Float32Array(1 << 16);
  for (let i = 0; i < table.length; i++) table[i] = random.normal() * Math.SQRT1_2;
  return table;
}
