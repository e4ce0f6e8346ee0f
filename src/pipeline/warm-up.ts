import { assert } from '../domain/assert.js';
import { type Frame, NO_EXTENSIONS } from '../domain/frame.js';

/** Size of the frames that warm a pipeline up: the common one of carts, and cheap. */
const SIDE_PX = 512;
/** Different images, so that there is motion. */
const IMAGES = 4;
const INTERVAL_US = 33_333;
/**
 * A JPEG of 16 × 16 pixels with three components: the first one that is decoded sets up the image
 * library, which takes tens of milliseconds.
 */
const JPEG_SIDE_PX = 16;
const JPEG_BASE64 = [
  '/9j/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqm',
  'x5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSk',
  'pKSkpKSkpKT/wAARCAAQABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAcEAABBQADAAAAAAAA',
  'AAAAAAABABExUdEhcaH/xAAUAQEAAAAAAAAAAAAAAAAAAAAA/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQAC',
  'EQMRAD8Ait4k4lvMnE25KdckelB//9k=',
].join('');

/**
 * Sends frames through a pipeline that nobody waits for, so that the first frames of a stream do
 * not pay for loading libraries and for compiling hot code: they took 100 to 200 ms.
 *
 * @param frames - how many; 0 = none. They show smooth speckle and a bright line: what is looked at
 *   in earnest, not what a gate turns away
 * @param take - takes one frame, with its time in µs
 */
export async function warmUp(
  frames: number,
  take: (frame: Frame, nowUs: number) => Promise<{ readonly kind: 'ok' | 'invalid' }>,
): Promise<void> {
  if (frames < 1) return;
  const images = Array.from({ length: Math.min(frames, IMAGES) }, (_, index) => speckle(index));
  for (let index = 0; index < frames; index++) {
    const payload = images[index % images.length] ?? new Uint8Array(SIDE_PX * SIDE_PX);
    const { kind } = await take(frameOf('gray8', SIDE_PX, payload), index * INTERVAL_US);
    assert(kind === 'ok', 'frames that warm up are whole');
  }
  const jpeg = frameOf('jpeg', JPEG_SIDE_PX, Buffer.from(JPEG_BASE64, 'base64'));
  const { kind } = await take(jpeg, frames * INTERVAL_US);
  assert(kind === 'ok', 'the JPEG that warms up is whole');
}

/** Speckle as smooth along its rows as ultrasound, with a bright line through it. */
function speckle(seed: number): Uint8Array {
  const data = new Uint8Array(SIDE_PX * SIDE_PX);
  // A logarithm for each pixel took as long as a few of the frames.
  const amplitudes = Float64Array.from({ length: 256 }, (_, u) => -Math.log(1 - u / 256) * 90);
  let state = seed + 1;
  let level = 90;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    level = 0.8 * level + 0.2 * (amplitudes[state >>> 24] ?? 0);
    data[i] = Math.min(255, level);
  }
  for (let x = 0; x < SIDE_PX / 2; x++) {
    const y = (SIDE_PX >> 2) + (x >> 1) + seed;
    data.fill(250, y * SIDE_PX + x, y * SIDE_PX + x + 3);
  }
  return data;
}

function frameOf(format: 'gray8' | 'jpeg', sidePx: number, payload: Uint8Array): Frame {
  return {
    epoch: 0,
    frameId: 0,
    captureTimeUs: 0,
    flags: { isFrozen: false, geometryChanged: false, mayCarryText: false },
    format,
    probeGeometry: 'linear',
    orientation: 'MF',
    widthPx: sidePx,
    heightPx: sidePx,
    strideBytes: format === 'gray8' ? sidePx : 0,
    spacing: { xMm: 40 / sidePx, yMm: 40 / sidePx },
    extensions: NO_EXTENSIONS,
    payload,
  };
}
