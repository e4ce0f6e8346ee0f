import type { DisplayState } from './staleness.js';
import type { StreamFault } from './stream-fault.js';

/**
 * What is said above the picture when it is not simply live; null = nothing. The words never depend
 * on the overlay that is drawn: they say why there is none, or that it is not of now.
 */
export function stateNotice(
  state: DisplayState,
  fault: StreamFault | null,
  isOverlayHidden: boolean,
): string | null {
  const words = [stateWords(state), fault === null ? null : FAULT_WORDS[fault]];
  if (isOverlayHidden) words.push('OVERLAY HIDDEN');
  const said = words.filter((part) => part !== null);
  return said.length === 0 ? null : said.join(' · ');
}

const FAULT_WORDS: Readonly<Record<StreamFault, string>> = {
  'overlay-invalid': 'OVERLAY INVALID',
  'overlays-without-frames': 'OVERLAYS WITHOUT PICTURES',
};

function stateWords(state: DisplayState): string | null {
  switch (state) {
    case 'WAITING':
    case 'LIVE':
      return null;
    case 'STALE':
      return 'OVERLAY TOO OLD';
    case 'LOST':
      return 'PICTURE LOST';
    case 'FROZEN':
      return 'FROZEN';
    case 'UNAVAILABLE':
      return 'NO GUIDANCE';
  }
}
