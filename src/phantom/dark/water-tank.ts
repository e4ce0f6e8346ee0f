import type { Random } from '../random.js';
import { createNoise1d } from '../smooth-noise.js';
import type { DarkView } from './dark-view.js';
import type { DarkSpot } from './near-field.js';

/** Draws wires in a tank, cut across: rows of three (N-wires), lattices, or a loose handful. */
export function drawWires(random: Random, view: DarkView): DarkSpot[] {
  const lateralPx = view.widthPx * random.logRange(0.004, 0.025);
  const axialPx = random.range(0.8, 2.6);
  const peak = random.logRange(70, 700);
  const tail = random.chance(0.2) ? random.range(3, 12) : 0;
  return drawPlaces(random).map(([across, depth]) => ({
    across,
    depthPx: depth * view.bottomPx,
    peak: peak * random.range(0.3, 1),
    // Beams widen with depth.
    lateralPx: lateralPx * (0.6 + depth) * random.range(0.6, 1.3),
    axialPx: axialPx * random.range(0.8, 1.2),
    tailPx: tail * axialPx,
  }));
}

/** Places as shares of half the width and of the depth. */
function drawPlaces(random: Random): [number, number][] {
  const places: [number, number][] = [];
  const kind = random.uniform();
  const left = random.range(-0.85, -0.2);
  const right = random.range(0.2, 0.85);
  const top = random.range(0.1, 0.5);
  const step = random.range(0.05, 0.25);
  const tilt = random.gaussian() * 0.05;
  const at = (across: number, depth: number): void => {
    const jitter = 0.006 * random.gaussian();
    if (depth < 0.98) places.push([across + jitter, depth + tilt * across + jitter]);
  };
  if (kind < 0.55) {
    for (let row = 1 + random.int(4), depth = top; row > 0; row--, depth += step) {
      at(left, depth);
      at(random.range(left, right), depth + random.pick([0, 0, random.gaussian() * 0.03]));
      at(right, depth);
    }
  } else if (kind < 0.8) {
    const columns = 2 + random.int(5);
    for (let row = 1 + random.int(5), depth = top; row > 0; row--, depth += step) {
      for (let c = 0; c < columns; c++) at(left + ((right - left) * c) / (columns - 1), depth);
    }
  } else {
    for (let count = 1 + random.int(12); count > 0; count--) {
      at(random.range(-0.95, 0.95), random.range(0.06, 0.95));
    }
  }
  return places;
}

/** Bubbles in gel: small bright dots, some with a tail of ringing. */
export function drawBubbles(random: Random, view: DarkView): DarkSpot[] {
  return Array.from({ length: random.int(9) }, () => ({
    across: random.range(-0.95, 0.95),
    depthPx: view.bottomPx * random.range(0.02, 0.6),
    peak: random.range(50, 300),
    lateralPx: random.range(0.8, 4),
    axialPx: random.range(0.8, 2),
    tailPx: random.chance(0.4) ? random.range(5, 40) : 0,
  }));
}

/** Adds the tank's bottom or another flat wall: straight on the screen, brightest face on. */
export function addWall(levels: Float32Array, view: DarkView, random: Random): void {
  const { widthPx, depthPx, across, isEcho } = view;
  const isSide = random.chance(0.15);
  const anglePi = isSide ? random.range(0.4, 0.6) : 0.04 * random.gaussian();
  const middle = view.pixelAt(
    isSide ? random.pick([-1, 1]) * random.range(0.6, 0.95) : 0,
    view.bottomPx * (isSide ? 0.5 : random.range(0.35, 0.95)),
  );
  const normalX = -Math.sin(Math.PI * anglePi);
  const normalY = Math.cos(Math.PI * anglePi);
  const noise = createNoise1d(random);
  const peak = random.logRange(40, 400);
  const sharpPx = random.range(0.7, 2.5);
  const hazePx = view.heightPx * random.logRange(0.004, 0.12);
  const hazeShare = random.range(0.1, 0.7);
  const facing = random.range(0.25, 1.2);
  for (let pixel = 0; pixel < levels.length; pixel++) {
    if (isEcho[pixel] === 0 || (depthPx[pixel] as number) < 4) continue;
    const dx = (pixel % widthPx) - middle.xPx;
    const dy = Math.floor(pixel / widthPx) - middle.yPx;
    const behind = dx * normalX + dy * normalY;
    if (behind < -4 * sharpPx || behind > 5 * hazePx + 4 * sharpPx) continue;
    const along = dx * normalY - dy * normalX;
    const even = Math.max(0, 1 + 0.5 * noise(along / 23));
    const side = (across[pixel] as number) / facing;
    const line = Math.exp(-0.5 * (behind / sharpPx) ** 2);
    const haze = behind > 0 ? hazeShare * Math.exp(-behind / hazePx) : 0;
    const level = peak * even * (line + haze) * (isSide ? 0.4 : Math.exp(-side * side));
    levels[pixel] = (levels[pixel] as number) + level;
  }
}
