import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/domain/frame.js';
import { decodeFrameMessage, encodeFrameMessage } from '../../src/protocol/frame-message.js';
import { WIRE_LIMITS } from '../../src/protocol/limits.js';
import { createRelayEncoder, type RelayedFrame } from '../../src/publish/relay-encoder.js';
import { testFrame } from '../support/frames.js';

interface Relay {
  readonly relayed: RelayedFrame[];
  readonly errors: unknown[];
  relay(frame: Frame): void;
  replaced(): number;
  settled(count: number): Promise<void>;
}

function createRelay(): Relay {
  const relayed: RelayedFrame[] = [];
  const errors: unknown[] = [];
  let notify = () => {};
  const encoder = createRelayEncoder(
    (one) => {
      relayed.push(one);
      notify();
    },
    (error) => errors.push(error),
  );
  return {
    relayed,
    errors,
    relay: (frame) => encoder.relay(frame, encodeFrameMessage(frame)),
    replaced: () => encoder.replaced,
    settled: (count) =>
      new Promise((resolve) => {
        notify = () => relayed.length >= count && resolve();
        notify();
      }),
  };
}

/** A smooth ramp: JPEG keeps it to a gray level or two. */
function ramp(frameId: number, widthPx: number, heightPx: number, strideBytes = widthPx): Frame {
  const payload = new Uint8Array(strideBytes * heightPx);
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) payload[y * strideBytes + x] = (x >> 3) + (y >> 3);
  }
  return testFrame(frameId, { widthPx, heightPx, strideBytes, payload });
}

async function pixelsOf(relayed: RelayedFrame | undefined) {
  const frame = decodeFrameMessage(relayed?.bytes ?? new Uint8Array(), WIRE_LIMITS);
  const { channels } = await sharp(frame.payload).metadata();
  const image = sharp(frame.payload).toColourspace(channels === 1 ? 'b-w' : 'srgb');
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { frame, data, info };
}

describe('the relay', () => {
  it('passes on byte for byte at 512 x 512 and below, at once', () => {
    const relay = createRelay();
    const frame = ramp(1, 512, 512);
    relay.relay(frame);
    expect(relay.relayed[0]?.bytes).toEqual(encodeFrameMessage(frame));
  });

  it('encodes a larger gray frame, without the padding of its rows', async () => {
    const relay = createRelay();
    const frame = ramp(2, 520, 513, 528);
    relay.relay(frame);
    await relay.settled(1);
    const { frame: back, data, info } = await pixelsOf(relay.relayed[0]);

    expect(back).toMatchObject({ frameId: 2, format: 'jpeg', widthPx: 520, heightPx: 513 });
    expect(back.captureTimeUs).toBe(frame.captureTimeUs);
    expect(back.spacing?.xMm).toBeCloseTo(0.1);
    expect(info).toMatchObject({ width: 520, height: 513, channels: 1 });
    for (const [x, y] of [
      [0, 0],
      [519, 0],
      [300, 400],
      [519, 512],
    ] as const) {
      const expected = frame.payload[y * 528 + x] ?? 0;
      expect(Math.abs((data[y * 520 + x] ?? 255) - expected)).toBeLessThanOrEqual(3);
    }
    expect(relay.errors).toEqual([]);
  });

  it.each([
    ['rgba8', 600 * 4, [200, 60, 20]],
    ['bgra8', 600 * 4, [20, 60, 200]],
    ['rgba8', 600 * 4 + 2, [200, 60, 20]],
  ] as const)('keeps the colours of %s with rows of %i bytes', async (format, stride, rgb) => {
    const payload = new Uint8Array(stride * 600);
    for (let y = 0; y < 600; y += 1) {
      for (let x = 0; x < 600; x += 1) payload.set([200, 60, 20, 255], y * stride + x * 4);
    }
    const relay = createRelay();
    relay.relay(
      testFrame(1, { format, strideBytes: stride, payload, widthPx: 600, heightPx: 600 }),
    );
    await relay.settled(1);
    const { data, info } = await pixelsOf(relay.relayed[0]);

    expect(info.channels).toBe(3);
    const at = (300 * 600 + 300) * 3;
    for (const [channel, expected] of rgb.entries()) {
      expect(Math.abs((data[at + channel] ?? 0) - expected)).toBeLessThanOrEqual(6);
    }
  });

  it('keeps the order, and the newest wins while it is busy', async () => {
    const relay = createRelay();
    for (let frameId = 1; frameId <= 4; frameId += 1) relay.relay(ramp(frameId, 600, 600));
    relay.relay(ramp(5, 64, 64));
    await relay.settled(2);

    expect(relay.relayed.map(({ frame }) => frame.frameId)).toEqual([1, 5]);
    expect(relay.replaced()).toBe(3);
  });
});
