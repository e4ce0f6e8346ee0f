import type { Random } from '../random.js';
import type { SpeckleStatistics } from './speckle-statistics.js';
import { TILE_PX } from './speckle-tile.js';
import type { StillCanvas } from './still-canvas.js';

/** The last step from gray levels to bytes, the same for every pixel of the picture. */
export interface Display {
  /** Adds gain and frame noise, maps gray levels, rounds. 0 outside the echo data stays 0. */
  show(levels: Float32Array, gainLevels: number, out: Uint8Array): void;
}

/** Sub-steps of a level in the gray map. */
const MAP_STEPS = 4;

/** Draws a gray map (gamma, contrast), frame noise with the still's grain, and sometimes a blur. */
export function createDisplay(
  canvas: StillCanvas,
  statistics: SpeckleStatistics,
  tile: Float32Array,
  random: Random,
): Display {
  const width = canvas.widthPx - 2 * canvas.marginPx;
  const { from, to } = canvas;
  const gamma = random.logRange(0.75, 1.35);
  const contrast = random.range(0.85, 1.2);
  const middle = statistics.middleLevel / 255;
  const map = new Float32Array(256 * MAP_STEPS + 1);
  for (let i = 0; i < map.length; i++) {
    const level = i / (255 * MAP_STEPS);
    const bent = level ** gamma;
    const raised = middle ** gamma + contrast * (bent - middle ** gamma);
    // Black stays black whatever the contrast.
    const foot = Math.min(1, level / 0.04);
    map[i] = 255 * Math.min(1, Math.max(0, foot * raised));
  }
  const noise = random.chance(0.75) ? random.range(0.02, 0.16) * statistics.typicalDeviation : 0;
  const softens = random.chance(0.2);
  const noiseRandom = random.fork('frame-noise');
  const row = new Uint8Array(width);
  return {
    show: (levels, gainLevels, out) => {
      const tileX = noiseRandom.int(TILE_PX);
      const tileY = noiseRandom.int(TILE_PX);
      const dither = noiseRandom.int(1 << 30);
      for (let y = 0; y < from.length; y++) {
        const tileRow = ((y + tileY) & (TILE_PX - 1)) * TILE_PX;
        for (let x = from[y] as number; x < (to[y] as number); x++) {
          const i = y * width + x;
          const level = levels[i] as number;
          const grain = tile[tileRow + ((x + tileX) & (TILE_PX - 1))] as number;
          const lit = Math.min(1, level / 30);
          const value = level + lit * (gainLevels + noise * grain);
          const position = Math.min(255, Math.max(0, value)) * MAP_STEPS;
          const step = position | 0;
          const low = map[step] as number;
          const shown = low + ((map[step + 1] as number) - low) * (position - step);
          out[i] = shown + (hash(i + dither) & 1023) / 1024;
        }
      }
      if (!softens) return;
      blur(out, width, from.length, row);
      for (let y = 0; y < from.length; y++) {
        out.fill(0, y * width, y * width + (from[y] as number));
        out.fill(0, y * width + (to[y] as number), (y + 1) * width);
      }
    },
  };
}

/** A cheap integer hash, for rounding without bands. */
function hash(value: number): number {
  const mixed = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

/** A 1-2-1 blur in both directions, in place. */
function blur(out: Uint8Array, width: number, height: number, row: Uint8Array): void {
  for (let y = 0; y < height; y++) {
    const start = y * width;
    let left = out[start] as number;
    for (let x = 1; x < width - 1; x++) {
      const here = out[start + x] as number;
      out[start + x] = (left + 2 * here + (out[start + x + 1] as number) + 2) >> 2;
      left = here;
    }
  }
  row.set(out.subarray(0, width));
  for (let y = 1; y < height - 1; y++) {
    const start = y * width;
    for (let x = 0; x < width; x++) {
      const here = out[start + x] as number;
      out[start + x] =
        ((row[x] as number) + 2 * here + (out[start + width + x] as number) + 2) >> 2;
      row[x] = here;
    }
  }
}
