import type { Frame, Pane } from '../../domain/frame.js';
import type { RectPx } from '../../domain/geometry.js';
import type { Spacing } from '../../domain/spacing.js';

/** Which part of a frame is looked at; `rect` null = all of it. */
export type View =
  | { readonly kind: 'view'; readonly rect: RectPx | null; readonly spacing: Spacing | null }
  | { readonly kind: 'abstain'; readonly reason: 'imaging-mode' | 'several-panes' };

/**
 * Chooses the B-mode part of a frame. Where the cart says panes, the largest is looked at, with its
 * own spacing. The engine abstains when several panes come without usable rectangles, and when
 * colour, elastography or M-mode covers an image of which no B-mode pane is told.
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
  return { kind: 'view', rect: largest.rect, spacing: largest.spacing ?? frame.spacing };
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
