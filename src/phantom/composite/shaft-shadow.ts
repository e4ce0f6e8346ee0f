import type { NeedlePose } from '../motion.js';
import type { NeedleEcho } from '../needle-echo.js';

/** Darkens what lies under a shaft; beams are taken as vertical, as wide as the point spread. */
export interface Shadow {
  /** Subtracts the shaft's loss from gray levels, in place. */
  cast(echo: NeedleEcho, pose: NeedlePose, levels: Float32Array, neperPerLevel: number): void;
}

export function createShadow(widthPx: number, heightPx: number, lateralSigmaPx: number): Shadow {
  const lossDb = new Float32Array(widthPx * heightPx);
  const sum = new Float32Array(widthPx);
  const soft = new Float32Array(widthPx);
  const reach = Math.round(2.5 + 1.5 * lateralSigmaPx);
  return {
    cast: (echo, pose, levels, neperPerLevel) => {
      lossDb.fill(0);
      sum.fill(0);
      echo.shadeShaft(lossDb, pose);
      const levelsPerDb = Math.LN10 / 20 / neperPerLevel;
      let isDark = false;
      for (let y = 0; y < heightPx; y++) {
        const start = y * widthPx;
        let isChanged = false;
        for (let x = 0; x < widthPx; x++) {
          const loss = lossDb[start + x] as number;
          if (loss === 0) continue;
          sum[x] = (sum[x] as number) + loss;
          isChanged = true;
        }
        if (isChanged) soften(sum, soft, reach);
        isDark ||= isChanged;
        if (!isDark) continue;
        for (let x = 0; x < widthPx; x++) {
          const level = (levels[start + x] as number) - levelsPerDb * (soft[x] as number);
          levels[start + x] = Math.max(0, level);
        }
      }
    },
  };
}

/** A running mean over 2 · reach + 1 columns. */
function soften(values: Float32Array, out: Float32Array, reach: number): void {
  const count = 2 * reach + 1;
  const last = values.length - 1;
  const read = (x: number): number => values[Math.min(last, Math.max(0, x))] as number;
  let total = 0;
  for (let x = -reach; x <= reach; x++) total += read(x);
  for (let x = 0; x <= last; x++) {
    out[x] = total / count;
    total += read(x + reach + 1) - read(x - reach);
  }
}
