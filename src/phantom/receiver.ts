import type { BeamGrid } from './beam-grid.js';
import type { DisplayScript } from './display-script.js';
import type { PointSpread } from './point-spread.js';
import { spreadField } from './point-spread.js';
import type { Random } from './random.js';
import { createNoise1d } from './smooth-noise.js';

/**
 * What a scanner does with echoes: attenuation on the way, receiver noise, time gain compensation,
 * logarithmic compression. All per-frame work is in loops over preallocated arrays.
 */
export interface Receiver {
  /** Power gain along the way to and from each cell, from the last `receive`. */
  readonly pathGain: Float32Array;
  /** Mean noise power at the receiver, amplitude² relative to muscle. */
  readonly noisePower: number;
  /**
   * Envelope and needle (amplitudes) and loss (dB a cell, two ways) to gray levels 0 to 255 before
   * the gray map. `contact` is the share of the probe that touches the skin.
   */
  receive(echo: EchoInput, out: Float32Array): void;
}

export interface EchoInput {
  readonly tissue: Float32Array;
  readonly needle: Float32Array;
  readonly lossDb: Float32Array;
  /** Amplitude gain a column (contact, lateral sensitivity are applied on top of it). */
  readonly columnGain: Float32Array;
}

const LOSS_STEPS_PER_DB = 16;
const LOSS_DB_MAX = 240;
const LOSS_TABLE = createLossTable();
const DB_PER_OCTAVE = 10 * Math.log10(2);
const MANTISSA_DB = createMantissaTable();

export function createReceiver(
  grid: BeamGrid,
  display: DisplayScript,
  spread: PointSpread,
  frequencyMHz: number,
  random: Random,
): Receiver {
  const { columns, rows } = grid;
  const cells = columns * rows;
  const pathGain = new Float32Array(cells);
  const power = new Float32Array(cells);
  const powerBits = new Int32Array(power.buffer);
  const noisePower = 10 ** (display.noiseDb / 10);
  const noise = createNoiseTile(grid, spread, noisePower, random);
  const rowGainDb = createRowGain(grid, display, frequencyMHz);
  const uneven = createUnevenness(columns, display.lateralUnevenDb, random);
  const lossSoFar = new Float32Array(columns);
  const scale = 255 / display.dynamicRangeDb;
  return {
    pathGain,
    noisePower,
    receive: ({ tissue, needle, lossDb, columnGain }, out) => {
      for (let column = 0; column < columns; column++) {
        const gain = columnGain[column] as number;
        lossSoFar[column] = (uneven[column] as number) - 20 * Math.log10(Math.max(1e-6, gain));
      }
      let noiseCell = random.int(cells);
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const cell = row * columns + column;
          const loss = (lossSoFar[column] as number) + (lossDb[cell] as number);
          lossSoFar[column] = loss;
          const path = lossGain(loss);
          pathGain[cell] = path;
          const t = tissue[cell] as number;
          const n = needle[cell] as number;
          power[cell] = path * (t * t + n * n) + (noise[noiseCell] as number);
          if (++noiseCell === cells) noiseCell = 0;
        }
      }
      for (let row = 0; row < rows; row++) {
        const gainDb = rowGainDb[row] as number;
        for (let cell = row * columns; cell < (row + 1) * columns; cell++) {
          const bits = powerBits[cell] as number;
          const mantissaDb = MANTISSA_DB[(bits >>> 15) & 255] as number;
          const db = ((bits >>> 23) - 127) * DB_PER_OCTAVE + mantissaDb + gainDb;
          const level = db * scale;
          out[cell] = level < 0 ? 0 : Math.min(level, 255);
        }
      }
    },
  };
}

function lossGain(lossDb: number): number {
  const step = (lossDb * LOSS_STEPS_PER_DB + LOSS_STEPS_PER_DB * 20) | 0;
  return LOSS_TABLE[step < LOSS_TABLE.length ? step : LOSS_TABLE.length - 1] as number;
}

/** Power gains for losses from −20 dB (a gain) up. */
function createLossTable(): Float32Array {
  const table = new Float32Array((LOSS_DB_MAX + 20) * LOSS_STEPS_PER_DB + 1);
  for (let step = 0; step < table.length; step++) {
    table[step] = 10 ** (-(step / LOSS_STEPS_PER_DB - 20) / 10);
  }
  return table;
}

/** dB of a float's mantissa, by its upper 8 bits. */
function createMantissaTable(): Float32Array {
  const table = new Float32Array(256);
  for (let step = 0; step < 256; step++) table[step] = 10 * Math.log10(1 + (step + 0.5) / 256);
  return table;
}

/** Receiver noise: exponential power with the axial correlation of the receive filter. */
function createNoiseTile(
  grid: BeamGrid,
  spread: PointSpread,
  noisePower: number,
  random: Random,
): Float32Array {
  const re = new Float32Array(grid.columns * grid.rows);
  const im = new Float32Array(re.length);
  random.fillGaussian(re);
  random.fillGaussian(im);
  const filter = { ...spread, lateralSigmaMm: 0.3 * spread.lateralSigmaMm };
  spreadField(re, grid, filter, 'power');
  spreadField(im, grid, filter, 'power');
  for (let cell = 0; cell < re.length; cell++) {
    const a = re[cell] as number;
    const b = im[cell] as number;
    re[cell] = 0.5 * noisePower * (a * a + b * b) + 1e-30;
  }
  return re;
}

/** Time gain compensation with its error, plus the overall gain, dB a row. */
function createRowGain(grid: BeamGrid, display: DisplayScript, frequencyMHz: number): Float32Array {
  const gain = new Float32Array(grid.rows);
  const steps = display.tgcErrorDb.length - 1;
  for (let row = 0; row < grid.rows; row++) {
    const depthMm = grid.firstRowMm + row * grid.rowMm;
    const position = (row / Math.max(1, grid.rows - 1)) * steps;
    const step = Math.min(steps - 1, Math.floor(position));
    const from = display.tgcErrorDb[step] ?? 0;
    const to = display.tgcErrorDb[step + 1] ?? from;
    gain[row] =
      (2 * display.tgcAttenuation * frequencyMHz * depthMm) / 10 +
      from +
      (to - from) * (position - step) +
      display.tissueLevel * display.dynamicRangeDb;
  }
  return gain;
}

function createUnevenness(columns: number, strengthDb: number, random: Random): Float32Array {
  const noise = createNoise1d(random);
  const uneven = new Float32Array(columns);
  for (let column = 0; column < columns; column++) {
    uneven[column] = strengthDb * noise((6 * column) / columns);
  }
  return uneven;
}
