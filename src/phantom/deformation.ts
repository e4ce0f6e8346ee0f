import type { AnatomyScript, Body } from './anatomy.js';
import { type BeamGrid, columnAt, depthAlongBeamMm } from './beam-grid.js';
import { type Pool, poolDistance } from './injectate.js';
import type { NeedlePose } from './motion.js';
import type { ProbeView } from './probe-view.js';
import {
  type CommonShift,
  commonShiftAt,
  pulseAt,
  swingAt,
  type TissueMotion,
} from './tissue-motion.js';

/** Cells between the nodes of the deformation. */
export const NODE_STEP = 4;

/**
 * Where each part of the view came from in the resting material: fractional material columns and
 * rows at nodes `NODE_STEP` view cells apart, to be interpolated bilinearly.
 */
export interface Deformation {
  readonly nodeColumns: number;
  readonly nodeRows: number;
  readonly column: Float32Array;
  readonly row: Float32Array;
  /** Recomputes the nodes for a moment. */
  update(timeS: number, pose: NeedlePose | null, pool: Pool | null): void;
}

/** Displaced position that the steps below pass on, mm. */
interface Position {
  x: number;
  z: number;
}

export function createDeformation(
  anatomy: AnatomyScript,
  motion: TissueMotion,
  view: ProbeView,
  viewGrid: BeamGrid,
  materialGrid: BeamGrid,
): Deformation {
  const nodeColumns = Math.ceil((viewGrid.columns - 1) / NODE_STEP) + 1;
  const nodeRows = Math.ceil((viewGrid.rows - 1) / NODE_STEP) + 1;
  const column = new Float32Array(nodeColumns * nodeRows);
  const row = new Float32Array(nodeColumns * nodeRows);
  const vessels = anatomy.bodies.filter((body) => body.kind === 'artery' || body.kind === 'vein');
  const shift: CommonShift = { lateralMm: 0, deeperMm: 0 };
  const point: Position = { x: 0, z: 0 };
  const midReach = viewGrid.radiusMm + 0.5 * view.depthMm;
  const lateralUnit = viewGrid.geometry === 'linear' ? 1 : midReach;
  return {
    nodeColumns,
    nodeRows,
    column,
    row,
    update: (timeS, pose, pool) => {
      const pulse = pulseAt(motion, timeS);
      const collapse = Math.max(
        0,
        motion.veinCollapse.amplitude + swingAt(motion.veinCollapse, timeS),
      );
      for (let nodeRow = 0; nodeRow < nodeRows; nodeRow++) {
        const depth = viewGrid.firstRowMm + nodeRow * NODE_STEP * viewGrid.rowMm;
        commonShiftAt(motion, view, timeS, depth, shift);
        for (let nodeColumn = 0; nodeColumn < nodeColumns; nodeColumn++) {
          const lateral = viewGrid.firstColumn + nodeColumn * NODE_STEP * viewGrid.pitch;
          placeAt(viewGrid, lateral, depth, point);
          if (pool !== null) leavePool(pool, point);
          if (pose !== null) followNeedle(pose, motion.dragMm, point);
          const movedLateral = lateralOf(viewGrid, point) - shift.lateralMm / lateralUnit;
          placeAt(viewGrid, movedLateral, depthOf(viewGrid, point) - shift.deeperMm, point);
          for (const vessel of vessels) {
            if (vessel.kind === 'artery') dilate(vessel, pulse, point);
            else flatten(vessel, Math.min(0.6, collapse), point);
          }
          const node = nodeRow * nodeColumns + nodeColumn;
          column[node] = columnAt(materialGrid, point.x, point.z);
          row[node] = (depthOf(viewGrid, point) - materialGrid.firstRowMm) / materialGrid.rowMm;
        }
      }
    },
  };
}

function placeAt(grid: BeamGrid, lateral: number, depth: number, out: Position): void {
  if (grid.geometry === 'linear') {
    out.x = lateral;
    out.z = depth;
    return;
  }
  out.x = (grid.radiusMm + depth) * Math.sin(lateral);
  out.z = (grid.radiusMm + depth) * Math.cos(lateral) - grid.radiusMm;
}

function lateralOf(grid: BeamGrid, point: Position): number {
  return grid.geometry === 'linear' ? point.x : Math.atan2(point.x, point.z + grid.radiusMm);
}

function depthOf(grid: BeamGrid, point: Position): number {
  return depthAlongBeamMm(grid, point.x, point.z);
}

/** Around a pool, tissue was pushed aside so that its own area is kept. */
function leavePool(pool: Pool, point: Position): void {
  const distance = poolDistance(pool, point.x, point.z);
  if (distance > 8) return;
  const scale = distance <= 1 ? 0 : Math.sqrt(1 - 1 / (distance * distance));
  // Far away the push fades out, and at the rigid probe there is none.
  const give = Math.min(1, point.z / 5) * Math.min(1, (8 - distance) / 3);
  const factor = 1 + (scale - 1) * give;
  point.x = pool.xMm + (point.x - pool.xMm) * factor;
  point.z = pool.zMm + (point.z - pool.zMm) * factor;
}

/** Tissue near the shaft's last stretch follows the needle's movement. */
function followNeedle(pose: NeedlePose, dragMm: number, point: Position): void {
  if (dragMm === 0 || pose.approach === 'out-of-plane') return;
  const dx = point.x - pose.tipXMm;
  const dz = point.z - pose.tipZMm;
  const along = dx * pose.directionX + dz * pose.directionZ;
  const across = dz * pose.directionX - dx * pose.directionZ;
  const reach = along < 0 ? 9 : 3;
  const distance = (along / reach) ** 2 + (across / 3) ** 2;
  if (distance > 6) return;
  const pull = dragMm * Math.tanh(pose.speedMmS / 6) * Math.exp(-distance);
  point.x -= pull * pose.directionX;
  point.z -= pull * pose.directionZ;
}

/** An artery grows by a share of its radius; around it the push fades with the square. */
function dilate(artery: Body, share: number, point: Position): void {
  const dx = (point.x - artery.xMm) / artery.radiusXMm;
  const dz = (point.z - artery.zMm) / artery.radiusZMm;
  const squared = dx * dx + dz * dz;
  if (squared > 25) return;
  const inside = 1 / (1 + share);
  const factor = squared <= 1 ? inside : 1 + (inside - 1) / squared;
  point.x = artery.xMm + (point.x - artery.xMm) * factor;
  point.z = artery.zMm + (point.z - artery.zMm) * factor;
}

/** A vein loses a share of its height; tissue above and below closes in. */
function flatten(vein: Body, share: number, point: Position): void {
  const dx = (point.x - vein.xMm) / (1.2 * vein.radiusXMm);
  if (share === 0 || dx * dx >= 1) return;
  const rest = vein.radiusZMm * (1 - dx * dx);
  const height = rest * (1 - share);
  const dz = point.z - vein.zMm;
  const distance = Math.abs(dz);
  const gap = rest - height;
  const moved =
    distance < height
      ? distance / (1 - share)
      : distance + gap * Math.exp(-(distance - height) / Math.max(4, 3 * gap));
  point.z = vein.zMm + Math.sign(dz) * moved;
}
