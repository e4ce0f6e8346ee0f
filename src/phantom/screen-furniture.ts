import type { Random } from './random.js';

/**
 * Draws what scanners print beside the picture: ticks of a depth scale, a gray bar, a marker dot,
 * lines of text-like marks. Only where `isEcho` is 0; the picture is never written over.
 */
export function drawFurniture(
  random: Random,
  screen: Uint8Array,
  widthPx: number,
  heightPx: number,
  isEcho: Uint8Array,
): void {
  const put = (x: number, y: number, level: number): void => {
    if (x < 0 || y < 0 || x >= widthPx || y >= heightPx) return;
    const index = y * widthPx + x;
    if (isEcho[index] === 0) screen[index] = level;
  };
  const rect = (x: number, y: number, w: number, h: number, level: number): void => {
    for (let row = y; row < y + h; row++) {
      for (let column = x; column < x + w; column++) put(column, row, level);
    }
  };
  const unit = Math.max(1, Math.round(heightPx / 256));
  const tickX = random.chance(0.5) ? widthPx - 5 * unit : unit;
  const tickStep = Math.max(6, Math.round(heightPx / (4 + random.int(6))));
  for (let y = 2 * unit; y < heightPx; y += tickStep) rect(tickX, y, 4 * unit, unit, 200);
  const barX = random.chance(0.5) ? 2 * unit : widthPx - 9 * unit;
  const barTop = Math.round(heightPx * random.range(0.05, 0.3));
  const barHeight = Math.round(heightPx * 0.3);
  for (let row = 0; row < barHeight; row++) {
    rect(barX, barTop + row, 4 * unit, 1, Math.round(255 * (1 - row / barHeight)));
  }
  const lineCount = random.int(7);
  for (let line = 0; line < lineCount; line++) {
    const y = random.int(heightPx);
    let x = random.int(Math.max(1, widthPx >> 2)) + (random.chance(0.5) ? (widthPx * 3) >> 2 : 0);
    for (let glyph = random.int(14); glyph > 0; glyph--) {
      drawGlyph(random, x, y, unit, put);
      x += 4 * unit;
    }
  }
  const markerX = Math.round(widthPx * random.range(0.02, 0.2));
  rect(markerX, unit, 4 * unit, 4 * unit, 180 + random.int(75));
}

/** A 3 × 5 mark that looks like a letter from afar. */
function drawGlyph(
  random: Random,
  x: number,
  y: number,
  unit: number,
  put: (x: number, y: number, level: number) => void,
): void {
  const level = 150 + random.int(106);
  for (let cell = 0; cell < 15; cell++) {
    if (random.chance(0.45)) continue;
    for (let sub = 0; sub < unit * unit; sub++) {
      const column = (cell % 3) * unit + (sub % unit);
      const row = Math.floor(cell / 3) * unit + Math.floor(sub / unit);
      put(x + column, y + row, level);
    }
  }
}
