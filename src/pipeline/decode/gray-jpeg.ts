import type { Frame, Reduction } from '../../domain/frame.js';
import type { Kernels } from '../../kernels/kernels.js';
import { DECODED_PIXELS_MAX } from './decode-compressed.js';
import { type ImageBuffers, withSize } from './image-buffers.js';
import type { Mirror } from './orientation.js';

/**
 * Decodes a frame with the kernels' decoder of gray JPEG, into `buffers.gray`.
 *
 * @returns whether it did; where not, for whatever reason, sharp has to
 */
export function decodeGrayJpeg(
  frame: Frame,
  reduction: Reduction,
  kernels: Kernels,
  buffers: ImageBuffers,
): boolean {
  const { format, widthPx, heightPx, payload } = frame;
  const pixels = widthPx * heightPx;
  if (format !== 'jpeg' || pixels < 1 || pixels > DECODED_PIXELS_MAX) return false;
  const reduced = Math.ceil(widthPx / reduction) * Math.ceil(heightPx / reduction);
  buffers.gray = withSize(buffers.gray, reduced);
  const size = { width: widthPx, height: heightPx };
  return kernels.decodeGrayJpeg(payload, size, reduction, buffers.gray);
}

/**
 * Whether a frame can be reduced and mirrored: mirrored, its last square becomes the first one and
 * has to be whole.
 */
export function isReducible(
  { widthPx, heightPx }: Frame,
  reduction: Reduction,
  flips: Mirror,
): boolean {
  return (!flips.x || widthPx % reduction === 0) && (!flips.y || heightPx % reduction === 0);
}
