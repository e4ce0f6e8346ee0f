import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EcholineError, isEcholineError } from '../../src/domain/errors.js';
import {
  decodeFrameMessage,
  encodeFrameMessage,
  readFrameIdentity,
} from '../../src/protocol/frame-message.js';
import { DEFAULT_FRAME_LIMITS, WIRE_LIMITS } from '../../src/protocol/limits.js';
import { arbitraryFrame, grayFrame, richFrame } from './arbitrary-frame.js';

/** The error that `action` throws; fails when it throws nothing or something else. */
function errorOf(action: () => unknown): EcholineError {
  try {
    action();
  } catch (error) {
    if (isEcholineError(error)) return error;
    throw error;
  }
  throw new Error('expected an EcholineError, nothing was thrown');
}

describe('the frame message', () => {
  it('comes back as it was sent, whatever it carries', () => {
    fc.assert(
      fc.property(arbitraryFrame, (frame) => {
        const decoded = decodeFrameMessage(encodeFrameMessage(frame), WIRE_LIMITS);
        // Element by element, as `toEqual` compares, the payloads would take seconds.
        expect(Buffer.compare(decoded.payload, frame.payload)).toBe(0);
        expect({ ...decoded, payload: null }).toEqual({ ...frame, payload: null });
      }),
      { seed: 1, numRuns: 400 },
    );
  });

  it('is the same bytes after decoding and encoding again', () => {
    fc.assert(
      fc.property(arbitraryFrame, (frame) => {
        const bytes = encodeFrameMessage(frame);
        const again = encodeFrameMessage(decodeFrameMessage(bytes, WIRE_LIMITS));
        expect(Buffer.compare(again, bytes)).toBe(0);
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it('is read wherever it lies in its buffer', () => {
    const bytes = encodeFrameMessage(richFrame());
    const larger = new Uint8Array(bytes.byteLength + 13);
    larger.set(bytes, 5);
    const inside = larger.subarray(5, 5 + bytes.byteLength);
    expect(decodeFrameMessage(inside, DEFAULT_FRAME_LIMITS)).toEqual(richFrame());
  });

  it('hands out the payload without copying it', () => {
    const bytes = encodeFrameMessage(grayFrame());
    const { payload } = decodeFrameMessage(bytes, DEFAULT_FRAME_LIMITS);
    expect(payload.buffer).toBe(bytes.buffer);
    bytes[bytes.byteLength - 1] = 99;
    expect(payload.at(-1)).toBe(99);
  });

  it('hands out a plain Uint8Array from a Node Buffer', () => {
    const bytes = Buffer.from(encodeFrameMessage(grayFrame()));
    const { payload } = decodeFrameMessage(bytes, DEFAULT_FRAME_LIMITS);
    expect(Buffer.isBuffer(payload)).toBe(false);
  });

  it('is refused at every length it may be cut to, and closes the socket', () => {
    const bytes = encodeFrameMessage(richFrame());
    for (let length = 0; length < bytes.byteLength; length += 1) {
      const error = errorOf(() => decodeFrameMessage(bytes.subarray(0, length), WIRE_LIMITS));
      const headerBytes = new DataView(bytes.buffer).getUint16(8, true);
      const expected =
        length < 64
          ? 'ECHOLINE_PROTOCOL_TRUNCATED'
          : length < headerBytes
            ? 'ECHOLINE_PROTOCOL_HEADER_LENGTH'
            : 'ECHOLINE_PROTOCOL_PAYLOAD_LENGTH';
      expect(`${length} ${error.code}`).toBe(`${length} ${expected}`);
    }
  });

  it('never throws anything but an EcholineError when bytes are flipped', () => {
    const originals = [encodeFrameMessage(richFrame()), encodeFrameMessage(grayFrame())];
    const flip = fc.record({ at: fc.nat(400), value: fc.integer({ min: 0, max: 255 }) });
    const flips = fc.array(flip, { minLength: 1, maxLength: 6 });
    let refused = 0;
    let accepted = 0;
    fc.assert(
      fc.property(fc.constantFrom(...originals), flips, (original, changes) => {
        const bytes = original.slice();
        for (const { at, value } of changes) bytes[at % bytes.byteLength] = value;
        try {
          const frame = decodeFrameMessage(bytes, DEFAULT_FRAME_LIMITS);
          // What was accepted is a frame that may travel on.
          encodeFrameMessage(frame);
          accepted += 1;
        } catch (error) {
          expect(error).toBeInstanceOf(EcholineError);
          const { details } = error as EcholineError;
          expect(details.field).toEqual(expect.any(String));
          expect(details.offsetBytes).toBeLessThanOrEqual(bytes.byteLength);
          refused += 1;
        }
        readFrameIdentity(bytes);
      }),
      { seed: 3, numRuns: 3000 },
    );
    expect(refused).toBeGreaterThan(300);
    expect(accepted).toBeGreaterThan(300);
  });

  it('survives any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, withMagic) => {
        if (withMagic) bytes.set([0x45, 0x43, 0x48, 0x4f, 1, 0, 1].slice(0, bytes.byteLength));
        expect(errorOf(() => decodeFrameMessage(bytes, WIRE_LIMITS)).code).toMatch(
          /^ECHOLINE_(PROTOCOL|FRAME)_/,
        );
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});

describe('encoding', () => {
  it.each([
    ['ECHOLINE_FRAME_FIELD', 'epoch', grayFrame({ epoch: 2 ** 32 })],
    ['ECHOLINE_FRAME_FIELD', 'frameId', grayFrame({ frameId: -1 })],
    ['ECHOLINE_FRAME_FIELD', 'frameId', grayFrame({ frameId: 2 ** 53 })],
    ['ECHOLINE_FRAME_FIELD', 'captureTimeUs', grayFrame({ captureTimeUs: 0.5 })],
    ['ECHOLINE_FRAME_FIELD', 'widthPx', { ...grayFrame(), widthPx: 70_000 }],
    ['ECHOLINE_FRAME_SIZE', 'payloadLength', grayFrame({ payload: new Uint8Array(11) })],
    ['ECHOLINE_FRAME_STRIDE', 'strideBytes', { ...grayFrame(), strideBytes: 3 }],
    ['ECHOLINE_FRAME_SPACING', 'spacing.xMm', grayFrame({ spacing: { xMm: 0, yMm: 1 } })],
    ['ECHOLINE_FRAME_SPACING', 'spacing.xMm', grayFrame({ spacing: { xMm: 1e-60, yMm: 1 } })],
    ['ECHOLINE_FRAME_SPACING', 'spacing.yMm', grayFrame({ spacing: { xMm: 1, yMm: 1e60 } })],
    [
      'ECHOLINE_FRAME_SPACING',
      'spacing.xMm',
      grayFrame({ spacing: { xMm: Number.NaN, yMm: Number.NaN } }),
    ],
    ['ECHOLINE_FRAME_SPACING', 'spacing.yMm', grayFrame({ spacing: { xMm: 1, yMm: Number.NaN } })],
    ['ECHOLINE_FRAME_FORMAT', 'format', { ...grayFrame(), format: 'gif' as 'png' }],
    ['ECHOLINE_FRAME_FIELD', 'orientation', { ...grayFrame(), orientation: 'XX' as 'MF' }],
  ] as const)('refuses with %s what does not fit %s', (code, field, frame) => {
    const error = errorOf(() => encodeFrameMessage(frame));
    expect(error.code).toBe(code);
    expect(error.details.field).toBe(field);
  });

  it('refuses what the peer said it does not take', () => {
    const limits = { frameBytesMax: 70, widthMaxPx: 4096, heightMaxPx: 4096, pixelsMax: 4096 };
    const error = errorOf(() => encodeFrameMessage(grayFrame(), limits));
    expect(error.code).toBe('ECHOLINE_PROTOCOL_TOO_LARGE');
  });

  it('refuses more pixels than allowed although both sides are', () => {
    const frame = grayFrame();
    const pixels = frame.widthPx * frame.heightPx;
    const sides = { frameBytesMax: 1024, widthMaxPx: 64, heightMaxPx: 64 };
    const error = errorOf(() => encodeFrameMessage(frame, { ...sides, pixelsMax: pixels - 1 }));
    expect(error.code).toBe('ECHOLINE_FRAME_SIZE');
    expect(error.message).toContain(`at most ${pixels - 1} pixels`);
    expect(encodeFrameMessage(frame, { ...sides, pixelsMax: pixels }).length).toBeGreaterThan(64);
  });
});

describe('the identity of a broken frame', () => {
  it('is read even where the rest is wrong', () => {
    const bytes = encodeFrameMessage(grayFrame({ epoch: 3, frameId: 2 ** 40 + 1 }));
    bytes[10] = 77;
    expect(readFrameIdentity(bytes.subarray(0, 24))).toEqual({ epoch: 3, frameId: 2 ** 40 + 1 });
  });

  it.each([
    ['too short', (bytes: Uint8Array) => bytes.subarray(0, 23)],
    ['of another magic', (bytes: Uint8Array) => bytes.with(0, 0)],
    ['of another major', (bytes: Uint8Array) => bytes.with(4, 2)],
    ['of another type', (bytes: Uint8Array) => bytes.with(6, 9)],
    ['with a frameId above 2^53 - 1', (bytes: Uint8Array) => bytes.with(23, 1)],
  ])('is null for a message %s', (_name, change) => {
    expect(readFrameIdentity(change(encodeFrameMessage(grayFrame())))).toBeNull();
  });
});
