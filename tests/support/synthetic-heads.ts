import type { ModelManifest } from '../../src/domain/model-manifest.js';
import type { HeadOutputs } from '../../src/pipeline/frame-context.js';

/** A needle drawn into the heads, in cells. */
export interface DrawnNeedle {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  /** Heat of the tip at `to`; 0 draws none. */
  readonly heat: number;
}

const logit = (p: number): number => Math.log(p / (1 - p));

/**
 * The outputs of a network that sees nothing: background everywhere, cold maps, no needle, a good
 * image in contact. Tests draw into it what the network is to see.
 */
export function emptyHeads(manifest: ModelManifest): HeadOutputs {
  const side = manifest.input.shape[2] / manifest.stridePx;
  const cells = side * side;
  const heads = {
    structures: new Float32Array(manifest.classes.length * cells),
    tip: new Float32Array(5 * cells),
    shaft: new Float32Array(4 * cells),
    frame: Float32Array.from([logit(0.02), logit(0.95), logit(0.9), logit(0.02), 0]),
  };
  heads.structures.fill(6, 0, cells);
  heads.tip.fill(-6, 0, cells);
  heads.tip.fill(-0.7, 3 * cells);
  heads.shaft.fill(-6, 0, cells);
  return heads;
}

/** Draws a needle as the trainer's labels do: shaft cells with angle and offset, one tip peak. */
export function drawNeedle(
  heads: HeadOutputs,
  needle: DrawnNeedle,
  present = 0.98,
  inPlane = 0.95,
): void {
  const cells = heads.tip.length / 5;
  const side = Math.sqrt(cells);
  const [x0, y0] = needle.from;
  const [x1, y1] = needle.to;
  const length = Math.hypot(x1 - x0, y1 - y0);
  const raw = Math.atan2(y1 - y0, x1 - x0);
  const angle = raw < 0 ? raw + Math.PI : raw >= Math.PI ? raw - Math.PI : raw;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length;
      const offset = -(x - x0) * Math.sin(angle) + (y - y0) * Math.cos(angle);
      if (along < 0 || along > length || Math.abs(offset) > 0.75) continue;
      const cell = y * side + x;
      heads.shaft[cell] = 4;
      heads.shaft[cells + cell] = Math.cos(2 * angle);
      heads.shaft[2 * cells + cell] = Math.sin(2 * angle);
      // Signed distance from the cell's centre to the axis along the normal (−sin θ, cos θ).
      heads.shaft[3 * cells + cell] = -offset;
    }
  }
  if (needle.heat > 0) drawPeak(heads, x1, y1, needle.heat);
  heads.frame[0] = logit(present);
  heads.frame[1] = logit(inPlane);
}

/** Draws a peak of the tip's heat map at a position in cells. */
export function drawPeak(heads: HeadOutputs, x: number, y: number, heat: number): void {
  const cells = heads.tip.length / 5;
  const side = Math.sqrt(cells);
  const cell = Math.round(y) * side + Math.round(x);
  heads.tip[cell] = logit(heat);
  heads.tip[cells + cell] = x - Math.round(x);
  heads.tip[2 * cells + cell] = y - Math.round(y);
}

/** Fills cells of a class where `isInside` says so. */
export function drawStructure(
  heads: HeadOutputs,
  channel: number,
  isInside: (x: number, y: number) => boolean,
  value = 10,
): void {
  const cells = heads.tip.length / 5;
  const side = Math.sqrt(cells);
  for (let cell = 0; cell < cells; cell++) {
    const x = cell % side;
    if (isInside(x, (cell - x) / side)) heads.structures[channel * cells + cell] = value;
  }
}
