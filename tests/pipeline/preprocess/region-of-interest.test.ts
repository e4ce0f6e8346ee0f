import { describe, expect, it } from 'vitest';
import type { GrayImage } from '../../../src/domain/frame.js';
import { referenceKernels as kernels } from '../../../src/kernels/reference-kernels.js';
import { findRegionOfInterest } from '../../../src/pipeline/preprocess/region-of-interest.js';
import { createTexture, imageOf, seededRandom } from '../../support/speckle-image.js';

const texture = createTexture(21);
const find = (image: GrayImage) => findRegionOfInterest(image, kernels);

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const contains = (box: Box, x: number, y: number): boolean =>
  x >= box.x && y >= box.y && x < box.x + box.w && y < box.y + box.h;

/** Letter-like strokes: 2-pixel bars in 10 × 14 glyphs. */
const isInk = (x: number, y: number): boolean =>
  x % 12 < 10 && y < 14 && (x % 12 < 2 || y % 6 < 2 || (x % 12 > 7 && y > 6));

/** A screen of 640 × 480: echo data in a box, lines of text, a gray bar, a ruler. */
function screen(box: Box, background: number): GrayImage {
  return imageOf(640, 480, (x, y) => {
    if (contains(box, x, y)) return texture(x, y);
    if (y >= 6 && y < 20 && x < 400 && isInk(x, y - 6)) return 240;
    if (y >= 460 && y < 474 && x > 200 && isInk(x, y - 460)) return 230;
    if (x >= 600 && x < 614 && y > 60 && y < 260) return 260 - y + 55;
    if (x >= 585 && x < 590 && y % 40 < 2) return 255;
    return background;
  });
}

const expectBox = (image: GrayImage, box: Box, tolerancePx: number): void => {
  const { rect } = find(image);
  expect(Math.abs(rect.xPx - box.x)).toBeLessThanOrEqual(tolerancePx);
  expect(Math.abs(rect.yPx - box.y)).toBeLessThanOrEqual(tolerancePx);
  expect(Math.abs(rect.xPx + rect.widthPx - box.x - box.w)).toBeLessThanOrEqual(tolerancePx);
  expect(Math.abs(rect.yPx + rect.heightPx - box.y - box.h)).toBeLessThanOrEqual(tolerancePx);
};

describe('findRegionOfInterest', () => {
  it.each([0, 40, 255])(
    'finds the echo data of a screen with text, a gray bar and a ruler on gray %i',
    (background) => {
      const box = { x: 120, y: 40, w: 400, h: 400 };
      expectBox(screen(box, background), box, 4);
    },
  );

  it('leaves out a line of text that sticks out of the echo data', () => {
    const box = { x: 100, y: 40, w: 400, h: 400 };
    const image = imageOf(640, 480, (x, y) => {
      if (contains(box, x, y)) return texture(x, y);
      return x >= 500 && y >= 200 && y < 214 && isInk(x, y - 200) ? 240 : 0;
    });
    expectBox(image, box, 6);
  });

  it('takes the whole image when echo data fills it', () => {
    const image = imageOf(512, 400, texture);
    expect(find(image)).toEqual({
      rect: { xPx: 0, yPx: 0, widthPx: 512, heightPx: 400 },
      outline: null,
      isFound: true,
    });
  });

  it('finds a sector and blanks the corners beside it', () => {
    const inSector = (x: number, y: number): boolean => {
      const radius = Math.hypot(x - 256, y + 60);
      return radius > 70 && radius < 480 && Math.abs(Math.atan2(x - 256, y + 60)) < 0.6;
    };
    const image = imageOf(512, 512, (x, y) => {
      if (inSector(x, y)) return texture(x, y);
      return y < 30 && x < 130 && isInk(x, y - 10) ? 250 : 0;
    });
    const { rect, outline } = find(image);
    expect(outline).not.toBeNull();
    expect(rect.yPx).toBeLessThan(30);
    expect(rect.widthPx).toBeGreaterThan(490);
    // Far corner of the text is outside the outline, the middle of the sector inside.
    expect(isInsideConvex(outline ?? [], 20, 20)).toBe(false);
    expect(isInsideConvex(outline ?? [], 256, 300)).toBe(true);
  });

  it('does not take a shadow under a linear probe for the end of the image', () => {
    const image = imageOf(512, 512, (x, y) => (x > 300 && y > 250 ? 0 : texture(x, y)));
    expect(find(image).rect).toEqual({ xPx: 0, yPx: 0, widthPx: 512, heightPx: 512 });
    expect(find(image).outline).toBeNull();
  });

  it('joins the two halves of an image that a shadow cuts', () => {
    const image = imageOf(512, 512, (x, y) => (x > 230 && x < 300 ? 0 : texture(x, y)));
    expect(find(image).rect.widthPx).toBe(512);
  });

  it('takes the whole image where it finds nothing', () => {
    for (const [w, h] of [
      [1, 1],
      [3, 500],
      [640, 480],
      [15, 15],
    ] as const) {
      const { rect, isFound } = find(imageOf(w, h, () => 12));
      expect(rect).toEqual({ xPx: 0, yPx: 0, widthPx: w, heightPx: h });
      expect(isFound).toBe(false);
    }
  });

  it('does not take a block of text beside a nearly empty image for the echo data', () => {
    const image = imageOf(640, 480, (x, y) => {
      if (x > 40 && x < 110 && y > 60 && y < 430 && isInk(x, y % 16)) return 230;
      return Math.hypot(x - 400, y - 200) < 6 || Math.hypot(x - 300, y - 320) < 6 ? 220 : 0;
    });
    const { rect, isFound } = find(image);
    expect(rect).toEqual({ xPx: 0, yPx: 0, widthPx: 640, heightPx: 480 });
    expect(isFound).toBe(false);
  });

  it('stays inside the image at any size', () => {
    const random = seededRandom(5);
    for (let run = 0; run < 40; run++) {
      const w = 1 + Math.floor(400 * random());
      const h = 1 + Math.floor(400 * random());
      const { rect } = find(imageOf(w, h, (x, y) => (x > w / 3 ? texture(x, y) : 0)));
      expect(rect.widthPx).toBeGreaterThanOrEqual(1);
      expect(rect.heightPx).toBeGreaterThanOrEqual(1);
      expect(rect.xPx + rect.widthPx).toBeLessThanOrEqual(w);
      expect(rect.yPx + rect.heightPx).toBeLessThanOrEqual(h);
    }
  });
});

function isInsideConvex(
  outline: readonly { readonly xPx: number; readonly yPx: number }[],
  x: number,
  y: number,
): boolean {
  const turns = outline.map((a, i) => {
    const b = outline[(i + 1) % outline.length] ?? a;
    return (b.xPx - a.xPx) * (y - a.yPx) - (b.yPx - a.yPx) * (x - a.xPx);
  });
  return turns.every((turn) => turn >= 0) || turns.every((turn) => turn <= 0);
}
