import { elementById } from './element.js';
import type { Settings } from './settings.js';

export type Pedal = 'injectionPedal' | 'hidePedal';

/** Keys that no pedal may have: the page could not be operated without them. */
const KEPT = /^(Enter|Escape|Tab| |Shift|Control|Alt|Meta|Unidentified|Dead)$/;

const BUTTONS: Readonly<Record<Pedal, string>> = {
  injectionPedal: 'pedal-injection',
  hidePedal: 'pedal-hide',
};

/** Learning which key a foot switch sends: they are keyboards with one or two keys. */
export interface PedalLearner {
  /** The next key will be this pedal's. */
  start(pedal: Pedal): void;
  /** Takes a key while one is waited for; true when it was taken. */
  key(key: string): boolean;
}

/** Makes the learner; `change` is told the new settings. */
export function createPedalLearner(
  settings: () => Settings,
  change: (settings: Settings) => void,
): PedalLearner {
  let learning: Pedal | null = null;

  function mark(pedal: Pedal | null): void {
    learning = pedal;
    for (const [name, id] of Object.entries(BUTTONS)) {
      elementById(id, HTMLButtonElement).dataset.learning = name === pedal ? 'yes' : 'no';
    }
  }

  return {
    start: (pedal) => mark(learning === pedal ? null : pedal),
    key(key) {
      if (learning === null) return false;
      if (key === 'Escape') mark(null);
      if (learning === null || KEPT.test(key)) return key === 'Escape';
      const other: Pedal = learning === 'hidePedal' ? 'injectionPedal' : 'hidePedal';
      // One key cannot be both: the other pedal takes the key that this one had.
      const before = settings();
      const swapped = before[other] === key ? { [other]: before[learning] } : {};
      change({ ...before, ...swapped, [learning]: key });
      mark(null);
      return true;
    },
  };
}
