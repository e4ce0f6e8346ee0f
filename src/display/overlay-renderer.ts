import type { Orientation } from '../domain/frame.js';
import type { Overlay } from '../domain/overlay.js';
import type { Spacing } from '../domain/spacing.js';
import { drawNeedle, writeNeedleNotice } from './draw-needle.js';
import { drawMarker, drawRuler } from './draw-scale.js';
import { drawStructures } from './draw-structures.js';
import type { DrawingContext } from './drawing-context.js';
import type { Viewport } from './viewport.js';

/**
 * Draws an overlay over the frame that it belongs to: structures below, needle above, both
 * clipped to the image, so that nothing is claimed where there is no echo; words above the image.
 *
 * @param opacity - from `assessStaleness`, 0 to 1; 0 draws nothing
 */
export function drawOverlay(
  context: DrawingContext,
  overlay: Overlay,
  viewport: Viewport,
  opacity: number,
): void {
  if (opacity <= 0) return;
  const { rect } = viewport;
  context.save();
  context.beginPath();
  context.rect(rect.x, rect.y, rect.w, rect.h);
  context.clip();
  drawStructures(context, overlay.structures, viewport, opacity);
  drawNeedle(context, overlay, viewport, opacity);
  context.restore();
  context.save();
  writeNeedleNotice(context, overlay.needle.state, viewport, opacity);
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
