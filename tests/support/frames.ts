import { type Frame, NO_EXTENSIONS } from '../../src/domain/frame.js';
import { encodeFrameMessage } from '../../src/protocol/frame-message.js';

/** A valid gray8 frame with a seeded speckle-like texture; `frameId` also sets the capture time. */
export function testFrame(frameId: number, changes: Partial<Frame> = {}): Frame {
  const widthPx = changes.widthPx ?? 128;
  const heightPx = changes.heightPx ?? 128;
  return {
    epoch: 0,
    frameId,
    captureTimeUs: 1_000_000 + frameId * 33_333,
    flags: { isFrozen: false, geometryChanged: false, mayCarryText: false },
    format: 'gray8',
    probeGeometry: 'linear',
    orientation: 'MF',
    strideBytes: changes.format === undefined || changes.format === 'gray8' ? widthPx : 0,
    spacing: { xMm: 0.1, yMm: 0.1 },
    extensions: NO_EXTENSIONS,
    payload: changes.payload ?? texture(widthPx * heightPx, frameId),
    ...changes,
    widthPx,
    heightPx,
  };
}

/** The message of `testFrame`. */
export function testMessage(
  frameId: number,
  changes: Partial<Frame> = {},
): Uint8Array<ArrayBuffer> {
  return encodeFrameMessage(testFrame(frameId, changes));
}

/** Seeded bytes between 20 and 220 (xorshift32). */
export function texture(bytes: number, seed: number): Uint8Array {
  const data = new Uint8Array(bytes);
  let state = (seed * 2_654_435_761 + 1) >>> 0 || 1;
  for (let index = 0; index < bytes; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    data[index] = 20 + ((state >>> 0) % 200);
  }
  return data;
}
