import type { NeedlePose } from '../motion.js';
import type { Random } from '../random.js';
import type { StillCanvas } from './still-canvas.js';

/** Distance of the nodes at which displacement is computed, image px. */
export const NODE_PX = 16;

/** A slow oscillation of `amplitude`. */
interface Swing {
  readonly amplitude: number;
  readonly rateHz: number;
  readonly phase: number;
}

/** A place that beats (an artery); canvas px. */
interface Beat {
  readonly xPx: number;
  readonly yPx: number;
  readonly radiusPx: number;
}

/** How a still moves: drawn once a clip, the same whether it will hold a needle or not. */
export interface StillMotion {
  readonly slideX: Swing;
  readonly slideQuick: Swing;
  readonly press: Swing;
  readonly breathX: Swing;
  readonly breathY: Swing;
  readonly beats: readonly Beat[];
  readonly beatHz: number;
  readonly beatShare: number;
  /** How far tissue at the tip follows the needle, px. */
  readonly dragPx: number;
  /** How far the needle follows the tissue when the probe slides, 0 to 1. */
  readonly needleFollows: number;
  /** Depth of the exchange of speckle (probe tilt), rad, and its rate. */
  readonly speckle: Swing;
  readonly gainFlicker: Swing;
}

/** Displacement of canvas against image at nodes `NODE_PX` apart; rewritten every frame. */
export interface StillDisplacement {
  readonly columns: number;
  readonly rows: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** A third of the clips has a still probe. Everything stays within the canvas's margin. */
export function drawStillMotion(random: Random, canvas: StillCanvas): StillMotion {
  const swing = (amplitude: number, minHz: number, maxHz: number): Swing => ({
    amplitude,
    rateHz: random.logRange(minHz, maxHz),
    phase: random.range(0, 2 * Math.PI),
  });
  const room = canvas.marginPx - 3;
  const isStill = random.chance(0.33);
  const breathes = random.chance(0.6);
  return {
    slideX: swing(isStill ? 0 : random.range(0.1, 0.6) * room, 0.08, 0.7),
    slideQuick: swing(random.chance(0.4) ? random.range(0.02, 0.12) * room : 0, 0.7, 3),
    press: swing(isStill ? 0 : random.range(0, 0.012), 0.1, 0.6),
    breathX: swing(breathes ? random.range(0, 0.12) * room : 0, 0.2, 0.33),
    breathY: swing(breathes ? random.range(0.03, 0.3) * room : 0, 0.2, 0.33),
    beats: drawBeats(random, canvas),
    beatHz: random.range(0.9, 1.7),
    beatShare: random.range(0.02, 0.09),
    dragPx: random.range(0, 0.026) * canvas.echo.heightPx,
    needleFollows: random.range(0.4, 1),
    speckle: swing(random.chance(0.65) ? random.range(0.1, 0.9) : 0, 0.1, 1.2),
    gainFlicker: swing(random.range(0, 2.5), 0.3, 6),
  };
}

/** Labelled vessels beat; where none is labelled, sometimes any place does. */
function drawBeats(random: Random, canvas: StillCanvas): Beat[] {
  const beats: Beat[] = [];
  const radius = (): number => random.range(0.03, 0.08) * canvas.heightPx;
  for (let attempt = 0; attempt < 40 && beats.length < 2; attempt++) {
    const index = random.int(canvas.labels.length);
    const label = canvas.labels[index] as number;
    const isVessel = label === 254 || label === 2;
    if (!isVessel && !(canvas.labels[0] === 255 && random.chance(0.012))) continue;
    const xPx = index % canvas.widthPx;
    beats.push({ xPx, yPx: (index - xPx) / canvas.widthPx, radiusPx: radius() });
  }
  return beats;
}

export function swingAt(swing: Swing, timeS: number): number {
  return swing.amplitude * Math.sin(2 * Math.PI * swing.rateHz * timeS + swing.phase);
}

export function createStillDisplacement(widthPx: number, heightPx: number): StillDisplacement {
  const columns = Math.ceil(widthPx / NODE_PX) + 2;
  const rows = Math.ceil(heightPx / NODE_PX) + 2;
  const nodes = columns * rows;
  return { columns, rows, x: new Float32Array(nodes), y: new Float32Array(nodes) };
}

/** Displacement of all tissue at a depth share (0 skin, 1 bottom), px: what the tissue moved by. */
export function tissueShiftAt(
  motion: StillMotion,
  timeS: number,
  share: number,
  heightPx: number,
): { readonly xPx: number; readonly yPx: number } {
  return {
    xPx:
      swingAt(motion.slideX, timeS) +
      swingAt(motion.slideQuick, timeS) +
      share * swingAt(motion.breathX, timeS),
    yPx: share * (swingAt(motion.breathY, timeS) + swingAt(motion.press, timeS) * heightPx),
  };
}

/** What drags the tissue: a needle, or (in needle-free clips) the same movement without one. */
export interface Drag {
  readonly pose: NeedlePose;
  readonly tipXPx: number;
  readonly tipYPx: number;
  readonly pxPerMm: number;
}

/** Fills the nodes for a moment. The canvas is read at image position + margin + displacement. */
export function updateDisplacement(
  displacement: StillDisplacement,
  motion: StillMotion,
  canvas: StillCanvas,
  timeS: number,
  drag: Drag | null,
): void {
  const { echo, marginPx } = canvas;
  const beat = motion.beatShare * beatAt(motion.beatHz, timeS);
  for (let row = 0, node = 0; row < displacement.rows; row++) {
    const y = row * NODE_PX;
    const share = Math.max(0, (y - echo.yPx) / Math.max(1, echo.heightPx));
    const shift = tissueShiftAt(motion, timeS, share, echo.heightPx);
    for (let column = 0; column < displacement.columns; column++, node++) {
      const x = column * NODE_PX;
      let dx = -shift.xPx;
      let dy = -shift.yPx;
      for (const { xPx, yPx, radiusPx } of motion.beats) {
        const ox = x + marginPx + dx - xPx;
        const oy = y + marginPx + dy - yPx;
        const reach = radiusPx + NODE_PX;
        const weight = beat * Math.exp(-(ox * ox + oy * oy) / (reach * reach));
        dx -= ox * weight;
        dy -= oy * weight;
      }
      if (drag !== null) {
        const pull = dragAt(motion, drag, x, y);
        dx -= pull * drag.pose.directionX;
        dy -= pull * drag.pose.directionZ;
      }
      displacement.x[node] = dx;
      displacement.y[node] = dy;
    }
  }
}

/** Tissue near the last stretch of the shaft follows the needle's movement. */
function dragAt(motion: StillMotion, drag: Drag, x: number, y: number): number {
  const { pose, pxPerMm } = drag;
  const dx = (x - drag.tipXPx) / pxPerMm;
  const dy = (y - drag.tipYPx) / pxPerMm;
  const along = dx * pose.directionX + dy * pose.directionZ;
  const across = dy * pose.directionX - dx * pose.directionZ;
  const distance = (along / (along < 0 ? 9 : 3.5)) ** 2 + (across / 3.5) ** 2;
  if (distance > 6) return 0;
  return motion.dragPx * Math.tanh(pose.speedMmS / 6) * Math.exp(-distance);
}

function beatAt(rateHz: number, timeS: number): number {
  const share = timeS * rateHz - Math.floor(timeS * rateHz);
  return share < 0.15 ? share / 0.15 : (1 - (share - 0.15) / 0.85) ** 2;
}
