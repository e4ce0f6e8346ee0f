import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { applyAffine } from '../../../src/domain/affine.js';
import { type EcholineError, isEcholineError } from '../../../src/domain/errors.js';
import { type Frame, NO_EXTENSIONS, type Orientation } from '../../../src/domain/frame.js';
import { referenceKernels as kernels } from '../../../src/kernels/reference-kernels.js';
import { createDecodeState, decode } from '../../../src/pipeline/decode/decode.js';
import { imageOf } from '../../support/speckle-image.js';
import { frameOf } from '../../support/test-frame.js';

const source = imageOf(12, 8, (x, y) => 10 * y + x);

async function pixelsOf(frame: Frame) {
  const decoded = await decode(createDecodeState(), frame, kernels);
  if (decoded.kind !== 'image') throw new Error(`abstained: ${decoded.reason}`);
  const { image } = decoded;
  if (image === null) throw new Error('only a reduced image came');
  return { ...decoded, image };
}

async function failureOf(frame: Frame): Promise<EcholineError> {
  const error: unknown = await decode(createDecodeState(), frame, kernels).catch((e) => e);
  if (!isEcholineError(error)) throw new Error('expected an EcholineError');
  return error;
}

const encode = (format: 'png' | 'jpeg' | 'webp' | 'tiff', width = 12, height = 8) =>
  sharp(imageOf(width, height, (x, y) => 10 * y + x).data, { raw: { width, height, channels: 1 } })
    .toFormat(format)
    .toBuffer();

const compressed = (format: 'png' | 'jpeg', payload: Uint8Array): Frame =>
  frameOf(source, { format, strideBytes: 0, payload });

describe('decode', () => {
  it('looks at gray8 where it lies, without a copy', async () => {
    const { image, imageToNormalised } = await pixelsOf(frameOf(source));
    expect(image.data).toBe(source.data);
    expect(applyAffine(imageToNormalised, { xPx: 3, yPx: 4 })).toEqual({ xPx: 3, yPx: 4 });
  });

  it('honours the stride of gray8 and needs no padding after the last row', async () => {
    const payload = new Uint8Array(16 * 7 + 12);
    for (let y = 0; y < 8; y++) payload.set(source.data.subarray(12 * y, 12 * y + 12), 16 * y);
    const { image } = await pixelsOf(frameOf(source, { strideBytes: 16, payload }));
    expect(image.strideBytes).toBe(16);
    expect(image.data[16 * 7 + 11]).toBe(81);
  });

  it.each(['rgba8', 'bgra8'] as const)('turns %s into gray', async (format) => {
    const payload = Uint8Array.from({ length: 384 }, (_, i) => source.data[i >> 2] ?? 0);
    const { image } = await pixelsOf(frameOf(source, { format, strideBytes: 48, payload }));
    expect([...image.data.subarray(0, 96)]).toEqual([...source.data]);
  });

  it('decodes a PNG exactly, gray or in colour, with or without alpha', async () => {
    const rgba = Uint8Array.from({ length: 384 }, (_, i) =>
      i % 4 === 3 ? 128 : (source.data[i >> 2] ?? 0),
    );
    const colour = await sharp(rgba, { raw: { width: 12, height: 8, channels: 4 } })
      .png()
      .toBuffer();
    for (const payload of [await encode('png'), colour]) {
      const { image } = await pixelsOf(compressed('png', payload));
      expect([...image.data]).toEqual([...source.data]);
    }
  });

  it('sees saturated colours alike in every format, in colour and with a palette', async () => {
    const rgba = Uint8Array.from({ length: 384 }, (_, i) => {
      const [red, green, blue] = [255 * ((i >> 4) & 1), 255 * ((i >> 5) & 1), 255 * ((i >> 6) & 1)];
      return [red, green, blue, 255][i % 4] ?? 0;
    });
    const raw = await pixelsOf(
      frameOf(source, { format: 'rgba8', strideBytes: 48, payload: rgba }),
    );
    const expected = [...raw.image.data.subarray(0, 96)];
    expect(new Set(expected).size).toBe(8);
    const image = sharp(rgba, { raw: { width: 12, height: 8, channels: 4 } });
    const jpeg = await image.clone().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
    for (const palette of [false, true]) {
      const payload = await image.clone().png({ palette }).toBuffer();
      const { image: decoded } = await pixelsOf(compressed('png', payload));
      expect([...decoded.data.subarray(0, 96)]).toEqual(expected);
    }
    const { image: lossy } = await pixelsOf(compressed('jpeg', jpeg));
    for (const [at, value] of expected.entries()) {
      expect(Math.abs((lossy.data[at] ?? 0) - value)).toBeLessThanOrEqual(6);
    }
  });

  it('decodes a JPEG to within its compression', async () => {
    const { image } = await pixelsOf(compressed('jpeg', await encode('jpeg')));
    const worst = image.data.reduce(
      (most, v, i) => Math.max(most, Math.abs(v - (source.data[i] ?? 0))),
      0,
    );
    expect(image.widthPx).toBe(12);
    expect(worst).toBeLessThan(12);
  });

  it.each([
    ['MF', 0, 0],
    ['unknown', 0, 0],
    ['UF', 11, 0],
    ['MN', 0, 7],
    ['UN', 11, 7],
  ] as [Orientation, number, number][])(
    'brings %s to MF and says where each pixel went',
    async (orientation, xPx, yPx) => {
      const { image, imageToNormalised } = await pixelsOf(frameOf(source, { orientation }));
      const origin = applyAffine(imageToNormalised, { xPx: 0, yPx: 0 });
      expect(origin).toEqual({ xPx, yPx });
      for (const point of [
        { xPx: 5, yPx: 2 },
        { xPx: 11, yPx: 7 },
      ]) {
        const moved = applyAffine(imageToNormalised, point);
        const value = image.data[moved.yPx * image.strideBytes + moved.xPx];
        expect(value).toBe(10 * point.yPx + point.xPx);
      }
    },
  );

  it('looks at the largest pane, mirrored within itself', async () => {
    const panes = [
      { rect: { xPx: 0, yPx: 0, widthPx: 4, heightPx: 8 }, spacing: null },
      { rect: { xPx: 4, yPx: 2, widthPx: 8, heightPx: 6 }, spacing: null },
    ];
    const extensions = { ...NO_EXTENSIONS, panes, imagingMode: 'colour' as const };
    const frame = frameOf(source, { extensions, orientation: 'UF' });
    const { image, imageToNormalised } = await pixelsOf(frame);
    expect([image.widthPx, image.heightPx]).toEqual([8, 6]);
    const moved = applyAffine(imageToNormalised, { xPx: 6, yPx: 3 });
    expect(image.data[moved.yPx * image.strideBytes + moved.xPx]).toBe(36);
  });

  it('does not know the spacing when pane and frame contradict each other', async () => {
    const rect = { xPx: 0, yPx: 0, widthPx: 6, heightPx: 8 };
    const withPane = (xMm: number, frameXMm: number | null): Frame =>
      frameOf(source, {
        spacing: frameXMm === null ? null : { xMm: frameXMm, yMm: 0.1 },
        extensions: { ...NO_EXTENSIONS, panes: [{ rect, spacing: { xMm, yMm: 0.1 } }] },
      });
    expect((await pixelsOf(withPane(0.1, 0.1))).spacing).toEqual({ xMm: 0.1, yMm: 0.1 });
    expect((await pixelsOf(withPane(0.2, 0.1))).spacing).toBeNull();
    expect((await pixelsOf(withPane(0.1, null))).spacing).toBeNull();
  });

  it.each(['colour', 'power', 'm', 'elastography'] as const)(
    'abstains from %s images of which no pane is told',
    async (imagingMode) => {
      const frame = frameOf(source, { extensions: { ...NO_EXTENSIONS, imagingMode } });
      const decoded = await decode(createDecodeState(), frame, kernels);
      expect(decoded).toEqual({ kind: 'abstain', reason: 'imaging-mode' });
    },
  );

  it.each(['b', 'steered-needle'] as const)('looks at %s images', async (imagingMode) => {
    const frame = frameOf(source, { extensions: { ...NO_EXTENSIONS, imagingMode } });
    expect((await decode(createDecodeState(), frame, kernels)).kind).toBe('image');
  });

  it('abstains from several panes without usable rectangles', async () => {
    const empty = { rect: { xPx: 0, yPx: 0, widthPx: 0, heightPx: 0 }, spacing: null };
    const frame = frameOf(source, { extensions: { ...NO_EXTENSIONS, panes: [empty, empty] } });
    const decoded = await decode(createDecodeState(), frame, kernels);
    expect(decoded).toEqual({ kind: 'abstain', reason: 'several-panes' });
  });
});

describe('a payload that is not what the header says', () => {
  it('is ECHOLINE_FRAME_DECODE when rows are missing', async () => {
    const error = await failureOf(frameOf(source, { payload: source.data.subarray(0, 95) }));
    expect(error.code).toBe('ECHOLINE_FRAME_DECODE');
    expect(error.message).toContain('96 bytes');
    expect(error.details.payloadBytes).toBe(95);
  });

  it('is refused when a stride is shorter than a row, and when a side is zero', async () => {
    expect((await failureOf(frameOf(source, { strideBytes: 11 }))).code).toBe(
      'ECHOLINE_FRAME_DECODE',
    );
    expect((await failureOf(frameOf(source, { widthPx: 0 }))).code).toBe('ECHOLINE_FRAME_DECODE');
  });

  it('is refused when an image is cut short', async () => {
    for (const format of ['png', 'jpeg'] as const) {
      const payload = (await encode(format)).subarray(0, -20);
      const error = await failureOf(compressed(format, payload));
      expect(error.code).toBe('ECHOLINE_FRAME_DECODE');
      expect(error.message).toContain(`Expected a ${format.toUpperCase()} of 12 × 8`);
    }
  });

  it('is refused when the image has another size, and says which', async () => {
    const error = await failureOf(compressed('png', await encode('png', 8, 12)));
    expect(error.code).toBe('ECHOLINE_FRAME_DECODE');
    expect(error.message).toContain('8 × 12');
  });

  it('is refused before unpacking when a small PNG claims a huge image', async () => {
    const side = 12_000;
    const bomb = blackPng(side);
    expect(bomb.length).toBeLessThan(2_000_000);
    const startedMs = performance.now();
    const lying = await failureOf(compressed('png', bomb));
    const honest = await failureOf(
      frameOf(source, {
        format: 'png',
        widthPx: side,
        heightPx: side,
        strideBytes: 0,
        payload: bomb,
      }),
    );
    expect(performance.now() - startedMs).toBeLessThan(500);
    expect(lying.code).toBe('ECHOLINE_FRAME_DECODE');
    expect(honest.message).toContain('the limit is');
  });

  it('is refused when it is another format, whatever the decoder could read', async () => {
    for (const other of ['webp', 'tiff'] as const) {
      const error = await failureOf(compressed('png', await encode(other)));
      expect(error.message).toContain('the payload starts with');
    }
    const swapped = await failureOf(compressed('jpeg', await encode('png')));
    expect(swapped.code).toBe('ECHOLINE_FRAME_DECODE');
    const nothing = await failureOf(compressed('png', new Uint8Array(0)));
    expect(nothing.message).toContain('nothing');
  });

  it('never gets through and never crashes when bytes are flipped at random', async () => {
    const png = await encode('png', 48, 48);
    const image = imageOf(48, 48, () => 0);
    for (let seed = 0; seed < 60; seed++) {
      const payload = Uint8Array.from(png);
      const at = (seed * 37) % payload.length;
      payload[at] = (payload[at] ?? 0) ^ (1 << (seed % 8));
      const frame = frameOf(image, { format: 'png', strideBytes: 0, payload });
      const outcome: unknown = await decode(createDecodeState(), frame, kernels).catch((e) => e);
      if (isEcholineError(outcome)) expect(outcome.code).toBe('ECHOLINE_FRAME_DECODE');
      else expect(outcome).toHaveProperty('kind', 'image');
    }
  });
});

/** A black square, one bit a pixel: made much faster than sharp could. */
function blackPng(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  const rows = Buffer.alloc(side * (1 + side / 8));
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const chunks = [pngChunk('IHDR', header), pngChunk('IDAT', deflateSync(rows, { level: 1 }))];
  return Buffer.concat([signature, ...chunks, pngChunk('IEND', Buffer.alloc(0))]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}
