import type { ReadOuts } from './read-outs.js';

/** Numbers change at most this often, µs: five times a second can be read. */
export const READ_OUT_INTERVAL_US = 200_000;

/** Slows numbers down so that they can be read, without ever keeping one that is no longer said. */
export interface ReadOutPacer {
  /** The words to show now for what the newest overlay says. */
  show(newest: ReadOuts, nowUs: number): ReadOuts;
  /** Whether the words that were shown last are not the newest: show again soon. */
  isBehind(): boolean;
}

/**
 * Makes a pacer. What changes in kind (the tip is lost, another structure is nearest, the target
 * moved) is shown at once; only a number that becomes another number waits.
 */
export function createReadOutPacer(): ReadOutPacer {
  let shown: ReadOuts | null = null;
  let shownAtUs = Number.NEGATIVE_INFINITY;
  let isBehind = false;
  return {
    show(newest, nowUs) {
      const isSame = shown !== null && wordsOf(shown) === wordsOf(newest);
      const mustWait =
        shown !== null &&
        nowUs - shownAtUs < READ_OUT_INTERVAL_US &&
        kindOf(shown) === kindOf(newest);
      isBehind = !isSame && mustWait;
      if (shown === null || (!isSame && !mustWait)) {
        shown = newest;
        shownAtUs = nowUs;
      }
      return shown;
    },
    isBehind: () => isBehind,
  };
}

function wordsOf(readOuts: ReadOuts): string {
  return Object.values(readOuts).join('|');
}

/** The words without their digits. */
function kindOf(readOuts: ReadOuts): string {
  return wordsOf(readOuts).replace(/\d+(\.\d+)?/g, '#');
}
