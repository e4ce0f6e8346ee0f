import { followedNeedle, type GroundTruth } from '../domain/ground-truth.js';
import type { BeamGrid } from './beam-grid.js';
import { type CellRect, uniteRects } from './cell-rect.js';
import { type NeedlePose, needlePoseAt } from './motion.js';
import type { NeedleScript } from './needle.js';
import { createNeedleEcho, type NeedleEcho } from './needle-echo.js';
import { type DrawnNeedle, needleTruthOf, type TruthFrame } from './needle-truth.js';
import type { SceneScript } from './scene.js';
import { glideShiftMm, type TissueMotion } from './tissue-motion.js';

/** The needles of one clip: the one that is moved, and perhaps one that rests. */
export interface SceneNeedles {
  /**
   * Adds their echoes to `needle`, which is zero, and their shadows to `lossDb`.
   *
   * @param moved - where the moved one is; null where it is not inserted
   */
  draw(moved: NeedlePose | null, timeS: number, target: NeedleMaps): void;
  /** What is true of those that were drawn last; once the gray levels are known. */
  truth(
    frame: TruthFrame,
    levels: Omit<DrawnNeedle, 'pose' | 'echo'>,
  ): Pick<GroundTruth, 'needle' | 'restingNeedle'>;
  /** Makes `needle` zero again. */
  clear(target: NeedleMaps): void;
}

/** Maps on the view's grid that needles are drawn into. */
export interface NeedleMaps {
  readonly needle: Float32Array;
  readonly lossDb: Float32Array;
}

/** Prepares the drawing of a scene's needles. */
export function createSceneNeedles(scene: SceneScript, grid: BeamGrid): SceneNeedles {
  const echoOf = (script: NeedleScript | null): NeedleEcho | null =>
    script === null ? null : createNeedleEcho(script.appearance, grid, scene.probe.spread);
  const movedEcho = echoOf(scene.needle);
  const restingEcho = echoOf(scene.restingNeedle);
  // An echo copies what is above it for its reverberation: each is drawn by itself.
  const own = new Float32Array(restingEcho === null ? 0 : grid.columns * grid.rows);
  let moved: Drawn | null = null;
  let resting: Drawn | null = null;
  let touched: CellRect | null = null;
  return {
    draw: (pose, timeS, { needle, lossDb }) => {
      moved = drawnOf(movedEcho, pose);
      resting = drawnOf(restingEcho, poseInView(scene.restingNeedle, scene.motion, timeS));
      touched = drawOne(moved, needle, lossDb);
      const other = drawOne(resting, own, lossDb);
      if (other === null) return;
      addRect(needle, own, grid, other);
      clearRect(own, grid, other);
      touched = uniteRects([touched, other]);
    },
    truth: (frame, levels) => {
      const truthOf = (one: Drawn | null) =>
        one === null ? null : needleTruthOf(frame, { ...levels, ...one });
      return followedNeedle(truthOf(moved), truthOf(resting));
    },
    clear: ({ needle }) => {
      if (touched !== null) clearRect(needle, grid, touched);
    },
  };
}

type Drawn = Pick<DrawnNeedle, 'pose' | 'echo'>;

function drawnOf(echo: NeedleEcho | null, pose: NeedlePose | null): Drawn | null {
  return echo === null || pose === null ? null : { echo, pose };
}

function drawOne(drawn: Drawn | null, target: Float32Array, lossDb: Float32Array): CellRect | null {
  if (drawn === null) return null;
  drawn.echo.shadeShaft(lossDb, drawn.pose);
  return drawn.echo.render(target, drawn.pose);
}

/** A needle is held in the tissue: when the probe glides, both move in the image. */
export function poseInView(
  needle: NeedleScript | null,
  { glide }: TissueMotion,
  timeS: number,
): NeedlePose | null {
  const pose = needle === null ? null : needlePoseAt(needle, timeS);
  if (pose === null || glide === null) return pose;
  const shiftMm = glideShiftMm(glide, timeS);
  return { ...pose, entryXMm: pose.entryXMm + shiftMm, tipXMm: pose.tipXMm + shiftMm };
}

function addRect(target: Float32Array, from: Float32Array, grid: BeamGrid, rect: CellRect): void {
  for (let row = rect.row0; row < rect.row1; row++) {
    for (let column = rect.column0; column < rect.column1; column++) {
      const cell = row * grid.columns + column;
      target[cell] = (target[cell] as number) + (from[cell] as number);
    }
  }
}

function clearRect(map: Float32Array, grid: BeamGrid, rect: CellRect): void {
  for (let row = rect.row0; row < rect.row1; row++) {
    map.fill(0, row * grid.columns + rect.column0, row * grid.columns + rect.column1);
  }
}
