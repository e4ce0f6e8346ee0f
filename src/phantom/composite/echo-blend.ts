import type { SpeckleStatistics } from './speckle-statistics.js';
import { readTile } from './speckle-tile.js';

/** Rayleigh speckle's standard deviation, dB. */
const RAYLEIGH_DB = 5.57;

/**
 * Adds echoes to a compressed picture in the envelope domain: gray levels are taken as
 * `dynamicRangeDb` on 0 to 255, powers add, and the sum is compressed again. The added echo gets
 * the still's own grain (a tile with the still's correlation and contrast) and the still's own
 * ceiling, so that it is neither cleaner nor harder than what surrounds it.
 */
export interface EchoBlend {
  /** Neper per gray level. */
  readonly neperPerLevel: number;
  /** Gray level of amplitude 1: what the still shows as ordinary tissue. */
  readonly tissueLevel: number;
  /** Grain of an added echo, neper per unit of the tile. */
  readonly grainNeper: number;
  /** Where added echoes begin to saturate, and the level that they never pass. */
  readonly kneeLevel: number;
  readonly ceilingLevel: number;
  /** Strongest echo that the still's ceiling can show, dB over ordinary tissue. */
  readonly peakDb: number;
  readonly tile: Float32Array;
}

/**
 * Prepares the addition of echoes to a still. `grainShare` is how much of the still's grain they
 * show: a smooth shaft reflects evenly (0.3), a rough or deep one is as grainy as tissue (1).
 */
export function createEchoBlend(
  statistics: SpeckleStatistics,
  tile: Float32Array,
  dynamicRangeDb: number,
  headroomLevels: number,
  grainShare: number,
): EchoBlend {
  const neperPerLevel = (Math.LN10 / 20) * (dynamicRangeDb / 255);
  const grainDb = Math.min(RAYLEIGH_DB, (statistics.typicalDeviation * dynamicRangeDb) / 255);
  const ceilingLevel = Math.min(255, statistics.topLevel + headroomLevels);
  return {
    neperPerLevel,
    tissueLevel: statistics.middleLevel,
    grainNeper: (Math.LN10 / 20) * grainDb * grainShare,
    kneeLevel: Math.min(statistics.brightLevel, 0.82 * ceilingLevel),
    ceilingLevel,
    peakDb: ((ceilingLevel - statistics.middleLevel) * dynamicRangeDb) / 255,
    tile,
  };
}

/** Level of the picture after an echo of `amplitude` (1 = ordinary tissue) was added to `level`. */
export function blendEcho(
  blend: EchoBlend,
  level: number,
  amplitude: number,
  tileX: number,
  tileY: number,
): number {
  const grain = Math.exp(blend.grainNeper * readTile(blend.tile, tileX, tileY));
  const echo = amplitude * grain;
  const tissue = Math.exp(blend.neperPerLevel * (level - blend.tissueLevel));
  const total = Math.sqrt(tissue * tissue + echo * echo);
  const sum = blend.tissueLevel + Math.log(total) / blend.neperPerLevel;
  // What the still itself holds may be as bright as it is; only what was added saturates.
  const knee = Math.max(blend.kneeLevel, level);
  if (sum <= knee) return sum;
  const room = Math.max(4, blend.ceilingLevel - knee);
  return knee + room * (1 - Math.exp(-(sum - knee) / room));
}
