import type { DisplayView } from './display-session.js';
import { NOTHING_HIDDEN, type OverlayScene } from './overlay-renderer.js';
import { stateNotice } from './state-notice.js';

/** What the operator wants to see. */
export interface SceneWish {
  readonly isOverlayHidden: boolean;
  readonly hiddenClasses: OverlayScene['hiddenClasses'];
}

const EVERYTHING: SceneWish = { isOverlayHidden: false, hiddenClasses: NOTHING_HIDDEN };

/**
 * What is to be drawn of a view: as strong as it is current, with words for what is not; null
 * before the first picture.
 */
export function sceneOfView(
  view: DisplayView<unknown>,
  wish: SceneWish = EVERYTHING,
): OverlayScene | null {
  const { shown, staleness, fault } = view;
  if (shown === null) return null;
  return {
    picture: shown.frame,
    overlay: shown.overlay,
    opacity: wish.isOverlayHidden ? 0 : staleness.overlayOpacity,
    notice: stateNotice(staleness.state, fault, wish.isOverlayHidden),
    hiddenClasses: wish.hiddenClasses,
  };
}
