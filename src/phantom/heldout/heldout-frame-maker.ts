import { followedNeedle, type GroundTruth } from '../../domain/ground-truth.js';
import type { SimulatedFrame } from '../../domain/phantom-clip.js';
import { createHeldoutImaging, createNoiseTable, type HeldoutImaging } from './heldout-imaging.js';
import { createInsertion, type Insertion } from './heldout-insertion.js';
import {
  createDisplacementGrid,
  createTissueMotion,
  type DisplacementGrid,
  fillDisplacement,
  type TissuePose,
} from './heldout-motion.js';
import type { HeldoutNeedle, PlacePx } from './heldout-needle.js';
import { createHeldoutRandom } from './heldout-random.js';
import {
  castShadow,
  type EchoSpans,
  echoSpans,
  type InjectatePool,
  persist,
  renderFrame,
  soften,
  visitPool,
} from './heldout-render.js';
import type { HeldoutScene } from './heldout-scene.js';
import { heldoutStratum } from './heldout-stratum.js';
import { HELDOUT_CLASSES } from './heldout-tissue.js';
import { type NeedleMoment, needleTruth } from './heldout-truth.js';

/** Buffers and settings that live as long as the clip. */
interface Workspace {
  readonly scene: HeldoutScene;
  readonly imaging: HeldoutImaging;
  readonly spans: EchoSpans;
  readonly grid: DisplacementGrid;
  readonly noiseTable: Float32Array;
  readonly mixed: Float32Array;
  readonly secondLook: Float32Array | null;
  readonly veil: Float32Array;
  readonly row: Uint8Array;
}

/** How the needles of a frame stand; null without a resting one. */
interface Moments {
  readonly moment: NeedleMoment;
  readonly resting: NeedleMoment | null;
}

/** Renders the frames of a scene in order of time. */
export function createFrameMaker(
  scene: HeldoutScene,
  seed: number,
): (timeS: number) => SimulatedFrame {
  const work = createWorkspace(scene, seed);
  const tissueMotion = createTissueMotion(
    createHeldoutRandom(seed, 'tissue-motion'),
    scene.anatomy.map,
  );
  const insertion = createInsertion(scene, seed);
  const noiseRandom = createHeldoutRandom(seed, 'frame-noise');
  let previous: Uint8Array | null = null;
  let before: TissuePose | null = null;
  return (timeS) => {
    const pose = tissueMotion(timeS);
    const moment = momentOf(scene, pose, scene.target, insertion.advanceTo(timeS), timeS);
    const moments = { moment, resting: restingMoment(scene, pose, timeS) };
    const pool = insertion.pool(moment);
    prepare(work, pose, insertion, moments, pool);
    const gray = new Uint8Array(scene.view.widthPx * scene.view.heightPx);
    const labels = new Uint8Array(gray.length);
    renderFrame(
      {
        view: scene.view,
        map: scene.anatomy.map,
        spans: work.spans,
        grid: work.grid,
        field: work.mixed,
        secondLook: work.secondLook,
        needle: scene.needleEcho === null ? null : scene.needleEcho.field,
        veil: work.veil,
        imaging: work.imaging,
        noiseTable: work.noiseTable,
        noiseOffset: Math.floor(noiseRandom.next() * 65536),
        pool,
      },
      { gray, labels },
    );
    finish(work, gray, previous);
    const truth = truthOf(work, moments, pool, labels, tissueShift(before, pose, scene));
    previous = gray;
    before = pose;
    const { widthPx, heightPx } = scene.view;
    const image = { widthPx, heightPx, strideBytes: widthPx, data: gray };
    return { image, truth, timeUs: Math.round(timeS * 1e6) };
  };
}

function createWorkspace(scene: HeldoutScene, seed: number): Workspace {
  const { view, fields } = scene;
  const imaging = createHeldoutImaging(
    createHeldoutRandom(seed, 'imaging'),
    view,
    heldoutStratum(seed).quality,
  );
  return {
    scene,
    imaging,
    spans: echoSpans(view),
    grid: createDisplacementGrid(view),
    noiseTable: createNoiseTable(createHeldoutRandom(seed, 'noise-table')),
    mixed: new Float32Array(fields.first.length),
    secondLook: imaging.compounds ? new Float32Array(fields.first.length) : null,
    veil: new Float32Array(view.widthPx * view.heightPx),
    row: new Uint8Array(view.widthPx),
  };
}

/** A needle moves with the tissue: the offset is that of the tissue at the tip's start. */
function momentOf(
  { anatomy: { map } }: HeldoutScene,
  pose: TissuePose,
  target: PlacePx,
  advancedPx: number,
  timeS: number,
): NeedleMoment {
  return {
    advancedPx,
    timeS,
    offsetXPx: map.marginXPx + pose.slideXPx,
    offsetYPx: map.marginYPx + pose.slideYPx + pose.squeeze * (target.yPx - map.marginYPx),
  };
}

/** How the resting needle stands; null without one. */
function restingMoment(scene: HeldoutScene, pose: TissuePose, timeS: number): NeedleMoment | null {
  if (scene.resting === null) return null;
  const { targetXPx, targetYPx } = scene.resting.needle;
  return momentOf(scene, pose, { xPx: targetXPx, yPx: targetYPx }, 0, timeS);
}

/** Speckle, displacement, needle echo and shadows of this moment. */
function prepare(
  work: Workspace,
  pose: TissuePose,
  insertion: Insertion,
  { moment, resting }: Moments,
  pool: InjectatePool | null,
): void {
  const { scene, veil } = work;
  const { view, anatomy, needle, needleEcho, fields } = scene;
  const turn = pose.speckleTurnRad;
  mixFields(work.mixed, fields.first, fields.second, turn);
  if (work.secondLook !== null) {
    mixFields(work.secondLook, fields.first, fields.second, turn + Math.PI / 2);
  }
  fillDisplacement(work.grid, anatomy.map, pose, anatomy.vessels, insertion.drag());
  veil.fill(1);
  if (needle !== null && needleEcho !== null) {
    needleEcho.draw(moment.advancedPx, moment.timeS, moment.offsetXPx, moment.offsetYPx);
    if (needle.shadowDb > 0) castShadow(veil, needleEcho.field, view, work.spans, needle.shadowDb);
    if (resting !== null) addResting(scene, resting, needleEcho.field);
  }
  if (pool === null) return;
  visitPool(view, pool, 1.15, (pixel, radius) => {
    veil[pixel] = radius < 1 ? 0.05 : Math.min(1, (radius - 1) * 7 + 0.05);
  });
}

/** Draws the resting needle onto the other. It casts no shadow: shadows are not its test. */
function addResting(scene: HeldoutScene, moment: NeedleMoment, field: Float32Array): void {
  if (scene.resting === null) return;
  const { echo } = scene.resting;
  echo.draw(moment.advancedPx, moment.timeS, moment.offsetXPx, moment.offsetYPx);
  for (let i = 0; i < field.length; i++) {
    field[i] = (field[i] as number) + (echo.field[i] as number);
  }
}

function finish(work: Workspace, gray: Uint8Array, previous: Uint8Array | null): void {
  const { imaging, scene, row } = work;
  if (imaging.softens) soften(gray, scene.view.widthPx, scene.view.heightPx, row);
  if (previous !== null && imaging.persistence > 0) persist(gray, previous, imaging.persistence);
}

function truthOf(
  work: Workspace,
  moments: Moments,
  pool: InjectatePool | null,
  labels: Uint8Array,
  probeShiftPx: GroundTruth['probeShiftPx'],
): GroundTruth {
  const { scene, imaging } = work;
  const { view } = scene;
  return {
    ...trueNeedles(scene, imaging, moments),
    labels: {
      widthPx: view.widthPx,
      heightPx: view.heightPx,
      classes: HELDOUT_CLASSES,
      data: labels,
    },
    spacing: { xMm: view.mmPerPx, yMm: view.mmPerPx },
    injectateAreaMm2:
      pool === null ? 0 : Math.PI * pool.radiusXPx * pool.radiusYPx * view.mmPerPx ** 2,
    probeShiftPx,
    contact: imaging.contact,
    imageQuality: imaging.quality,
  };
}

function trueNeedles(
  scene: HeldoutScene,
  imaging: HeldoutImaging,
  { moment, resting }: Moments,
): Pick<GroundTruth, 'needle' | 'restingNeedle'> {
  if (scene.needle === null || scene.isStaticLine) return { needle: null };
  const truthAt = (needle: HeldoutNeedle, at: NeedleMoment) =>
    needleTruth(needle, scene.view, scene.surroundings(imaging, at), at);
  const moved = truthAt(scene.needle, moment);
  const other = resting && scene.resting && truthAt(scene.resting.needle, resting);
  return followedNeedle(moved, other);
}

function mixFields(
  mixed: Float32Array,
  first: Float32Array,
  second: Float32Array,
  turnRad: number,
): void {
  const cos = Math.cos(turnRad);
  const sin = Math.sin(turnRad);
  for (let i = 0; i < mixed.length; i++) {
    mixed[i] = cos * (first[i] as number) + sin * (second[i] as number);
  }
}

/** How the tissue in the middle of the image moved on the screen since the previous frame. */
function tissueShift(
  before: TissuePose | null,
  now: TissuePose,
  scene: HeldoutScene,
): GroundTruth['probeShiftPx'] {
  if (before === null) return { xPx: 0, yPx: 0 };
  const halfHeight = scene.view.heightPx / 2;
  return {
    xPx: before.slideXPx - now.slideXPx,
    yPx: before.slideYPx - now.slideYPx + (before.squeeze - now.squeeze) * halfHeight,
  };
}
