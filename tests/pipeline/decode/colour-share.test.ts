import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type Frame, NO_EXTENSIONS } from '../../../src/domain/frame.js';
import { referenceKernels as kernels } from '../../../src/kernels/reference-kernels.js';
import { colourShare } from '../../../src/pipeline/decode/colour-share.js';
import { createDecodeState, decode } from '../../../src/pipeline/decode/decode.js';
import { frameOf } from '../../support/test-frame.js';

const SIDE = 200;
const SIZE = { width: SIDE, height: SIDE };

type Colour = readonly [red: number, green: number, blue: number];

/** Four-byte pixels painted by a function, with `padding` bytes after each row. */
function paint(colourAt: (x: number, y: number, gray: number) => Colour, padding = 0): Uint8Array {
  const stride = 4 * SIDE + padding;
  const data = new Uint8Array(stride * SIDE).fill(255);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      data.set(colourAt(x, y, (x * 31 + y * 17) % 200), y * stride + 4 * x);
    }
  }
  return data;
}

const gray = (_x: number, _y: number, level: number): Colour => [level, level, level];
/** A gray image with a red disc on 5 % of its area. */
const flow = (x: number, y: number, level: number): Colour =>
  Math.hypot(x - 100, y - 100) < 25.2 ? [200, 30, 20] : [level, level, level];

describe('colourShare', () => {
  it('is nothing in a gray image, and the share of the flow in a colour image', () => {
    expect(colourShare(paint(gray), 4 * SIDE, SIZE)).toBe(0);
    expect(colourShare(paint(flow), 4 * SIDE, SIZE)).toBeCloseTo(0.05, 2);
    expect(colourShare(paint(flow, 60), 4 * SIDE + 60, SIZE)).toBeCloseTo(0.05, 2);
  });

  it('is nothing under a gray map with a tint', () => {
    const sepia = paint((_x, _y, level) => [level, 0.75 * level, 0.45 * level]);
    expect(colourShare(sepia, 4 * SIDE, SIZE)).toBe(0);
  });

  it('is little in a gray screen with some coloured letters', () => {
    const letters = paint((x, y, level) =>
      y > 190 && x < 60 && x % 3 === 0 ? [255, 160, 0] : [level, level, level],
    );
    expect(colourShare(letters, 4 * SIDE, SIZE)).toBeLessThan(0.01);
  });
});

describe('decode', () => {
  const image = { widthPx: SIDE, heightPx: SIDE, strideBytes: 4 * SIDE, data: paint(flow) };
  const shareOf = async (frame: Frame): Promise<number> => {
    const decoded = await decode(createDecodeState(), frame, kernels);
    return decoded.kind === 'image' ? decoded.colouredShare : Number.NaN;
  };

  it.each(['rgba8', 'bgra8'] as const)('tells how much of %s is coloured', async (format) => {
    expect(await shareOf(frameOf(image, { format }))).toBeCloseTo(0.05, 2);
  });

  it.each(['png', 'jpeg'] as const)('tells how much of a %s is coloured', async (format) => {
    const raw = { width: SIDE, height: SIDE, channels: 4 } as const;
    const payload = await sharp(image.data, { raw }).toFormat(format).toBuffer();
    const frame = frameOf(image, { format, strideBytes: 0, payload });
    expect(await shareOf(frame)).toBeCloseTo(0.05, 1);
    expect(await shareOf(frame)).toBeGreaterThan(0.03);
  });

  it('takes the word of a cart that says what it sends', async () => {
    const extensions = { ...NO_EXTENSIONS, imagingMode: 'b' as const };
    expect(await shareOf(frameOf(image, { format: 'rgba8', extensions }))).toBe(0);
    const rect = { xPx: 0, yPx: 0, widthPx: SIDE, heightPx: SIDE };
    const panes = { ...NO_EXTENSIONS, panes: [{ rect, spacing: null }] };
    expect(await shareOf(frameOf(image, { format: 'rgba8', extensions: panes }))).toBe(0);
  });

  it('knows no colour in gray frames', async () => {
    const data = new Uint8Array(SIDE * SIDE).fill(90);
    expect(await shareOf(frameOf({ ...image, strideBytes: SIDE, data }))).toBe(0);
  });
});
