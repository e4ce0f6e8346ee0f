import { createOverlayRenderer } from '../overlay-renderer.js';
import { fitViewport } from '../viewport.js';
import { type Painting, paint } from './paint.js';
import { MARGIN_CSS_PX } from './stage.js';

/** The shorter side of the picture in a snapshot is at least this long, device pixels. */
const SIDE_MIN = 900;
const STAMP_HEIGHT = 34;

/** What is written below a snapshot, and how it is laid out. */
export interface SnapshotLook {
  /** State, stream, time, notice: so that a saved picture is never taken for a live one. */
  readonly stamp: string;
  /** Whether the bare picture is put beside the one with the overlay. */
  readonly isBeside: boolean;
}

/**
 * Draws what is on the stage anew, large enough to be read, and stamps it: as it is seen, or the
 * whole picture without and with its overlay side by side.
 */
export function takeSnapshot(painting: Painting, look: SnapshotLook): HTMLCanvasElement {
  const { frame } = painting;
  const scale = Math.max(1, SIDE_MIN / Math.min(frame.widthPx, frame.heightPx));
  const aspect = frame.spacing === null ? 1 : frame.spacing.yMm / frame.spacing.xMm;
  const width = Math.round(frame.widthPx * scale) + 2 * MARGIN_CSS_PX.x;
  const height = Math.round(frame.heightPx * aspect * scale) + 2 * MARGIN_CSS_PX.y;
  const viewport = fitViewport({
    image: frame,
    canvas: { width, height },
    devicePixelRatio: 1,
    spacing: frame.spacing,
    zoom: 1,
    isMirrored: painting.viewport.isMirrored,
    marginCssPx: MARGIN_CSS_PX,
  });
  const seen: Painting = { ...painting, viewport };
  const pictures = look.isBeside ? [{ ...seen, overlay: null, decoration: null }, seen] : [seen];
  const [sheet, context] = makeCanvas(width * pictures.length, height + STAMP_HEIGHT);
  context.fillStyle = '#000';
  context.fillRect(0, 0, sheet.width, sheet.height);
  for (const [index, picture] of pictures.entries()) {
    const [canvas, pictureContext] = makeCanvas(width, height);
    // A renderer of its own: a picture that is saved has the numbers of its own overlay.
    paint(pictureContext, picture, createOverlayRenderer(), 0);
    context.drawImage(canvas, index * width, 0);
  }
  context.fillStyle = '#fff';
  context.font = '600 17px "Helvetica Neue", Arial, "Liberation Sans", sans-serif';
  context.fillText(look.stamp, 12, height + 23);
  return sheet;
}

/** Hands a file to the browser's downloads. */
export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has its own hold on the data once it began.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function makeCanvas(
  width: number,
  height: number,
): readonly [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('This browser has no Canvas 2D.');
  return [canvas, context];
}
