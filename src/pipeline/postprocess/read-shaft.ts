import type { ModelManifest } from '../../domain/model-manifest.js';
import type { GridSize, Kernels, LineFit } from '../../kernels/kernels.js';

/** A needle has no more than this many cells; beyond it something else is wrong with the frame. */
const VOTES_MAX = 2048;

/** Reads the shaft from its head, in cells. Buffers are reused from frame to frame. */
export interface ShaftReader {
  /** The fitted line, or null when too few cells agree on one. */
  read(shaft: Float32Array): LineFit | null;
}

/**
 * Makes a reader of the shaft head. Each cell above the threshold votes with the foot of its
 * perpendicular on the axis, which is finer than the cell itself, and with its angle.
 */
export function createShaftReader(
  manifest: ModelManifest,
  kernels: Kernels,
  size: GridSize,
): ShaftReader {
  const votes = new Float32Array(4 * VOTES_MAX);
  const scratch = new Float32Array(VOTES_MAX);
  const cells = size.width * size.height;
  const { shaft: threshold } = manifest.thresholds;
  const logitMin = Math.log(threshold / (1 - threshold));
  return {
    read: (shaft) => {
      let count = 0;
      for (let cell = 0; cell < cells && count < VOTES_MAX; cell++) {
        const logit = shaft[cell];
        if (!(logit > logitMin)) continue;
        const cosine = shaft[cells + cell];
        const sine = shaft[2 * cells + cell];
        const offset = shaft[3 * cells + cell];
        const half = 0.5 * Math.atan2(sine, cosine);
        const angle = half < 0 ? half + Math.PI : half;
        const x = cell % size.width;
        const y = (cell - x) / size.width;
        votes[4 * count] = x - offset * Math.sin(angle);
        votes[4 * count + 1] = y + offset * Math.cos(angle);
        votes[4 * count + 2] = angle;
        votes[4 * count + 3] = 1 / (1 + Math.exp(-logit));
        count++;
      }
      return kernels.fitLine(votes, count, scratch);
    },
  };
}
