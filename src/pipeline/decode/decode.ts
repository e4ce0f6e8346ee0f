import { type Affine, composeAffine, IDENTITY } from '../../domain/affine.js';
import { EcholineError } from '../../domain/errors.js';
import type { Frame, GrayImage } from '../../domain/frame.js';
import type { RectPx } from '../../domain/geometry.js';
import type { Spacing } from '../../domain/spacing.js';
import type { ColourOrder, Kernels } from '../../kernels/kernels.js';
import { colourShare } from './colour-share.js';
import { DECODED_PIXELS_MAX, decodeCompressed } from './decode-compressed.js';
import { mirror, mirrorAffine, mirrorOf } from './orientation.js';
import { chooseView } from './view.js';

/** Buffers of one stream, reused from frame to frame and regrown when its images grow. */
export interface DecodeState {
  gray: Uint8Array;
  mirrored: Uint8Array;
}

/** An image in the pipeline's orientation, or the reason why the engine does not look at it. */
export type DecodedFrame =
  | {
      readonly kind: 'image';
      /** Orientation MF: +x to the marked side, +y deeper. May view the frame's own payload. */
      readonly image: GrayImage;
      /** Pixels as sent → pixels of `image`. */
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
  return { gray: new Uint8Array(0), mirrored: new Uint8Array(0) };
}

/**
 * Turns a frame's payload into a gray image. `gray8` is looked at where it lies; everything else is
 * converted into the state's buffers, valid until the stream's next frame.
 *
 * @throws EcholineError ECHOLINE_FRAME_DECODE when the payload is not what the header says
 */
export async function decode(
  state: DecodeState,
  frame: Frame,
  kernels: Kernels,
): Promise<DecodedFrame> {
  const pixels = grayJpeg(state, frame, kernels) ?? (await unpack(frame));
  const view = chooseView(frame);
  if (view.kind === 'abstain') return view;
  const whole = grayOf(state, frame, pixels, kernels);
  const isTold = frame.extensions.imagingMode !== null || view.rect !== null;
  const size = { width: frame.widthPx, height: frame.heightPx };
  const isColour = pixels.order !== 'gray' && !isTold;
  const colouredShare = isColour ? colourShare(pixels.data, pixels.strideBytes, size) : 0;
  const { spacing } = view;
  const image = view.rect === null ? whole : crop(whole, view.rect);
  const translation =
    view.rect === null ? IDENTITY : { ...IDENTITY, e: -view.rect.xPx, f: -view.rect.yPx };
  const flips = mirrorOf(frame.orientation);
  if (!flips.x && !flips.y) {
    return { kind: 'image', image, imageToNormalised: translation, spacing, colouredShare };
  }
  state.mirrored = withSize(state.mirrored, image.widthPx * image.heightPx);
  return {
    kind: 'image',
    image: mirror(image, flips, state.mirrored),
    imageToNormalised: composeAffine(
      translation,
      mirrorAffine(flips, image.widthPx, image.heightPx),
    ),
    spacing,
    colouredShare,
  };
}

/** A payload as pixels, not yet gray. */
interface Pixels {
  readonly order: 'gray' | ColourOrder;
  readonly strideBytes: number;
  readonly data: Uint8Array;
}

/** A gray JPEG as the kernels decode it; null where they do not and sharp has to. */
function grayJpeg(state: DecodeState, frame: Frame, kernels: Kernels): Pixels | null {
  const { format, widthPx, heightPx, payload } = frame;
  const pixels = widthPx * heightPx;
  if (format !== 'jpeg' || pixels < 1 || pixels > DECODED_PIXELS_MAX) return null;
  state.gray = withSize(state.gray, pixels);
  const size = { width: widthPx, height: heightPx };
  if (!kernels.decodeGrayJpeg(payload, size, state.gray)) return null;
  return { order: 'gray', strideBytes: widthPx, data: state.gray };
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
  state: DecodeState,
  { widthPx, heightPx }: Frame,
  { order, strideBytes, data }: Pixels,
  kernels: Kernels,
): GrayImage {
  if (order === 'gray') return { widthPx, heightPx, strideBytes, data };
  state.gray = withSize(state.gray, widthPx * heightPx);
  const size = { width: widthPx, height: heightPx };
  kernels.grayFromColour(data, strideBytes, size, order, state.gray);
  return { widthPx, heightPx, strideBytes: widthPx, data: state.gray };
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

function withSize(buffer: Uint8Array, bytes: number): Uint8Array {
  return buffer.length >= bytes ? buffer : new Uint8Array(bytes);
}
