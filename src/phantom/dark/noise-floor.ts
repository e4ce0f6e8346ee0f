import type { Random } from '../random.js';
import type { DarkView } from './dark-view.js';

/** The receiver's noise, and the grain that it and weak scatter give to what lies above it. */
export interface NoiseFloor {
  /** Multiplies by `gain` and by grain, and adds noise; each call another piece of it. */
  addTo(levels: Float32Array, random: Random, gain: number): void;
}

/**
 * Draws a noise floor of about `level` gray levels: even, or rising with depth as time gain
 * compensation lifts it; fine, or smeared across the beams; frozen from frame to frame one time in
 * eight.
 */
export function createNoiseFloor(random: Random, view: DarkView, level: number): NoiseFloor {
  const { widthPx, depthPx } = view;
  const tile = new Float32Array(depthPx.length);
  random.fillGaussian(tile);
  for (let passes = random.int(4); passes > 0; passes--) smearAcross(tile, widthPx);
  const atTop = random.chance(0.4) ? 1 : random.range(0, 0.8);
  const power = random.range(1, 4);
  const rise = new Float32Array(depthPx.length);
  for (let pixel = 0; pixel < rise.length; pixel++) {
    const share = Math.max(0, Math.min(1, (depthPx[pixel] as number) / view.bottomPx));
    rise[pixel] = level * (atTop + (1 - atTop) * share ** power);
  }
  const grain = random.range(0, 0.5);
  const isFrozen = random.chance(1 / 8);
  return {
    addTo: (levels, source, gain) => {
      let from = isFrozen ? 0 : source.int(tile.length);
      // Grain stays where it is; noise does not.
      for (let pixel = 0; pixel < levels.length; pixel++) {
        const grains = Math.max(0, 1 + grain * (tile[pixel] as number));
        const noise = Math.abs(tile[from] as number) * (rise[pixel] as number);
        levels[pixel] = gain * grains * (levels[pixel] as number) + noise;
        if (++from === tile.length) from = 0;
      }
    },
  };
}

/** A 1-2-1 mean across, scaled to keep the variance of white noise. */
function smearAcross(tile: Float32Array, widthPx: number): void {
  const scale = 1 / Math.sqrt(6);
  for (let row = 0; row < tile.length; row += widthPx) {
    let left = tile[row] as number;
    for (let pixel = row + 1; pixel < row + widthPx - 1; pixel++) {
      const here = tile[pixel] as number;
      tile[pixel] = scale * (left + 2 * here + (tile[pixel + 1] as number));
      left = here;
    }
  }
}
