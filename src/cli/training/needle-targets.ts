import { type Affine, applyAffine } from '../../domain/affine.js';
import type { PointPx } from '../../domain/geometry.js';
import { isNeedleSeen, type NeedleTruth } from '../../domain/ground-truth.js';
import { GRID, INPUT_PX, type ShardRecord, STRIDE_PX } from './shard-record.js';

/** The part of a record that a needle decides. */
export type NeedleTargets = Pick<
  ShardRecord,
  'tip' | 'shaft' | 'shaftMask' | 'needlePresent' | 'tipVisible' | 'approach'
>;

/** A tip this close to the edge of the input, or beyond it, is not a visible tip, px. */
const EDGE_PX = 1;

/** What a frame without a needle asks of the network. */
export function needleFreeTargets(): NeedleTargets {
  return {
    tip: null,
    shaft: null,
    shaftMask: new Uint8Array(GRID * GRID),
    needlePresent: false,
    tipVisible: false,
    approach: 'none',
  };
}

/**
 * The true needle on the network's input and grid. A needle whose shaft and tip cannot be seen
 * anywhere counts as absent: nobody could tell.
 */
export function needleTargets(needle: NeedleTruth | null, imageToTensor: Affine): NeedleTargets {
  if (needle === null) return needleFreeTargets();
  const tip = applyAffine(imageToTensor, needle.tip);
  const inside =
    tip.xPx >= EDGE_PX &&
    tip.yPx >= EDGE_PX &&
    tip.xPx <= INPUT_PX - 1 - EDGE_PX &&
    tip.yPx <= INPUT_PX - 1 - EDGE_PX;
  const tipVisible = needle.tipVisible && inside;
  const isDot = needle.approach === 'out-of-plane';
  if (!isNeedleSeen({ ...needle, tipVisible })) return needleFreeTargets();
  if (isDot && !inside) return needleFreeTargets();
  const shared = { tip: [tip.xPx, tip.yPx] as const, approach: needle.approach, tipVisible };
  if (needle.shaft === null) {
    return { ...shared, shaft: null, shaftMask: new Uint8Array(GRID * GRID), needlePresent: true };
  }
  const from = applyAffine(imageToTensor, needle.shaft.from);
  const to = applyAffine(imageToTensor, needle.shaft.to);
  const shaft = [from.xPx, from.yPx, to.xPx, to.yPx] as const;
  const middle = needle.shaftMiddle ? applyAffine(imageToTensor, needle.shaftMiddle) : null;
  const bow: Bow = {
    xPx: middle === null ? 0 : middle.xPx - 0.5 * (from.xPx + to.xPx),
    yPx: middle === null ? 0 : middle.yPx - 0.5 * (from.yPx + to.yPx),
  };
  const shaftMask = drawShaft(shaft, bow, needle.shaftVisibility);
  return { ...shared, shaft, shaftMask, needlePresent: true };
}

/** From the middle of the straight line between a shaft's ends to the middle of the shaft. */
type Bow = PointPx;

/**
 * Coverage of each cell: full within a quarter of a cell of the bowed axis, none beyond one and a
 * quarter, half at three quarters; times the visibility at the nearest point of the shaft.
 */
function drawShaft(
  shaft: readonly [number, number, number, number],
  bow: Bow,
  visibility: readonly number[],
): Uint8Array {
  const mask = new Uint8Array(GRID * GRID);
  const [x0, y0, x1, y1] = shaft;
  const dx = x1 - x0;
  const dy = y1 - y0;
  const squared = dx * dx + dy * dy;
  if (squared < 1e-6 || visibility.length === 0) return mask;
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      const x = (column + 0.5) * STRIDE_PX - 0.5;
      const y = (row + 0.5) * STRIDE_PX - 0.5;
      const along = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / squared));
      const bent = 4 * along * (1 - along);
      const axisX = x0 + along * dx + bent * bow.xPx;
      const axisY = y0 + along * dy + bent * bow.yPx;
      const distance = Math.hypot(x - axisX, y - axisY) / STRIDE_PX;
      const coverage = Math.max(0, Math.min(1, 1.25 - distance));
      if (coverage === 0) continue;
      const seen = sample(visibility, along);
      mask[row * GRID + column] = Math.round(255 * coverage * Math.max(0, Math.min(1, seen)));
    }
  }
  return mask;
}

function sample(values: readonly number[], position: number): number {
  const at = position * (values.length - 1);
  const index = Math.min(values.length - 1, Math.floor(at));
  const low = values[index] as number;
  const high = values[Math.min(values.length - 1, index + 1)] as number;
  return low + (high - low) * (at - index);
}
