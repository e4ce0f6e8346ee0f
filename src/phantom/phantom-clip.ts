import type { GroundTruth } from '../domain/ground-truth.js';
import type { SimulatedClip, SimulatedFrame } from '../domain/phantom-clip.js';
import { paintAnatomy } from './anatomy-paint.js';
import type { BeamGrid } from './beam-grid.js';
import { createDeformation, type Deformation } from './deformation.js';
import { createGrayMap } from './display-script.js';
import { paintDistractors } from './distractor.js';
import { planGrids } from './grid-plan.js';
import { createImageFilter, type ImageFilter } from './image-filter.js';
import { type Pool, poolAt } from './injectate.js';
import { createMaterial, type Material } from './material.js';
import { PHANTOM_CLASSES } from './phantom-classes.js';
import { createPoolEcho, type PoolEcho } from './pool-echo.js';
import { createRandom, type Random } from './random.js';
import { createReceiver, type Receiver } from './receiver.js';
import { createScanConverter, type ScanConverter } from './scan-converter.js';
import { drawScene, type SceneScript } from './scene.js';
import { createSceneNeedles, poseInView, type SceneNeedles } from './scene-needles.js';
import { drawFurniture } from './screen-furniture.js';
import { createScreenMap, type ScreenMap } from './screen-layout.js';
import { type CommonShift, commonShiftAt, contactAt, type TissueMotion } from './tissue-motion.js';
import { warpMaterial } from './warp.js';

export interface PhantomOptions {
  /** Names the clip: the same options give the same bytes. */
  readonly seed: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Default 30. */
  readonly frameRateHz?: number;
  /** Parts of the scene to use instead of drawing them from the seed. */
  readonly scene?: Partial<SceneScript> | null;
  /** Of the scenes with a needle, the share that gets a second, resting one; default 0. */
  readonly restingNeedleShare?: number;
}

/**
 * A simulated clip. The tissue's echo is filtered once; a frame is a warp of it with needle,
 * injectate, attenuation, noise, compression and scan conversion on top.
 */
export function createPhantomClip(options: PhantomOptions): SimulatedClip {
  const random = createRandom(options.seed);
  const restingShare = options.restingNeedleShare ?? 0;
  const scene = drawScene(random.fork('scene'), options.scene ?? {}, restingShare);
  const frameRateHz = options.frameRateHz ?? 30;
  const stage = createStage(scene, options, random.fork('stage'));
  let frameIndex = 0;
  return {
    widthPx: options.widthPx,
    heightPx: options.heightPx,
    probeGeometry: scene.probe.view.geometry,
    frameIntervalUs: Math.round(1e6 / frameRateHz),
    family: `phantom-${scene.anatomy.family}-${options.seed}`,
    nextFrame: () => {
      const timeS = frameIndex / frameRateHz;
      const frame = renderFrame(stage, scene.startS + timeS, 1 / frameRateHz);
      frameIndex++;
      return { ...frame, timeUs: Math.round(timeS * 1e6) };
    },
  };
}

/** Everything that is prepared once a clip. */
interface Stage {
  readonly scene: SceneScript;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly map: ScreenMap;
  readonly grid: BeamGrid;
  readonly material: Material;
  readonly deformation: Deformation;
  readonly receiver: Receiver;
  readonly filter: ImageFilter;
  readonly converter: ScanConverter;
  readonly grayMap: Uint8Array;
  /** The screen before echoes: surround and furniture. */
  readonly backdrop: Uint8Array;
  readonly needles: SceneNeedles;
  readonly poolEcho: PoolEcho | null;
  /** Where the pool's centre lies in tissue: view position when the injection began, mm. */
  readonly poolAnchor: { readonly xMm: number; readonly zMm: number } | null;
  readonly tissue: Float32Array;
  readonly lossDb: Float32Array;
  readonly labels: Uint8Array;
  readonly needle: Float32Array;
  readonly levels: Float32Array;
  readonly columnGain: Float32Array;
}

function createStage(scene: SceneScript, options: PhantomOptions, random: Random): Stage {
  const { widthPx, heightPx } = options;
  const { probe, display, motion } = scene;
  const map = createScreenMap(scene.layout, probe.view, widthPx, heightPx);
  const { view: grid, material: materialGrid } = planGrids(probe.view, map, motion);
  const material = createSceneMaterial(scene, materialGrid, random.fork('speckle'));
  const converter = createScanConverter(grid, probe.view, map, widthPx, heightPx);
  const backdrop = new Uint8Array(widthPx * heightPx).fill(scene.layout.surroundLevel);
  if (scene.layout.hasFurniture) {
    drawFurniture(random.fork('furniture'), backdrop, widthPx, heightPx, converter.isEcho);
  }
  const { injectate } = scene;
  const injecting = injectate === null ? null : poseInView(scene.needle, motion, injectate.startS);
  const cells = grid.columns * grid.rows;
  return {
    scene,
    widthPx,
    heightPx,
    map,
    grid,
    material,
    deformation: createDeformation(scene.anatomy, motion, probe.view, grid, materialGrid),
    receiver: createReceiver(
      grid,
      display,
      probe.spread,
      probe.frequencyMHz,
      random.fork('receiver'),
    ),
    filter: createImageFilter(grid, display),
    converter,
    grayMap: createGrayMap(display),
    backdrop,
    needles: createSceneNeedles(scene, grid),
    poolEcho: injectate === null ? null : createPoolEcho(injectate, grid, probe.spread),
    poolAnchor: injecting === null ? null : { xMm: injecting.tipXMm, zMm: injecting.tipZMm },
    tissue: new Float32Array(cells),
    lossDb: new Float32Array(cells),
    labels: new Uint8Array(cells),
    needle: new Float32Array(cells),
    levels: new Float32Array(cells),
    columnGain: new Float32Array(grid.columns),
  };
}

function createSceneMaterial(scene: SceneScript, grid: BeamGrid, random: Random): Material {
  const { probe, anatomy, motion } = scene;
  const maps = paintAnatomy(anatomy, grid, probe.frequencyMHz);
  const lines = new Float32Array(grid.columns * grid.rows);
  paintDistractors(scene.distractors, grid, probe.spread, lines);
  const options = { looks: probe.looks, changes: motion.speckleRadS > 0, lines };
  return createMaterial(maps, grid, probe.spread, options, random);
}

function renderFrame(
  stage: Stage,
  timeS: number,
  intervalS: number,
): Omit<SimulatedFrame, 'timeUs'> {
  const { scene, grid } = stage;
  const pose = poseInView(scene.needle, scene.motion, timeS);
  const pool = currentPool(stage, timeS);
  stage.deformation.update(timeS, pose, pool);
  const envelope = stage.material.envelopeAt(scene.motion.speckleRadS * timeS);
  warpMaterial(stage.deformation, grid, stage.material, envelope, stage);
  if (pool !== null) stage.poolEcho?.render(pool, stage);
  stage.needles.draw(pose, timeS, stage);
  const contact = contactAt(scene.motion, timeS);
  fillColumnGain(stage.columnGain, scene.motion, contact);
  stage.receiver.receive(stage, stage.levels);
  stage.filter.apply(stage.levels);
  const screen = stage.backdrop.slice();
  stage.converter.convert(stage.levels, stage.grayMap, screen);
  const truth = truthOf(stage, timeS, intervalS, pool, contact);
  stage.needles.clear(stage);
  const { widthPx, heightPx } = stage;
  return { image: { widthPx, heightPx, strideBytes: widthPx, data: screen }, truth };
}

/** The pool moves with the tissue that it lies in. */
function currentPool(stage: Stage, timeS: number): Pool | null {
  const { injectate, motion, probe } = stage.scene;
  const anchor = stage.poolAnchor;
  if (injectate === null || anchor === null) return null;
  const then: CommonShift = { lateralMm: 0, deeperMm: 0 };
  const now: CommonShift = { lateralMm: 0, deeperMm: 0 };
  commonShiftAt(motion, probe.view, injectate.startS, anchor.zMm, then);
  commonShiftAt(motion, probe.view, timeS, anchor.zMm, now);
  const xMm = anchor.xMm + now.lateralMm - then.lateralMm;
  const zMm = anchor.zMm + now.deeperMm - then.deeperMm;
  return poolAt(injectate, { xMm, zMm }, timeS);
}

/** Columns without contact receive next to nothing, with a soft edge. */
function fillColumnGain(gain: Float32Array, motion: TissueMotion, contact: number): void {
  gain.fill(1);
  if (contact >= 1 || motion.contactLoss === null) return;
  const isLeft = motion.contactLoss.side === 'left';
  for (let column = 0; column < gain.length; column++) {
    const share = (column + 0.5) / gain.length;
    const inside = isLeft ? share - (1 - contact) : contact - share;
    gain[column] = Math.min(1, Math.max(0.01, 0.5 + 12 * inside));
  }
}

function truthOf(
  stage: Stage,
  timeS: number,
  intervalS: number,
  pool: Pool | null,
  contact: number,
): GroundTruth {
  const { scene, widthPx, heightPx, map } = stage;
  const labels = new Uint8Array(widthPx * heightPx);
  stage.converter.convertLabels(stage.labels, labels);
  const middle = 0.5 * scene.probe.view.depthMm;
  const now: CommonShift = { lateralMm: 0, deeperMm: 0 };
  const before: CommonShift = { lateralMm: 0, deeperMm: 0 };
  commonShiftAt(scene.motion, scene.probe.view, timeS, middle, now);
  commonShiftAt(scene.motion, scene.probe.view, timeS - intervalS, middle, before);
  const frame = { grid: stage.grid, view: scene.probe.view, map, widthPx, heightPx };
  return {
    ...stage.needles.truth(frame, stage),
    labels: { widthPx, heightPx, classes: PHANTOM_CLASSES, data: labels },
    spacing: map.spacing,
    injectateAreaMm2: pool === null ? 0 : pool.areaMm2,
    probeShiftPx: {
      xPx: (now.lateralMm - before.lateralMm) / map.spacing.xMm,
      yPx: (now.deeperMm - before.deeperMm) / map.spacing.yMm,
    },
    contact,
    imageQuality: imageQualityOf(stage, contact),
  };
}

/**
 * 0 to 1: contact, times how much of the picture is neither black nor white, times how far signal
 * stands above noise. A judgement in numbers, for training a quality head; not a standard.
 */
function imageQualityOf(stage: Stage, contact: number): number {
  const { tissue, levels, receiver } = stage;
  let useful = 0;
  let aboveNoise = 0;
  let count = 0;
  for (let cell = 0; cell < levels.length; cell += 37) {
    const level = levels[cell] as number;
    const value = tissue[cell] as number;
    if (level > 12 && level < 245) useful++;
    if ((receiver.pathGain[cell] as number) * value * value > 2 * receiver.noisePower) aboveNoise++;
    count++;
  }
  return contact * Math.sqrt((useful / count) * (aboveNoise / count));
}
