import { elementById } from './element.js';
import type { Stage } from './stage.js';

/** What the operator set. */
export interface Controls {
  isOverlayHidden(): boolean;
}

/**
 * Connects keys and buttons: H hides the overlay, F full screen, ? the help sheet, + − 0 zoom. Keys
 * with a modifier are left to the browser. No key mirrors the picture.
 */
export function connectControls(stage: Stage): Controls {
  const hideButton = elementById('hide', HTMLButtonElement);
  const sheet = elementById('help-sheet', HTMLDialogElement);
  let isOverlayHidden = false;

  function toggleOverlay(): void {
    isOverlayHidden = !isOverlayHidden;
    hideButton.setAttribute('aria-pressed', String(isOverlayHidden));
  }

  function toggleFullScreen(): void {
    const change = document.fullscreenElement
      ? document.exitFullscreen()
      : document.documentElement.requestFullscreen();
    // Where the host forbids full screen, the page stays as it is: nothing to tell the operator.
    change.catch(() => undefined);
  }

  function toggleHelp(): void {
    if (sheet.open) sheet.close();
    else sheet.showModal();
  }

  const keys: Readonly<Record<string, () => void>> = {
    h: toggleOverlay,
    f: toggleFullScreen,
    '?': toggleHelp,
    '+': () => stage.zoomBy(1),
    '=': () => stage.zoomBy(1),
    '-': () => stage.zoomBy(-1),
    '0': () => stage.zoomReset(),
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    keys[event.key.toLowerCase()]?.();
  });
  hideButton.addEventListener('click', toggleOverlay);
  elementById('full', HTMLButtonElement).addEventListener('click', toggleFullScreen);
  elementById('help', HTMLButtonElement).addEventListener('click', toggleHelp);
  return { isOverlayHidden: () => isOverlayHidden };
}
