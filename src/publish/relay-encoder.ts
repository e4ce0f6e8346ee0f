import sharp from 'sharp';
import type { Frame } from '../domain/frame.js';
import { bytesPerPixel } from '../protocol/frame-header.js';
import { encodeFrameMessage } from '../protocol/frame-message.js';
import { rawImage } from './raw-image.js';

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
