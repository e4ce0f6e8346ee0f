import sharp, { type Sharp } from 'sharp';
import type { Frame } from '../domain/frame.js';
import { bytesPerPixel } from '../protocol/frame-header.js';
import { encodeFrameMessage } from '../protocol/frame-message.js';

/** Raw frames with more pixels than this are relayed as JPEG (interfaces.md section 3). */
const RAW_PIXELS_MAX = 512 * 512;
/** Visually lossless for B-mode speckle at about a tenth of the bytes. */
const JPEG_QUALITY = 85;

// One frame at a time per stream and no cache: the engine needs the cores more than the relay does.
sharp.concurrency(1);
sharp.cache(false);

/** A frame message for displays. */
export interface RelayedFrame {
  readonly frame: Frame;
  readonly bytes: Uint8Array;
}

export interface RelayEncoder {
  /** Passes a frame on, encoded where it is large and raw. In order; the newest wins. */
  relay(frame: Frame, message: Uint8Array): void;
  /** Frames that a newer one replaced while another was being encoded. */
  readonly replaced: number;
}

/**
 * Passes frame messages on to displays: byte for byte, or, where a raw frame is large, as JPEG that
 * is made once for everybody on libuv's thread pool, off the thread that owns the sockets
 * (docs/decisions/0005-relay-encoder.md).
 *
 * @param emit - called with each message, in the order of the frames
 * @param onError - the encoder failed; the frame is then passed on as it came
 */
export function createRelayEncoder(
  emit: (relayed: RelayedFrame) => void,
  onError: (error: unknown) => void,
): RelayEncoder {
  let waiting: RelayedFrame | null = null;
  let isBusy = false;
  let replaced = 0;

  async function encodeAll(first: RelayedFrame): Promise<void> {
    isBusy = true;
    let next: RelayedFrame | null = first;
    while (next !== null) {
      emit(await encode(next, onError));
      next = waiting;
      waiting = null;
    }
    isBusy = false;
  }

  return {
    relay(frame, bytes) {
      if (isBusy) {
        if (waiting !== null) replaced += 1;
        waiting = { frame, bytes };
        return;
      }
      if (isLargeAndRaw(frame)) void encodeAll({ frame, bytes });
      else emit({ frame, bytes });
    },
    get replaced() {
      return replaced;
    },
  };
}

function isLargeAndRaw(frame: Frame): boolean {
  return bytesPerPixel(frame.format) !== 0 && frame.widthPx * frame.heightPx > RAW_PIXELS_MAX;
}

async function encode(
  relayed: RelayedFrame,
  onError: (error: unknown) => void,
): Promise<RelayedFrame> {
  if (!isLargeAndRaw(relayed.frame)) return relayed;
  try {
    const { frame } = relayed;
    const payload = await rawImage(frame).jpeg({ quality: JPEG_QUALITY }).toBuffer();
    const jpeg: Frame = { ...frame, format: 'jpeg', strideBytes: 0, payload };
    return { frame, bytes: encodeFrameMessage(jpeg) };
  } catch (error) {
    onError(error);
    return relayed;
  }
}

/** A raw payload as sharp takes it: whole pixels a row, cut to the width, channels in RGB order. */
function rawImage(frame: Frame): Sharp {
  const channels = frame.format === 'gray8' ? 1 : 4;
  const rowPx = frame.strideBytes / channels;
  const isWhole = Number.isInteger(rowPx);
  const data = isWhole ? frame.payload : withoutPadding(frame, channels);
  const raw = { width: isWhole ? rowPx : frame.widthPx, height: frame.heightPx, channels } as const;
  const image = sharp(data, { raw }).extract({
    left: 0,
    top: 0,
    width: frame.widthPx,
    height: frame.heightPx,
  });
  if (frame.format === 'gray8') return image.toColourspace('b-w');
  const opaque = image.removeAlpha();
  if (frame.format === 'rgba8') return opaque;
  return opaque.recomb([
    [0, 0, 1],
    [0, 1, 0],
    [1, 0, 0],
  ]);
}

/** Rows without their padding, for a stride that is no whole number of pixels. */
function withoutPadding(frame: Frame, channels: number): Uint8Array {
  const rowBytes = frame.widthPx * channels;
  const tight = new Uint8Array(rowBytes * frame.heightPx);
  for (let y = 0; y < frame.heightPx; y += 1) {
    const from = y * frame.strideBytes;
    tight.set(frame.payload.subarray(from, from + rowBytes), y * rowBytes);
  }
  return tight;
}
