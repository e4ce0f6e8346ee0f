import type { StructureClass } from '../../domain/structure.js';
import { drawPicture } from '../draw-picture.js';
import type { OverlayRenderer } from '../overlay-renderer.js';
import type { Viewport } from '../viewport.js';
import type { Decoration, StagePicture } from './stage.js';

/** Strength of a picture that is not live any more. */
const LOST_PICTURE_OPACITY = 0.3;
const GROUND_COLOUR = '#07090b';

/** All that decides what a canvas looks like. */
export interface Painting extends StagePicture {
  /** 1 = as it came. */
  readonly brightness: number;
  readonly viewport: Viewport;
  /** Classes of structures that the operator does not want to be drawn. */
  readonly hidden: ReadonlySet<StructureClass>;
  readonly decoration: Decoration | null;
}

/**
 * Draws the picture, its overlay and its marks; fills the whole canvas.
 *
 * @param renderer - paces the numbers, so one for each canvas
 * @param nowUs - the page's clock
 */
export function paint(
  context: CanvasRenderingContext2D,
  painting: Painting,
  renderer: OverlayRenderer,
  nowUs: number,
): void {
  const { frame, overlay, opacity, viewport } = painting;
  context.globalAlpha = 1;
  context.fillStyle = GROUND_COLOUR;
  context.fillRect(0, 0, viewport.canvas.width, viewport.canvas.height);
  paintImage(context, painting);
  const scene = {
    picture: frame,
    overlay,
    opacity,
    notice: painting.notice,
    hiddenClasses: painting.hidden,
  };
  renderer.draw(context, scene, viewport, nowUs);
  painting.decoration?.paint(context, viewport);
}

/**
 * The image, lighter or darker as the operator likes it: adding a share of itself, or black over
 * it, costs less than a filter and works in every browser.
 */
function paintImage(context: CanvasRenderingContext2D, painting: Painting): void {
  const { viewport, brightness } = painting;
  const { source } = painting.frame.picture;
  const strength = painting.isLost ? LOST_PICTURE_OPACITY : 1;
  drawPicture(context, source, viewport, strength);
  if (brightness > 1) {
    context.save();
    context.globalCompositeOperation = 'lighter';
    drawPicture(context, source, viewport, Math.min(1, brightness - 1) * strength);
    context.restore();
  } else if (brightness < 1) {
    const { x, y, w, h } = viewport.rect;
    context.globalAlpha = 1 - brightness;
    context.fillStyle = '#000';
    context.fillRect(x, y, w, h);
    context.globalAlpha = 1;
  }
}
