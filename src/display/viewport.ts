import { type Affine, applyAffine, invertAffine } from '../domain/affine.js';
import type { PointPx } from '../domain/geometry.js';
import type { Spacing } from '../domain/spacing.js';

/** A point on the canvas in device pixels: (0, 0) is the top-left corner, not a pixel's centre. */
export interface CanvasPoint {
  readonly x: number;
  readonly y: number;
}

/** The sides of a box on the canvas, device pixels. */
export interface CanvasBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What decides where the image lies on the canvas. */
export interface ViewportInput {
  readonly image: { readonly widthPx: number; readonly heightPx: number };
  /** Size of the canvas in device pixels. */
  readonly canvas: { readonly width: number; readonly height: number };
  readonly devicePixelRatio: number;
  /** Unequal spacings stretch the image to its true proportions; null = square pixels. */
  readonly spacing: Spacing | null;
  /** 1 = the whole image fits; above, what lies around `centre` is magnified. */
  readonly zoom: number;
  /**
   * The place that is to be in the middle of the canvas; null or left out = the image's middle. It
   * counts as far as the image fills the canvas: panning never shows a bar that zooming removed.
   */
  readonly centre?: PointPx | null;
  /** Left and right swapped. The marker moves along and says so. */
  readonly isMirrored?: boolean;
  /** Room that is kept free on each side for ruler, marker and words, CSS pixels. */
  readonly marginCssPx: { readonly x: number; readonly y: number };
}

/**
 * The one transform between image pixels and the canvas. Everything that is drawn goes through it:
 * the image, the overlay, the ruler and the marker.
 */
export interface Viewport {
  readonly imageToCanvas: Affine;
  readonly canvasToImage: Affine;
  /** Device pixels per image pixel, along x and y; > 0 also where it is mirrored. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Where the image's outer edges lie, device pixels; may exceed the canvas when zoomed. */
  readonly rect: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly canvas: { readonly width: number; readonly height: number };
  /** Device pixels per CSS pixel: line widths and text sizes are stated in CSS pixels. */
  readonly unit: number;
  readonly isMirrored: boolean;
}

/**
 * Fits the image into the canvas, centred or panned, in its true proportions. Pixel centres are
 * integers (interfaces.md 2), so the image's left edge is at xPx = −0.5.
 */
export function fitViewport(input: ViewportInput): Viewport {
  const { image, canvas, devicePixelRatio } = input;
  const pixelAspect = input.spacing === null ? 1 : input.spacing.yMm / input.spacing.xMm;
  const roomX = Math.max(1, canvas.width - 2 * input.marginCssPx.x * devicePixelRatio);
  const roomY = Math.max(1, canvas.height - 2 * input.marginCssPx.y * devicePixelRatio);
  const fit = Math.min(roomX / image.widthPx, roomY / (image.heightPx * pixelAspect));
  const scaleX = fit * input.zoom;
  const scaleY = scaleX * pixelAspect;
  const w = image.widthPx * scaleX;
  const h = image.heightPx * scaleY;
  const isMirrored = input.isMirrored ?? false;
  const fromLeft = input.centre == null ? w / 2 : (input.centre.xPx + 0.5) * scaleX;
  const fromTop = input.centre == null ? h / 2 : (input.centre.yPx + 0.5) * scaleY;
  const x = place(isMirrored ? w - fromLeft : fromLeft, w, canvas.width);
  const y = place(fromTop, h, canvas.height);
  const imageToCanvas = {
    a: isMirrored ? -scaleX : scaleX,
    b: 0,
    c: 0,
    d: scaleY,
    e: isMirrored ? x + w - 0.5 * scaleX : x + 0.5 * scaleX,
    f: y + 0.5 * scaleY,
  };
  return {
    imageToCanvas,
    canvasToImage: invertAffine(imageToCanvas),
    scaleX,
    scaleY,
    rect: { x, y, w, h },
    canvas,
    unit: devicePixelRatio,
    isMirrored,
  };
}

/** Where the image begins so that what lies `at` from its beginning is in the canvas's middle. */
function place(at: number, imageLength: number, canvasLength: number): number {
  const spare = canvasLength - imageLength;
  if (spare >= 0) return spare / 2;
  return Math.min(0, Math.max(spare, canvasLength / 2 - at));
}

/** Image pixels to canvas. */
export function toCanvas(viewport: Viewport, point: PointPx): CanvasPoint {
  const { xPx, yPx } = applyAffine(viewport.imageToCanvas, point);
  return { x: xPx, y: yPx };
}

/** Canvas to image pixels; the inverse of `toCanvas`. */
export function toImage(viewport: Viewport, point: CanvasPoint): PointPx {
  return applyAffine(viewport.canvasToImage, { xPx: point.x, yPx: point.y });
}

/** The part of the image that is on the canvas, with room for marks around it. */
export function visibleRect({ rect, canvas, unit }: Viewport): CanvasBox {
  const insetX = 46 * unit;
  const insetY = 28 * unit;
  return {
    left: Math.max(rect.x, insetX),
    right: Math.min(rect.x + rect.w, canvas.width - insetX),
    top: Math.max(rect.y, insetY),
    bottom: Math.min(rect.y + rect.h, canvas.height - insetY),
  };
}
