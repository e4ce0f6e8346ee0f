import type { Random } from '../random.js';

/**
 * Where the echo data of a picture without tissue lies on its screen, and how far from the probe's
 * face every pixel is. Everything is in pixels: nobody knows the millimetres of such a picture.
 */
export interface DarkView {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Distance from the face along the beam, px; negative above it. */
  readonly depthPx: Float32Array;
  /** Across the beams: −1 at the left edge of the view, 1 at its right. */
  readonly across: Float32Array;
  /** 1 inside the echo data. */
  readonly isEcho: Uint8Array;
  /** Greatest depth of the echo data, px. */
  readonly bottomPx: number;
  /** Length of one unit of `across` at a depth, px. */
  acrossPx(depthPx: number): number;
  /** The pixel at a place of the view. */
  pixelAt(across: number, depthPx: number): { readonly xPx: number; readonly yPx: number };
}

interface Shape {
  readonly middlePx: number;
  /** Lowest point of the probe's face, px from the top. */
  readonly facePx: number;
  readonly bottomPx: number;
  readonly halfWidthPx: number;
  /** Radius of the face, px; null for a linear probe. */
  readonly radiusPx: number | null;
  readonly halfAngleRad: number;
}

/** Draws a view: half linear, half curvilinear from a near-point apex to a wide flat arc. */
export function drawDarkView(random: Random, widthPx: number, heightPx: number): DarkView {
  const isLinear = random.chance(0.5);
  const isFramed = random.chance(0.5);
  const radiusPx = isLinear ? null : widthPx * random.logRange(0.015, 0.6);
  const halfAngleRad = random.range(0.35, (radiusPx ?? 0) < 0.15 * widthPx ? 1.3 : 0.75);
  const bowPx = (radiusPx ?? 0) * (1 - Math.cos(halfAngleRad));
  return createDarkView(widthPx, heightPx, {
    middlePx: widthPx * (0.5 + (isFramed ? 0.08 * random.gaussian() : 0)),
    facePx: bowPx + (isFramed ? heightPx * random.range(0, 0.15) : 0),
    bottomPx: heightPx * random.range(0.7, 1.1),
    halfWidthPx: widthPx * (isFramed ? random.range(0.2, 0.5) : 0.5),
    radiusPx,
    halfAngleRad,
  });
}

function createDarkView(widthPx: number, heightPx: number, shape: Shape): DarkView {
  const { middlePx, facePx, bottomPx, halfWidthPx, halfAngleRad } = shape;
  const radiusPx = shape.radiusPx ?? 0;
  const isLinear = shape.radiusPx === null;
  const depthPx = new Float32Array(widthPx * heightPx);
  const across = new Float32Array(depthPx.length);
  const isEcho = new Uint8Array(depthPx.length);
  for (let pixel = 0; pixel < depthPx.length; pixel++) {
    const dx = (pixel % widthPx) - middlePx;
    const down = Math.floor(pixel / widthPx) - facePx + radiusPx;
    const depth = isLinear ? down : Math.hypot(dx, down) - radiusPx;
    const aside = isLinear ? dx / halfWidthPx : Math.atan2(dx, down) / halfAngleRad;
    depthPx[pixel] = depth;
    across[pixel] = aside;
    isEcho[pixel] = depth >= 0 && depth < bottomPx && Math.abs(aside) <= 1 ? 1 : 0;
  }
  return {
    widthPx,
    heightPx,
    depthPx,
    across,
    isEcho,
    bottomPx,
    acrossPx: (depth) => (isLinear ? halfWidthPx : halfAngleRad * (radiusPx + depth)),
    pixelAt: (aside, depth) => {
      if (isLinear) return { xPx: middlePx + aside * halfWidthPx, yPx: facePx + depth };
      const reach = radiusPx + depth;
      const angle = aside * halfAngleRad;
      const yPx = facePx - radiusPx + reach * Math.cos(angle);
      return { xPx: middlePx + reach * Math.sin(angle), yPx };
    },
  };
}
