import type { Overlay } from '../../domain/overlay.js';
import type { ArrivedFrame, DisplayView } from '../display-session.js';
import { drawPicture } from '../draw-picture.js';
import type { Picture } from '../frame-picture.js';
import { createOverlayRenderer, NOTHING_HIDDEN } from '../overlay-renderer.js';
import { fitViewport, type Viewport } from '../viewport.js';

/** Strength of a picture that is not live any more. */
const LOST_PICTURE_OPACITY = 0.3;
/** Room around the picture for the ruler (sides) and the marker and words (top), CSS pixels. */
const MARGIN_CSS_PX = { x: 46, y: 28 };
const GROUND_COLOUR = '#07090b';
const ZOOM_STEP = 1.25;
const ZOOM_MAX = 6;

/** What was drawn last; as long as it is the same, nothing is drawn again. */
interface Drawn {
  readonly frame: ArrivedFrame<Picture>;
  readonly overlay: Overlay | null;
  readonly opacity: number;
  readonly isLost: boolean;
  readonly viewport: Viewport;
}

/** The canvas with the picture and everything that is drawn over it. */
export interface Stage {
  /** Draws a view, if it differs from what is on the canvas. */
  draw(view: DisplayView<Picture>, isOverlayHidden: boolean): void;
  zoomBy(steps: number): void;
  zoomReset(): void;
  zoom(): number;
}

/** Makes the stage on a canvas that fills its parent. */
export function createStage(canvas: HTMLCanvasElement): Stage {
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('This browser has no Canvas 2D.');
  const renderer = createOverlayRenderer();
  let zoom = 1;
  let cssSize = { width: canvas.clientWidth, height: canvas.clientHeight };
  let viewport: Viewport | null = null;
  let fittedTo = '';
  let drawn: Drawn | null = null;
  new ResizeObserver(() => {
    cssSize = { width: canvas.clientWidth, height: canvas.clientHeight };
  }).observe(canvas);

  /** The viewport for a frame; the same object while nothing about it changes. */
  function viewportFor(frame: ArrivedFrame<Picture>): Viewport {
    const unit = window.devicePixelRatio;
    const width = Math.max(1, Math.round(cssSize.width * unit));
    const height = Math.max(1, Math.round(cssSize.height * unit));
    const { widthPx, heightPx, spacing } = frame;
    const key = [width, height, unit, zoom, widthPx, heightPx, spacing?.xMm, spacing?.yMm].join();
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
      zoom,
      marginCssPx: MARGIN_CSS_PX,
    });
    return viewport;
  }

  return {
    draw(view, isOverlayHidden) {
      if (view.shown === null) return;
      const { frame } = view.shown;
      const opacity = isOverlayHidden ? 0 : view.staleness.overlayOpacity;
      const next: Drawn = {
        frame,
        overlay: opacity > 0 ? view.shown.overlay : null,
        opacity,
        isLost: view.staleness.state === 'LOST',
        viewport: viewportFor(frame),
      };
      if (drawn !== null && isSame(drawn, next) && !renderer.isBehind()) return;
      drawn = next;
      paintPicture(context, next);
      const scene = {
        picture: frame,
        overlay: next.overlay,
        opacity,
        notice: null,
        hiddenClasses: NOTHING_HIDDEN,
      };
      renderer.draw(context, scene, next.viewport, performance.now() * 1000);
    },
    zoomBy(steps) {
      zoom = Math.min(ZOOM_MAX, Math.max(1, zoom * ZOOM_STEP ** steps));
    },
    zoomReset() {
      zoom = 1;
    },
    zoom: () => zoom,
  };
}

function paintPicture(context: CanvasRenderingContext2D, next: Drawn): void {
  const { canvas } = next.viewport;
  context.globalAlpha = 1;
  context.fillStyle = GROUND_COLOUR;
  context.fillRect(0, 0, canvas.width, canvas.height);
  const opacity = next.isLost ? LOST_PICTURE_OPACITY : 1;
  drawPicture(context, next.frame.picture.source, next.viewport, opacity);
}

function isSame(a: Drawn, b: Drawn): boolean {
  return (
    a.frame === b.frame &&
    a.overlay === b.overlay &&
    a.opacity === b.opacity &&
    a.isLost === b.isLost &&
    a.viewport === b.viewport
  );
}
