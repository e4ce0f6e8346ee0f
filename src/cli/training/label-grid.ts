import { type Affine, applyAffine, invertAffine } from '../../domain/affine.js';
import { GRID, LABEL_UNKNOWN, STRIDE_PX } from './shard-record.js';

/** Labels of image pixels: class indices and the partial labels of shard-record.ts. */
export interface PixelLabels {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8Array;
}

const SAMPLES = 4;

/**
 * Labels of the network's cells: the label that most of 4 × 4 positions in the cell have. Positions
 * outside the image are unknown. `translate[label]` renames labels on the way.
 */
export function labelGrid(
  labels: PixelLabels,
  imageToTensor: Affine,
  translate: Uint8Array,
): Uint8Array {
  const grid = new Uint8Array(GRID * GRID);
  const tensorToImage = invertAffine(imageToTensor);
  const votes = new Uint8Array(256);
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      votes.fill(0);
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
        const xPx = column * STRIDE_PX + (sample % SAMPLES);
        const yPx = row * STRIDE_PX + Math.floor(sample / SAMPLES);
        const label = labelAt(labels, applyAffine(tensorToImage, { xPx, yPx }));
        const renamed = label === null ? LABEL_UNKNOWN : (translate[label] as number);
        votes[renamed] = (votes[renamed] as number) + 1;
      }
      grid[row * GRID + column] = winner(votes);
    }
  }
  return grid;
}

function labelAt(
  labels: PixelLabels,
  point: { readonly xPx: number; readonly yPx: number },
): number | null {
  const x = Math.round(point.xPx);
  const y = Math.round(point.yPx);
  if (x < 0 || y < 0 || x >= labels.widthPx || y >= labels.heightPx) return null;
  return labels.data[y * labels.widthPx + x] as number;
}

function winner(votes: Uint8Array): number {
  let best = 0;
  for (let label = 1; label < votes.length; label++) {
    if ((votes[label] as number) > (votes[best] as number)) best = label;
  }
  return best;
}
