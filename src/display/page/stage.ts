import type { PointPx } from '../../domain/geometry.js';
import type { Overlay } from '../../domain/overlay.js';
import type { StructureClass } from '../../domain/structure.js';
import type { ArrivedFrame } from '../display-session.js';
import type { Picture } from '../frame-picture.js';
import { createOverlayRenderer } from '../overlay-renderer.js';
import { NO_READ_OUTS, type ReadOuts, readOutsOf } from '../read-outs.js';
import { fitViewport, toImage, type Viewport } from '../viewport.js';
import type { Camera } from './camera.js';
import { type Painting, paint } from './paint.js';

/** Room around the picture for the ruler (sides) and the marker and words (top), CSS pixels. */
export const MARGIN_CSS_PX = { x: 46, y: 28 };
/** A stage of this height shows lines and letters at their stated size, CSS pixels. */
const STAGE_HEIGHT_CSS_PX = 750;
/** Larger screens are looked at from farther away: lines and letters grow along, up to this. */
const MARKS_SCALE_MAX = 3;

/** A frame with what belongs on it. */
export interface StagePicture {
  readonly frame: Omit<ArrivedFrame<Picture>, 'receivedAtUs'>;
  readonly overlay: Overlay | null;
  /** Strength of the overlay, 0 to 1. */
  readonly opacity: number;
  /** Whether the picture is old: it is shown dark. */
  readonly isLost: boolean;
  /** Words above the picture, before its own numbers; null = none. */
  readonly notice: string | null;
}

/** Something more to draw on top, e.g. the cross that a target is set with. */
export interface Decoration {
  /** As long as it is the same, nothing is drawn again. */
  readonly key: string;
  paint(context: CanvasRenderingContext2D, viewport: Viewport): void;
}

/** The canvas with the picture and everything that is drawn over it. */
export interface Stage {
  /** Draws, if anything differs from what is on the canvas. */
  draw(picture: StagePicture, hidden: ReadonlySet<StructureClass>, more: Decoration | null): void;
  /** What is on the canvas; null before the first frame. */
  painting(): Painting | null;
  /** What is said of an overlay: as on the canvas, where it is drawn there; null = nothing. */
  readOutsOf(overlay: Overlay | null): ReadOuts;
  /** The image's place at a position in the window (CSS pixels); null outside the image. */
  imagePointAt(clientX: number, clientY: number): PointPx | null;
  /** The middle of the image; (0, 0) before the first frame. */
  middle(): PointPx;
}

/** Makes the stage on a canvas that fills its parent. */
export function createStage(canvas: HTMLCanvasElement, camera: Camera): Stage {
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('This browser has no Canvas 2D.');
  const renderer = createOverlayRenderer();
  let cssSize = { width: canvas.clientWidth, height: canvas.clientHeight };
  const fitted = createFitting(canvas, camera);
  let drawn: Painting | null = null;
  new ResizeObserver(() => {
    cssSize = { width: canvas.clientWidth, height: canvas.clientHeight };
  }).observe(canvas);

  return {
    draw(picture, hidden, decoration) {
      const next: Painting = {
        ...picture,
        overlay: picture.opacity > 0 ? picture.overlay : null,
        brightness: camera.brightness(),
        viewport: fitted(picture.frame, cssSize),
        hidden,
        decoration,
      };
      if (drawn !== null && isSame(drawn, next) && !renderer.isBehind()) return;
      drawn = next;
      paint(context, next, renderer, performance.now() * 1000);
    },
    painting: () => drawn,
    readOutsOf(overlay) {
      if (overlay === null) return NO_READ_OUTS;
      return overlay === drawn?.overlay ? renderer.readOuts() : readOutsOf(overlay);
    },
    imagePointAt(clientX, clientY) {
      if (drawn === null) return null;
      const { left, top } = canvas.getBoundingClientRect();
      const ratio = window.devicePixelRatio;
      const at = { x: (clientX - left) * ratio, y: (clientY - top) * ratio };
      const point = toImage(drawn.viewport, at);
      const { widthPx, heightPx } = drawn.frame;
      const isInside =
        point.xPx >= -0.5 &&
        point.yPx >= -0.5 &&
        point.xPx <= widthPx - 0.5 &&
        point.yPx <= heightPx - 0.5;
      return isInside ? point : null;
    },
    middle() {
      const { widthPx = 1, heightPx = 1 } = drawn?.frame ?? {};
      return { xPx: (widthPx - 1) / 2, yPx: (heightPx - 1) / 2 };
    },
  };
}

/** Fits frames into the canvas; gives the same viewport while nothing about it changes. */
function createFitting(canvas: HTMLCanvasElement, camera: Camera) {
  let viewport: Viewport | null = null;
  let fittedTo = '';
  return (
    { widthPx, heightPx, spacing }: StagePicture['frame'],
    cssSize: { readonly width: number; readonly height: number },
  ): Viewport => {
    const ratio = window.devicePixelRatio;
    const width = Math.max(1, Math.round(cssSize.width * ratio));
    const height = Math.max(1, Math.round(cssSize.height * ratio));
    const marksScale = Math.max(1, Math.min(MARKS_SCALE_MAX, cssSize.height / STAGE_HEIGHT_CSS_PX));
    const unit = ratio * marksScale;
    const size = [width, height, unit, widthPx, heightPx, spacing?.xMm, spacing?.yMm];
    const centre = camera.centre();
    const look = [camera.zoom(), centre?.xPx, centre?.yPx, camera.isMirrored()];
    const key = [...size, ...look].join();
    if (viewport !== null && key === fittedTo) return viewport;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    fittedTo = key;
    viewport = fitViewport({
      image: { widthPx, heightPx },
      canvas: { width, height },
      devicePixelRatio: unit,
      spacing,
      zoom: camera.zoom(),
      centre,
      isMirrored: camera.isMirrored(),
      marginCssPx: MARGIN_CSS_PX,
    });
    return viewport;
  };
}

function isSame(a: Painting, b: Painting): boolean {
  return (
    a.frame === b.frame &&
    a.overlay === b.overlay &&
    a.opacity === b.opacity &&
    a.isLost === b.isLost &&
    a.notice === b.notice &&
    a.brightness === b.brightness &&
    a.viewport === b.viewport &&
    a.hidden === b.hidden &&
    a.decoration?.key === b.decoration?.key
  );
}
