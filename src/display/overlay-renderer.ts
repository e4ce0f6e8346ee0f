import type { Orientation } from '../domain/frame.js';
import type { Overlay } from '../domain/overlay.js';
import type { Spacing } from '../domain/spacing.js';
import type { StructureClass } from '../domain/structure.js';
import { drawClearance } from './draw-clearance.js';
import { drawNeedle, ringRadius } from './draw-needle.js';
import { drawReadOuts } from './draw-read-outs.js';
import { drawMarker, drawRuler } from './draw-scale.js';
import { drawStructures } from './draw-structures.js';
import { drawTarget } from './draw-target.js';
import type { DrawingContext } from './drawing-context.js';
import { createReadOutPacer } from './read-out-pacer.js';
import { NO_READ_OUTS, type ReadOuts, readOutsOf } from './read-outs.js';
import { toCanvas, type Viewport } from './viewport.js';

/** What is drawn over one picture. */
export interface OverlayScene {
  /** Of the picture: its marks are drawn whatever the overlay. */
  readonly picture: { readonly orientation: Orientation; readonly spacing: Spacing | null };
  /** The overlay of this very picture; null = bare. */
  readonly overlay: Overlay | null;
  /** From `assessStaleness`, 0 to 1; 0 draws nothing of the overlay. */
  readonly opacity: number;
  /** Words of `stateNotice`, for hosts that say the state nowhere else; null = none. */
  readonly notice: string | null;
  /** Classes that the operator does not want to see outlined. Their clearances still count. */
  readonly hiddenClasses: ReadonlySet<StructureClass>;
}

/** Draws scenes on any Canvas 2D, one after the other. */
export interface OverlayRenderer {
  /**
   * Draws overlay, read-outs and marks over a picture that is already on the canvas.
   *
   * @param nowUs - any monotonic clock: paces the numbers
   */
  draw(context: DrawingContext, scene: OverlayScene, viewport: Viewport, nowUs: number): void;
  /** The words and numbers of the last drawing, which may be a little older than its overlay. */
  readOuts(): ReadOuts;
  /** Whether a number on the canvas is not the newest yet: draw again, even the same scene. */
  isBehind(): boolean;
}

/** No class is hidden. */
export const NOTHING_HIDDEN: ReadonlySet<StructureClass> = new Set();

/** Makes a renderer. It remembers only which numbers are shown since when. */
export function createOverlayRenderer(): OverlayRenderer {
  const pacer = createReadOutPacer();
  let readOuts = NO_READ_OUTS;
  return {
    draw(context, scene, viewport, nowUs) {
      const { picture, overlay, opacity, notice, hiddenClasses } = scene;
      const isDrawn = overlay !== null && opacity > 0;
      if (isDrawn) drawOverlay(context, overlay, viewport, opacity, hiddenClasses);
      readOuts = pacer.show(isDrawn ? readOutsOf(overlay) : NO_READ_OUTS, nowUs);
      context.save();
      // Words fade less than lines, so that they can be read until they are hidden.
      context.globalAlpha = isDrawn && notice === null ? 0.5 + 0.5 * opacity : 1;
      drawReadOuts(context, readOuts, notice, picture.orientation, viewport);
      context.restore();
      drawPictureMarks(context, picture, viewport);
    },
    readOuts: () => readOuts,
    isBehind: pacer.isBehind,
  };
}

/**
 * Draws an overlay over the frame that it belongs to, without words around it: structures below,
 * then target, needle and clearance, all clipped to the image, so that nothing is claimed where
 * there is no echo.
 *
 * @param opacity - from `assessStaleness`, 0 to 1; 0 draws nothing
 */
export function drawOverlay(
  context: DrawingContext,
  overlay: Overlay,
  viewport: Viewport,
  opacity: number,
  hiddenClasses: ReadonlySet<StructureClass> = NOTHING_HIDDEN,
): void {
  if (opacity <= 0) return;
  const { rect } = viewport;
  const structures = overlay.structures.filter((structure) => !hiddenClasses.has(structure.class));
  context.save();
  context.beginPath();
  context.rect(rect.x, rect.y, rect.w, rect.h);
  context.clip();
  const { tip } = overlay.needle;
  const radius = ringRadius(overlay, viewport);
  const ring = tip === null ? null : { centre: toCanvas(viewport, tip), radius };
  drawStructures(context, structures, viewport, opacity, ring);
  context.globalAlpha = opacity;
  drawTarget(context, overlay, viewport);
  drawNeedle(context, overlay, viewport, opacity);
  drawClearance(context, overlay, structures, viewport, radius);
  context.restore();
}

/** What belongs to the picture and not to the engine; stays when the overlay is hidden. */
export function drawPictureMarks(
  context: DrawingContext,
  frame: { readonly orientation: Orientation; readonly spacing: Spacing | null },
  viewport: Viewport,
): void {
  context.save();
  drawMarker(context, frame.orientation, viewport);
  if (frame.spacing !== null) drawRuler(context, frame.spacing, viewport);
  context.restore();
}
