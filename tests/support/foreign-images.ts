import type { GrayImage } from '../../src/domain/frame.js';
import { createTexture, imageOf, seededRandom } from './speckle-image.js';

type Paint = (x: number, y: number) => number;

const clamp = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));

/** Independent gray levels: an unplugged input. */
export function noiseImage(seed: number, side: number): GrayImage {
  const random = seededRandom(seed);
  // The high bits: the low ones of this generator repeat.
  return imageOf(side, side, () => Math.floor(random() * 256));
}

/** Noise around a gray, as of a camera in the dark: the sum of four draws. */
export function grainImage(seed: number, side: number): GrayImage {
  const random = seededRandom(seed);
  const draw = (): number => random() + random() + random() + random() - 2;
  return imageOf(side, side, () => clamp(110 + 35 * draw()));
}

/** Black and white dots. */
export function saltAndPepperImage(seed: number, side: number): GrayImage {
  const random = seededRandom(seed);
  return imageOf(side, side, () => (random() < 0.5 ? 0 : 255));
}

/**
 * A photograph as a camera takes it: a sky with a gradient, ground, buildings with windows, a mast
 * and a slanting cable, faces as blobs with eyes and mouths, soft shading, a little sensor noise.
 */
export function photographImage(seed: number, widthPx = 640, heightPx = 480): GrayImage {
  const random = seededRandom(seed);
  const pick = (from: number, to: number): number => from + random() * (to - from);
  const shade = createTexture(seed + 1000);
  const horizon = pick(0.35, 0.65) * heightPx;
  const sky = pick(150, 230);
  const ground = pick(50, 120);
  const buildings = Array.from({ length: 5 }, () => ({
    left: pick(-0.1, 0.9) * widthPx,
    width: pick(0.08, 0.25) * widthPx,
    top: pick(0.1, 0.5) * heightPx,
    gray: pick(60, 180),
    window: pick(8, 20),
  }));
  const faces = Array.from({ length: 3 }, () => ({
    x: pick(0.1, 0.9) * widthPx,
    y: pick(0.5, 0.85) * heightPx,
    size: pick(0.06, 0.16) * heightPx,
    gray: pick(120, 220),
  }));
  const cable = { y: pick(0.05, 0.5) * heightPx, slope: pick(-0.7, 0.7), width: pick(1.5, 4) };
  const mast = { x: pick(0.2, 0.8) * widthPx, width: pick(2, 6) };
  const scene: Paint = (x, y) => {
    let value = y < horizon ? sky - (60 * y) / heightPx : ground + (50 * (y - horizon)) / heightPx;
    for (const { left, width, top, gray, window } of buildings) {
      if (x < left || x > left + width || y < top || y > horizon + 20) continue;
      const isWindow = (x - left) % window > window * 0.55 && (y - top) % window > window * 0.5;
      value = isWindow ? gray * 0.4 : gray + (30 * (x - left)) / width;
    }
    if (Math.abs(x - mast.x) < mast.width && y > 0.1 * heightPx) value = 40;
    if (Math.abs(y - cable.y - cable.slope * x) < cable.width) value = 250;
    for (const { x: faceX, y: faceY, size, gray } of faces) {
      const dx = (x - faceX) / size;
      const dy = (y - faceY) / (1.3 * size);
      if (dx * dx + dy * dy > 1) continue;
      const isEye = Math.hypot(Math.abs(dx) - 0.4, dy + 0.25) < 0.13;
      const isMouth = Math.abs(dy - 0.45) < 0.06 && Math.abs(dx) < 0.4;
      value = isEye || isMouth ? 40 : gray * (1 - 0.35 * dx * dx) - 20 * dy;
    }
    return value + 0.06 * (shade(x / 6, y / 6) - 90);
  };
  return imageOf(widthPx, heightPx, (x, y) => clamp(scene(x, y) + 4 * (random() - 0.5)));
}

/** A desktop with windows, title bars, paragraphs of words, buttons and rules; dark or light. */
export function screenshotImage(seed: number, isDark: boolean, widthPx = 800): GrayImage {
  const random = seededRandom(seed);
  const heightPx = Math.round(0.625 * widthPx);
  const data = new Uint8Array(widthPx * heightPx).fill(isDark ? 30 : 235);
  const fill = (left: number, top: number, width: number, height: number, gray: number): void => {
    for (let y = Math.max(0, top); y < Math.min(heightPx, top + height); y++) {
      data.fill(
        gray,
        y * widthPx + Math.max(0, left),
        y * widthPx + Math.min(widthPx, left + width),
      );
    }
  };
  const pick = (from: number, to: number): number => Math.floor(from + random() * (to - from));
  for (let window = 0; window < 3; window++) {
    const left = pick(0, widthPx / 2);
    const top = pick(0, heightPx / 2);
    const width = pick(widthPx / 3, widthPx - left);
    const height = pick(heightPx / 3, heightPx - top);
    fill(left, top, width, height, isDark ? 45 : 255);
    fill(left, top, width, 18, isDark ? 80 : 120);
    for (let line = top + 30; line < top + height - 14; line += 15) {
      for (let word = left + 10; word < left + width - 40; ) {
        const letters = pick(2, 10);
        for (let letter = 0; letter < letters; letter++) {
          for (let stroke = 0; stroke < 3; stroke++) {
            const gray = isDark ? 210 : 20;
            if (random() < 0.8) fill(word + pick(0, 4), line + pick(0, 5), 1, pick(3, 8), gray);
            if (random() < 0.6) fill(word, line + pick(0, 9), pick(2, 5), 1, gray);
          }
          word += 6;
        }
        word += 6;
      }
    }
  }
  return { widthPx, heightPx, strideBytes: widthPx, data };
}

/**
 * A slice of a body as computed tomography shows it: air, a ring of skin and fat, organs of even
 * gray with fine noise, ribs, a spine, the couch as a bright arc.
 */
export function tomographImage(seed: number, side = 512): GrayImage {
  const random = seededRandom(seed);
  const pick = (from: number, to: number): number => from + random() * (to - from);
  const fine = createTexture(seed + 2000);
  const noise = pick(0.03, 0.15);
  const organs = Array.from({ length: 7 }, () => ({
    x: pick(-0.5, 0.5),
    y: pick(-0.45, 0.45),
    a: pick(0.08, 0.3),
    b: pick(0.08, 0.25),
    gray: pick(80, 160),
  }));
  const ribs = Array.from(
    { length: 14 },
    (_, index) => ((index + pick(0, 0.4)) / 14) * 2 * Math.PI,
  );
  const body: Paint = (x, y) => {
    const r = Math.hypot(x / 0.85, y / 0.62);
    if (r > 1) return Math.abs(Math.hypot(x, y + 1.4) - 2.1) < 0.012 ? 170 : 0;
    if (r > 0.97) return 130;
    if (r > 0.88) return 55;
    let value = 110;
    for (const { x: ox, y: oy, a, b, gray } of organs) {
      if (Math.hypot((x - ox) / a, (y - oy) / b) < 1) value = gray;
    }
    for (const angle of ribs) {
      const distance = Math.hypot(x - 0.7 * Math.cos(angle), y - 0.51 * Math.sin(angle));
      if (distance < 0.045) value = distance < 0.025 ? 190 : 250;
    }
    if (Math.hypot(x, (y - 0.38) * 1.2) < 0.11) value = 240;
    return value + noise * (fine((x + 2) * 150, (y + 2) * 150) - 90);
  };
  return imageOf(side, side, (x, y) => clamp(body((2 * x) / side - 1, (2 * y) / side - 1)));
}
