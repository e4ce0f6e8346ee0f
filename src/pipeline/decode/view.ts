import type { Frame, Pane } from '../../domain/frame.js';
import type { RectPx } from '../../domain/geometry.js';
import type { Spacing } from '../../domain/spacing.js';

/** Which part of a frame is looked at; `rect` null = all of it. */
export type View =
  | { readonly kind: 'view'; readonly rect: RectPx | null; readonly spacing: Spacing | null }
  | { readonly kind: 'abstain'; readonly reason: 'imaging-mode' | 'several-panes' };

/** Relative difference up to which two spacings are the same. */
const SPACING_TOLERANCE = 1e-3;

/**
 * Chooses the B-mode part of a frame. Where the cart says panes, the largest is looked at. The
 * engine abstains when several panes come without usable rectangles, and when colour, elastography
 * or M-mode covers an image of which no B-mode pane is told.
 */
export function chooseView(frame: Frame): View {
  const { panes, imagingMode } = frame.extensions;
  const usable = panes.filter((pane) => isInside(pane.rect, frame));
  if (panes.length > 1 && usable.length < panes.length) {
    return { kind: 'abstain', reason: 'several-panes' };
  }
  const isBMode = imagingMode === null || imagingMode === 'b' || imagingMode === 'steered-needle';
  const largest = usable.reduce<Pane | null>(
    (best, pane) => (best === null || area(pane.rect) > area(best.rect) ? pane : best),
    null,
  );
  if (largest === null) {
    if (!isBMode) return { kind: 'abstain', reason: 'imaging-mode' };
    return { kind: 'view', rect: null, spacing: frame.spacing };
  }
  return { kind: 'view', rect: largest.rect, spacing: agreedSpacing(largest, frame) };
}

/**
 * The frame's spacing, unless the pane contradicts it: overlays publish the frame's, and
 * millimetres that do not belong to the published spacing must not exist.
 */
function agreedSpacing(pane: Pane, frame: Frame): Spacing | null {
  if (pane.spacing === null || frame.spacing === null) return frame.spacing;
  const isSame =
    Math.abs(pane.spacing.xMm / frame.spacing.xMm - 1) <= SPACING_TOLERANCE &&
    Math.abs(pane.spacing.yMm / frame.spacing.yMm - 1) <= SPACING_TOLERANCE;
  return isSame ? frame.spacing : null;
}

function area(rect: RectPx): number {
  return rect.widthPx * rect.heightPx;
}

function isInside(rect: RectPx, frame: Frame): boolean {
  return (
    rect.widthPx >= 1 &&
    rect.heightPx >= 1 &&
    rect.xPx >= 0 &&
    rect.yPx >= 0 &&
    rect.xPx + rect.widthPx <= frame.widthPx &&
    rect.yPx + rect.heightPx <= frame.heightPx
  );
}
