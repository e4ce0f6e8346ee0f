import { type BeamGrid, createCartesianGrid } from '../beam-grid.js';
import { type Distractor, drawDistractors } from '../distractor.js';
import { withHardTip } from '../hard-tip.js';
import {
  drawInPlaneNeedle,
  drawOutOfPlaneNeedle,
  type NeedlePose,
  needlePoseAt,
} from '../motion.js';
import type { NeedleScript } from '../needle.js';
import { createNeedleEcho, type NeedleEcho } from '../needle-echo.js';
import type { PointSpread } from '../point-spread.js';
import type { ProbeView } from '../probe-view.js';
import type { Random } from '../random.js';
import type { SpeckleStatistics } from './speckle-statistics.js';
import type { StillCanvas } from './still-canvas.js';

/** What is drawn onto a still: 'distractor' draws lines that are no needles, by the same code. */
export type CompositeNeedle = 'random' | 'none' | 'distractor';

/**
 * The image as a grid in millimetres, with the still's own point spread. A still's true spacing is
 * unknown: the height of its echo data is drawn, 20 to 100 mm, which decides how thick a needle,
 * how far apart its echoes and how fast its movements look.
 */
export interface CompositeGeometry {
  readonly mmPerPx: number;
  readonly grid: BeamGrid;
  readonly view: ProbeView;
  readonly spread: PointSpread;
}

export function createCompositeGeometry(
  canvas: StillCanvas,
  widthPx: number,
  heightPx: number,
  statistics: SpeckleStatistics,
  random: Random,
): CompositeGeometry {
  const { echo } = canvas;
  const heightMm = random.logRange(20, 100);
  const mmPerPx = heightMm / Math.max(32, echo.heightPx);
  const halfWidthMm = 0.5 * echo.widthPx * mmPerPx;
  const grid = createCartesianGrid(
    widthPx,
    heightPx,
    { xMm: mmPerPx, yMm: mmPerPx },
    { leftMm: -halfWidthMm - echo.xPx * mmPerPx, topMm: -echo.yPx * mmPerPx },
  );
  return {
    mmPerPx,
    grid,
    view: {
      geometry: 'linear',
      depthMm: echo.heightPx * mmPerPx,
      halfWidthMm,
      radiusMm: 0,
      halfAngleRad: 0,
    },
    spread: {
      // A little less than the still's own grain: compression widens a bright line.
      axialSigmaMm: 0.9 * statistics.axialSigmaPx * mmPerPx,
      lateralSigmaMm: statistics.lateralSigmaPx * mmPerPx,
      focusMm: 0.5 * heightMm,
      focusRangeMm: 0.9 * heightMm,
      elevationSigmaMm: 1.2,
    },
  };
}

/** A needle script at a random moment of its movement. */
export interface CompositeScript {
  readonly script: NeedleScript;
  readonly startS: number;
  readonly echo: NeedleEcho;
}

/**
 * One needle in six is seen out of plane. `peakDb` is the strongest echo that the still can show: a
 * stronger one would turn the shaft and its reverberations into one flat band.
 */
export function drawCompositeScript(
  random: Random,
  geometry: CompositeGeometry,
  peakDb: number,
): CompositeScript {
  const isDot = random.chance(1 / 6);
  const drawn = isDot
    ? drawOutOfPlaneNeedle(random, geometry.view)
    : withHardTip(random.fork('hard-tip'), drawInPlaneNeedle(random, geometry.view), geometry.view);
  const { appearance } = drawn;
  // Stills hold more contrast than the phantom's muscle: most shafts must be lifted to be seen.
  const lift = random.chance(0.7) ? random.range(4, 11) : random.range(-3, 4);
  const wantedDb = Math.max(10, Math.min(34, appearance.shaftDb) + lift) + (isDot ? 2 : 0);
  const shaftDb = Math.min(wantedDb, peakDb + random.range(-2, 8));
  const script = {
    ...drawn,
    appearance: {
      ...appearance,
      shaftDb,
      tipFlareDb: Math.min(appearance.tipFlareDb, peakDb + 6 - shaftDb),
      reverbDecay: 0.7 * appearance.reverbDecay,
    },
  };
  return {
    script,
    startS: random.range(0, 10),
    echo: createNeedleEcho(script.appearance, geometry.grid, geometry.spread),
  };
}

export function compositePoseAt(needle: CompositeScript, timeS: number): NeedlePose | null {
  return needlePoseAt(needle.script, needle.startS + timeS);
}

/** Lines that are no needles: at least one where asked for; some cross the whole image. */
export function drawCompositeDistractors(
  random: Random,
  geometry: CompositeGeometry,
  isAskedFor: boolean,
): Distractor[] {
  for (let attempt = 0; attempt < 30; attempt++) {
    const drawn = drawDistractors(random, geometry.view);
    if (!isAskedFor || drawn.length > 0) {
      return drawn.map((line) => (random.chance(0.25) ? acrossTheImage(line, geometry) : line));
    }
  }
  return [];
}

function acrossTheImage(line: Distractor, geometry: CompositeGeometry): Distractor {
  const { pose } = line;
  const lengthMm = 2.5 * Math.max(geometry.view.depthMm, geometry.view.halfWidthMm);
  const middleX = 0.5 * (pose.entryXMm + pose.tipXMm);
  const middleZ = 0.5 * (pose.entryZMm + pose.tipZMm);
  const half = 0.5 * lengthMm;
  return {
    ...line,
    pose: {
      ...pose,
      lengthMm,
      entryXMm: middleX - half * pose.directionX,
      entryZMm: middleZ - half * pose.directionZ,
      tipXMm: middleX + half * pose.directionX,
      tipZMm: middleZ + half * pose.directionZ,
    },
  };
}
