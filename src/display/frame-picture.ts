import type { Frame } from '../domain/frame.js';

/** Canvases that are kept for reuse: as many as frames may wait, plus the one on the screen. */
const POOL_MAX = 6;

/** A decoded frame that can be drawn. `release` hands its memory back; call it once. */
export interface Picture {
  readonly source: CanvasImageSource;
  release(): void;
}

/** Turns frames into pictures. */
export interface PictureMaker {
  /**
   * Decodes a frame: raw formats at once, JPEG and PNG by the browser.
   * Rejects when the browser cannot decode the payload, or its size is not the frame's.
   */
  make(frame: Frame): Promise<Picture>;
}

interface RawCanvas {
  readonly canvas: OffscreenCanvas;
  readonly context: OffscreenCanvasRenderingContext2D;
  readonly image: ImageData;
  /** The image's pixels as 0xAABBGGRR (every browser's machine is little-endian). */
  readonly words: Uint32Array;
}

/** Makes a picture maker whose raw canvases are reused from frame to frame. */
export function createPictureMaker(): PictureMaker {
  const pool: RawCanvas[] = [];

  function takeCanvas(frame: Frame): RawCanvas {
    const pooled = pool.pop();
    if (pooled?.image.width === frame.widthPx && pooled.image.height === frame.heightPx) {
      return pooled;
    }
    pool.length = 0;
    return createRawCanvas(frame.widthPx, frame.heightPx);
  }

  return {
    async make(frame) {
      if (frame.format === 'jpeg' || frame.format === 'png') return makeCompressed(frame);
      const raw = takeCanvas(frame);
      fillPixels(frame, raw);
      raw.context.putImageData(raw.image, 0, 0);
      return {
        source: raw.canvas,
        release() {
          if (pool.length < POOL_MAX) pool.push(raw);
        },
      };
    },
  };
}

async function makeCompressed(frame: Frame): Promise<Picture> {
  const blob = new Blob([frame.payload.slice()], { type: `image/${frame.format}` });
  const bitmap = await createImageBitmap(blob, { imageOrientation: 'none' });
  if (bitmap.width !== frame.widthPx || bitmap.height !== frame.heightPx) {
    const size = `${bitmap.width} x ${bitmap.height}`;
    bitmap.close();
    throw new Error(
      `Frame ${frame.frameId}: the image is ${size}, ` +
        `its header says ${frame.widthPx} x ${frame.heightPx}.`,
    );
  }
  return { source: bitmap, release: () => bitmap.close() };
}

function createRawCanvas(widthPx: number, heightPx: number): RawCanvas {
  const canvas = new OffscreenCanvas(widthPx, heightPx);
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('This browser has no Canvas 2D.');
  const image = context.createImageData(widthPx, heightPx);
  return { canvas, context, image, words: new Uint32Array(image.data.buffer) };
}

/** Copies a raw payload into RGBA, row by row, because rows may be padded. */
function fillPixels(frame: Frame, raw: RawCanvas): void {
  const { payload, widthPx, heightPx, strideBytes } = frame;
  const { words } = raw;
  let at = 0;
  for (let y = 0; y < heightPx; y += 1) {
    let from = y * strideBytes;
    for (let x = 0; x < widthPx; x += 1) {
      if (frame.format === 'gray8') {
        words[at] = 0xff000000 | ((payload[from] ?? 0) * 0x010101);
        from += 1;
      } else {
        const first = payload[from] ?? 0;
        const green = payload[from + 1] ?? 0;
        const third = payload[from + 2] ?? 0;
        const isRgba = frame.format === 'rgba8';
        const red = isRgba ? first : third;
        const blue = isRgba ? third : first;
        words[at] = 0xff000000 | (blue << 16) | (green << 8) | red;
        from += 4;
      }
      at += 1;
    }
  }
}
