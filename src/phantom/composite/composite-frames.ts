import type { GroundTruth, LabelClass, NeedleTruth } from '../../domain/ground-truth.js';
import type { SimulatedFrame } from '../../domain/phantom-clip.js';
import type { CellRect } from '../cell-rect.js';
import type { NeedlePose } from '../motion.js';
import { createNeedleEcho } from '../needle-echo.js';
import type { Random } from '../random.js';
import {
  type CompositeGeometry,
  type CompositeNeedle,
  type CompositeScript,
  compositePoseAt,
  createCompositeGeometry,
  drawCompositeDistractors,
  drawCompositeScript,
} from './composite-needle.js';
import { compositeTruth, toPixel } from './composite-truth.js';
import { blendEcho, createEchoBlend, type EchoBlend } from './echo-blend.js';
import { createShadow, type Shadow } from './shaft-shadow.js';
import { measureSpeckle, type SpeckleStatistics } from './speckle-statistics.js';
import { createSpeckleTile } from './speckle-tile.js';
import { createStillCanvas, type Still, type StillCanvas } from './still-canvas.js';
import { createDisplay, type Display } from './still-display.js';
import {
  createStillDisplacement,
  drawStillMotion,
  type StillDisplacement,
  type StillMotion,
  swingAt,
  tissueShiftAt,
  updateDisplacement,
} from './still-motion.js';
import { createStillWarp, type StillWarp } from './still-warp.js';

export interface CompositeFramesInput {
  readonly random: Random;
  readonly still: Still;
  readonly classes: readonly LabelClass[];
  readonly widthPx: number;
  readonly heightPx: number;
  readonly needle: CompositeNeedle;
}

/** Everything that stays the same over a clip. */
interface Composite {
  readonly canvas: StillCanvas;
  readonly geometry: CompositeGeometry;
  readonly motion: StillMotion;
  readonly blend: EchoBlend;
  readonly displacement: StillDisplacement;
  readonly warp: StillWarp;
  readonly shadow: Shadow;
  readonly display: Display;
  /** null in a clip where nothing moves as a needle does. */
  readonly script: CompositeScript | null;
  /** False where the script only drags tissue along, unseen. */
  readonly isDrawn: boolean;
  /** The needle's echo, amplitude 1 = ordinary tissue; zero outside what the last frame touched. */
  readonly echo: Float32Array;
  readonly before: Float32Array;
  readonly after: Float32Array;
}

/** Prepares a clip; the result renders the frame of a time, times not falling. */
export function createCompositeFrames(
  input: CompositeFramesInput,
): (timeS: number) => SimulatedFrame {
  const composite = createComposite(input);
  const { canvas, motion, display } = composite;
  const { widthPx, heightPx } = input;
  let shiftBefore: { readonly xPx: number; readonly yPx: number } | null = null;
  return (timeS) => {
    const pose = poseAt(composite, timeS);
    moveStill(composite, pose, timeS);
    const needle = pose !== null && composite.isDrawn ? drawNeedle(composite, pose) : null;
    const data = new Uint8Array(widthPx * heightPx);
    const labels = new Uint8Array(widthPx * heightPx);
    composite.warp.labels(composite.displacement, labels);
    display.show(composite.after, swingAt(motion.gainFlicker, timeS), data);
    const shift = tissueShiftAt(motion, timeS, 0.5, canvas.echo.heightPx);
    const moved = shiftBefore ?? shift;
    shiftBefore = shift;
    const { mmPerPx } = composite.geometry;
    const truth: GroundTruth = {
      needle,
      labels: { widthPx, heightPx, classes: input.classes, data: labels },
      spacing: { xMm: mmPerPx, yMm: mmPerPx },
      injectateAreaMm2: 0,
      probeShiftPx: { xPx: shift.xPx - moved.xPx, yPx: shift.yPx - moved.yPx },
      contact: Number.NaN,
      imageQuality: Number.NaN,
    };
    const image = { widthPx, heightPx, strideBytes: widthPx, data };
    return { image, truth, timeUs: Math.round(timeS * 1e6) };
  };
}

function createComposite(input: CompositeFramesInput): Composite {
  const { random, widthPx, heightPx } = input;
  const canvas = createStillCanvas(input.still, widthPx, heightPx, random.fork('view'));
  const statistics = measureSpeckle(canvas);
  const geometry = createCompositeGeometry(
    canvas,
    widthPx,
    heightPx,
    statistics,
    random.fork('geometry'),
  );
  const textureRandom = random.fork('texture');
  const tile = createSpeckleTile(textureRandom, statistics.lateralSigmaPx, statistics.axialSigmaPx);
  const blend = createEchoBlend(
    statistics,
    tile,
    textureRandom.range(45, 70),
    textureRandom.chance(0.4) ? 255 : textureRandom.range(0, 60),
    textureRandom.range(0.05, 1),
  );
  const wantsNeedle = input.needle === 'random';
  const wantsLines = input.needle === 'distractor';
  const lineRandom = random.fork('lines');
  if (wantsLines || (wantsNeedle && lineRandom.chance(0.15))) {
    paintLines(canvas, geometry, blend, statistics, lineRandom, wantsLines);
  }
  const scriptRandom = random.fork('needle');
  const hasScript = wantsNeedle || scriptRandom.chance(0.5);
  const pixels = widthPx * heightPx;
  return {
    canvas,
    geometry,
    motion: drawStillMotion(random.fork('motion'), canvas),
    blend,
    displacement: createStillDisplacement(widthPx, heightPx),
    warp: createStillWarp(canvas, statistics, random.fork('speckle')),
    shadow: createShadow(widthPx, heightPx, statistics.lateralSigmaPx),
    display: createDisplay(canvas, statistics, tile, random.fork('display')),
    script: hasScript ? drawCompositeScript(scriptRandom, geometry, blend.peakDb) : null,
    isDrawn: wantsNeedle,
    echo: new Float32Array(pixels),
    before: new Float32Array(pixels),
    after: new Float32Array(pixels),
  };
}

/** Lines that are no needles become part of the still, drawn by the needle's own code. */
function paintLines(
  canvas: StillCanvas,
  geometry: CompositeGeometry,
  blend: EchoBlend,
  statistics: SpeckleStatistics,
  random: Random,
  isAskedFor: boolean,
): void {
  const { grid } = geometry;
  const line = new Float32Array(grid.columns * grid.rows);
  const tileX = random.int(128);
  for (const distractor of drawCompositeDistractors(random, geometry, isAskedFor)) {
    const { appearance, pose, doubleGapMm } = distractor;
    const shaftDb = Math.min(appearance.shaftDb, blend.peakDb + 2);
    const echo = createNeedleEcho({ ...appearance, shaftDb }, grid, geometry.spread);
    for (const gap of doubleGapMm === 0 ? [0] : [0, doubleGapMm]) {
      line.fill(0);
      const moved = { ...pose, entryZMm: pose.entryZMm + gap, tipZMm: pose.tipZMm + gap };
      const rect = echo.render(line, moved);
      if (rect === null) continue;
      for (let y = rect.row0; y < rect.row1; y++) {
        for (let x = rect.column0; x < rect.column1; x++) {
          const amplitude = line[y * grid.columns + x] as number;
          if (amplitude < 0.02) continue;
          const i = (y + canvas.marginPx) * canvas.widthPx + x + canvas.marginPx;
          const level = canvas.gray[i] as number;
          const drawn = blendEcho(blend, level, amplitude, x + tileX, y);
          canvas.gray[i] = drawn;
          // The local mean takes part in the exchange of speckle: the line is no speckle.
          statistics.mean[i] = (statistics.mean[i] as number) + drawn - level;
        }
      }
    }
  }
}

/** The needle goes along with the tissue that it sticks in when the probe slides. */
function poseAt(composite: Composite, timeS: number): NeedlePose | null {
  const { script, geometry, motion, canvas } = composite;
  const pose = script === null ? null : compositePoseAt(script, timeS);
  if (pose === null) return null;
  const share = Math.min(1, Math.max(0, pose.tipZMm / geometry.view.depthMm));
  const shift = tissueShiftAt(motion, timeS, share, canvas.echo.heightPx);
  const dx = motion.needleFollows * shift.xPx * geometry.mmPerPx;
  const dz = motion.needleFollows * shift.yPx * geometry.mmPerPx;
  return {
    ...pose,
    entryXMm: pose.entryXMm + dx,
    tipXMm: pose.tipXMm + dx,
    entryZMm: pose.entryZMm + dz,
    tipZMm: pose.tipZMm + dz,
  };
}

function moveStill(composite: Composite, pose: NeedlePose | null, timeS: number): void {
  const { geometry, motion, canvas, displacement, warp } = composite;
  const isDragging = pose !== null && pose.approach === 'in-plane';
  const tip = isDragging ? toPixel(geometry, pose.tipXMm, pose.tipZMm) : null;
  const drag =
    isDragging && tip !== null
      ? { pose, tipXPx: tip.xPx, tipYPx: tip.yPx, pxPerMm: 1 / geometry.mmPerPx }
      : null;
  updateDisplacement(displacement, motion, canvas, timeS, drag);
  warp.gray(displacement, swingAt(motion.speckle, timeS), composite.before);
  composite.after.set(composite.before);
}

/** Shadow, then echo, inside the echo data only; returns the truth. */
function drawNeedle(composite: Composite, pose: NeedlePose): NeedleTruth | null {
  const { script, echo, blend, canvas, after, shadow, geometry } = composite;
  if (script === null) return null;
  const rect = script.echo.render(echo, pose);
  shadow.cast(script.echo, pose, after, blend.neperPerLevel);
  if (rect !== null) blendRect(composite, rect, toPixel(geometry, pose.tipXMm, pose.tipZMm));
  const { before } = composite;
  return compositeTruth(geometry, canvas, blend, { pose, echo: script.echo, before, after });
}

/** The grain is fixed to the needle: it moves with the tip. */
function blendRect(
  composite: Composite,
  rect: CellRect,
  tip: { readonly xPx: number; readonly yPx: number },
): void {
  const { echo, blend, canvas, after, geometry } = composite;
  const { columns } = geometry.grid;
  for (let y = rect.row0; y < rect.row1; y++) {
    const from = Math.max(rect.column0, canvas.from[y] as number);
    const to = Math.min(rect.column1, canvas.to[y] as number);
    for (let x = from; x < to; x++) {
      const i = y * columns + x;
      const amplitude = echo[i] as number;
      if (amplitude < 0.02) continue;
      const level = after[i] as number;
      after[i] = blendEcho(blend, level, amplitude, x - tip.xPx, y - tip.yPx);
    }
    echo.fill(0, y * columns + rect.column0, y * columns + rect.column1);
  }
}
