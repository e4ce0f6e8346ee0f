import type { ModelManifest } from '../../domain/model-manifest.js';
import type { GridSize, LineFit } from '../../kernels/kernels.js';
import { sigmoid } from './cells.js';
import { type CellSize, mmPerCell } from './tip-place.js';

/**
 * Whether a line is a needle's shaft by itself, where the network's word on the whole frame hardly
 * says that a needle is there: long, and seen clearly for most of its length. Real needles in water
 * and gland were such. A shaft is all that this speaks for, never a tip.
 *
 * @param shaft - the head's mask logits first, one a cell
 */
export function isClearShaft(
  line: LineFit,
  shaft: Float32Array,
  size: GridSize,
  cell: CellSize,
  wanted: NonNullable<ModelManifest['thresholds']['clearShaft']>,
): boolean {
  if ((line.to - line.from) * mmPerCell(line, cell) < wanted.lengthMm) return false;
  let sum = 0;
  let count = 0;
  for (let along = line.from; along <= line.to; along++) {
    const x = Math.round(line.x + along * line.directionX);
    const y = Math.round(line.y + along * line.directionY);
    sum += sigmoid(largestNear(shaft, size, x, y));
    count++;
  }
  return count > 0 && sum >= wanted.probability * count;
}

/** The largest of a cell and its neighbours: a line runs between the centres of cells. */
function largestNear(values: Float32Array, { width, height }: GridSize, x: number, y: number) {
  let most = Number.NEGATIVE_INFINITY;
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
      most = Math.max(most, values[row * width + column] as number);
    }
  }
  return most;
}
