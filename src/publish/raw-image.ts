import sharp, { type Sharp } from 'sharp';
import type { Frame } from '../domain/frame.js';

/** A raw payload as sharp takes it: whole pixels a row, cut to the width, channels in RGB order. */
export function rawImage(frame: Frame): Sharp {
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
