import { type Affine, composeAffine, IDENTITY } from '../../domain/affine.js';
import { EcholineError } from '../../domain/errors.js';
import type { Frame, GrayImage, Reduction } from '../../domain/frame.js';
import type { RectPx } from '../../domain/geometry.js';
import type { Spacing } from '../../domain/spacing.js';
import type { ColourOrder, Kernels } from '../../kernels/kernels.js';
import { type DecodeWish, type ReducedImage, WHOLE_IMAGE } from '../frame-context.js';
import { colourShare } from './colour-share.js';
import { decodeCompressed } from './decode-compressed.js';
import { decodeGrayJpeg, isReducible } from './gray-jpeg.js';
import { createImageBuffers, type ImageBuffers, withSize } from './image-buffers.js';
import { type Mirror, mirror, mirrorAffine, mirrorOf } from './orientation.js';
import { chooseView } from './view.js';

/** Buffers of one stream: for images of full size, and for reduced ones. */
export interface DecodeState {
  readonly whole: ImageBuffers;
  readonly reduced: ImageBuffers;
}

/** An image in the pipeline's orientation, or the reason why the engine does not look at it. */
export type DecodedFrame =
  | {
      readonly kind: 'image';
      /**
       * Orientation MF: +x to the marked side, +y deeper. May view the frame's own payload. Null
       * only where the whole image was not wished for and a reduced one is there.
       */
      readonly image: GrayImage | null;
      /** The same, smaller, where that was wished for and the kernels can; else null. */
      readonly reduced: ReducedImage | null;
      /** Pixels as sent → pixels of `image`, also where only `reduced` is there. */
      readonly imageToNormalised: Affine;
      /** Spacing of what is looked at; null when unknown or contradictory. */
      readonly spacing: Spacing | null;
      /**
       * Share of strongly coloured pixels in what is otherwise gray, 0 to 1; 0 where the cart has
       * said which mode or pane this is.
       */
      readonly colouredShare: number;
    }
  | { readonly kind: 'abstain'; readonly reason: 'imaging-mode' | 'several-panes' };

/** Cold state of the decode stage. */
export function createDecodeState(): DecodeState {
  return { whole: createImageBuffers(), reduced: createImageBuffers() };
}

/**
 * Turns a frame's payload into a gray image. `gray8` is looked at where it lies; everything else is
 * converted into the state's buffers, valid until the stream's next frame. A gray JPEG that the
 * kernels decode is also, or only, made smaller, as wished; panes are always looked at in full
 * size.
 *
 * @throws EcholineError ECHOLINE_FRAME_DECODE when the payload is not what the header says
 */
export async function decode(
  state: DecodeState,
  frame: Frame,
  kernels: Kernels,
  wish: DecodeWish = WHOLE_IMAGE,
): Promise<DecodedFrame> {
  const view = chooseView(frame);
  const flips = mirrorOf(frame.orientation);
  const reduced =
    view.kind === 'abstain' || view.rect !== null
      ? null
      : reducedImage(state.reduced, frame, kernels, wish.reduction, flips);
  if (reduced !== null && view.kind === 'view' && !wish.isWholeNeeded) {
    const imageToNormalised = mirrorAffine(flips, frame.widthPx, frame.heightPx);
    const { spacing } = view;
    return { kind: 'image', image: null, reduced, imageToNormalised, spacing, colouredShare: 0 };
  }
  const pixels = grayJpeg(state.whole, frame, kernels) ?? (await unpack(frame));
  if (view.kind === 'abstain') return view;
  const whole = grayOf(state.whole, frame, pixels, kernels);
  const isTold = frame.extensions.imagingMode !== null || view.rect !== null;
  const size = { width: frame.widthPx, height: frame.heightPx };
  const isColour = pixels.order !== 'gray' && !isTold;
  const colouredShare = isColour ? colourShare(pixels.data, pixels.strideBytes, size) : 0;
  const { spacing } = view;
  const image = view.rect === null ? whole : crop(whole, view.rect);
  const { xPx, yPx } = view.rect ?? { xPx: 0, yPx: 0 };
  return {
    kind: 'image',
    image: normalise(image, flips, state.whole),
    reduced,
    imageToNormalised: composeAffine(
      { ...IDENTITY, e: -xPx, f: -yPx },
      mirrorAffine(flips, image.widthPx, image.heightPx),
    ),
    spacing,
    colouredShare,
  };
}

/** The frame as a smaller image; null where it cannot be had, or is not wished for. */
function reducedImage(
  buffers: ImageBuffers,
  frame: Frame,
  kernels: Kernels,
  reduction: Reduction,
  flips: Mirror,
): ReducedImage | null {
  if (reduction === 1 || !isReducible(frame, reduction, flips)) return null;
  if (!decodeGrayJpeg(frame, reduction, kernels, buffers)) return null;
  const widthPx = Math.ceil(frame.widthPx / reduction);
  const heightPx = Math.ceil(frame.heightPx / reduction);
  const image = { widthPx, heightPx, strideBytes: widthPx, data: buffers.gray };
  return { image: normalise(image, flips, buffers), reduction };
}

/** An image in orientation MF; itself where it is so already. */
function normalise(image: GrayImage, flips: Mirror, buffers: ImageBuffers): GrayImage {
  if (!flips.x && !flips.y) return image;
  buffers.mirrored = withSize(buffers.mirrored, image.widthPx * image.heightPx);
  return mirror(image, flips, buffers.mirrored);
}

/** A payload as pixels, not yet gray. */
interface Pixels {
  readonly order: 'gray' | ColourOrder;
  readonly strideBytes: number;
  readonly data: Uint8Array;
}

/** A gray JPEG as the kernels decode it; null where they do not and sharp has to. */
function grayJpeg(buffers: ImageBuffers, frame: Frame, kernels: Kernels): Pixels | null {
  if (!decodeGrayJpeg(frame, 1, kernels, buffers)) return null;
  return { order: 'gray', strideBytes: frame.widthPx, data: buffers.gray };
}

async function unpack(frame: Frame): Promise<Pixels> {
  const { widthPx, heightPx, strideBytes, payload } = frame;
  switch (frame.format) {
    case 'gray8':
      checkRaw(frame, 1);
      return { order: 'gray', strideBytes, data: payload };
    case 'rgba8':
    case 'bgra8':
      checkRaw(frame, 4);
      return { order: frame.format === 'rgba8' ? 'rgba' : 'bgra', strideBytes, data: payload };
    case 'jpeg':
    case 'png': {
      const size = { width: widthPx, height: heightPx };
      const { kind, data } = await decodeCompressed(frame.format, payload, size);
      return { order: kind, strideBytes: kind === 'gray' ? widthPx : 4 * widthPx, data };
    }
  }
}

function grayOf(
  buffers: ImageBuffers,
  { widthPx, heightPx }: Frame,
  { order, strideBytes, data }: Pixels,
  kernels: Kernels,
): GrayImage {
  if (order === 'gray') return { widthPx, heightPx, strideBytes, data };
  buffers.gray = withSize(buffers.gray, widthPx * heightPx);
  const size = { width: widthPx, height: heightPx };
  kernels.grayFromColour(data, strideBytes, size, order, buffers.gray);
  return { widthPx, heightPx, strideBytes: widthPx, data: buffers.gray };
}

/** Raw pixels must cover the image that the header announces. */
function checkRaw(frame: Frame, bytesPerPixel: number): void {
  const { widthPx, heightPx, strideBytes, payload } = frame;
  const rowBytes = widthPx * bytesPerPixel;
  const neededBytes = strideBytes * (heightPx - 1) + rowBytes;
  const isWhole = widthPx >= 1 && heightPx >= 1 && strideBytes >= rowBytes;
  if (isWhole && payload.length >= neededBytes) return;
  throw new EcholineError(
    'ECHOLINE_FRAME_DECODE',
    `A ${frame.format} image of ${widthPx} × ${heightPx} with rows of ${strideBytes} bytes needs ` +
      `rows of at least ${rowBytes} and ${neededBytes} bytes in all; ${payload.length} came. ` +
      'Send complete rows and their true stride.',
    { widthPx, heightPx, strideBytes, neededBytes, payloadBytes: payload.length },
  );
}

function crop(image: GrayImage, rect: RectPx): GrayImage {
  return {
    widthPx: rect.widthPx,
    heightPx: rect.heightPx,
    strideBytes: image.strideBytes,
    data: image.data.subarray(rect.yPx * image.strideBytes + rect.xPx),
  };
}
