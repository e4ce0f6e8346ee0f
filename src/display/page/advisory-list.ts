import type { Advisory, AdvisoryKind } from '../../domain/advisory.js';
import { elementById, makeElement, setText } from './element.js';
import { PRIORITY_WORDS, WORDS } from './words.js';

/** Advisories that are shown at a time; the highest priority comes first. */
const SHOWN_MAX = 3;

/** The advisories, as text, colour and word, and once each for assistive technology. */
export interface AdvisoryList {
  show(advisories: readonly Advisory[], mayAcknowledge: boolean): void;
}

/**
 * Makes the list.
 *
 * @param onOnset - told once for each new episode; the host may sound it
 * @param onAcknowledge - the operator wants it silent
 */
export function createAdvisoryList(
  onOnset: (advisory: Advisory) => void,
  onAcknowledge: (kind: AdvisoryKind) => void,
): AdvisoryList {
  const list = elementById('advisories', HTMLUListElement);
  const none = elementById('advisories-none', HTMLElement);
  const announcement = elementById('advisory-announcement', HTMLElement);
  const newest = new Map<AdvisoryKind, number>();

  return {
    show(advisories, mayAcknowledge) {
      // An episode that was out of sight for a moment is not a new one.
      const fresh = advisories.filter(({ kind, sinceUs }) => newest.get(kind) !== sinceUs);
      for (const advisory of fresh) {
        newest.set(advisory.kind, advisory.sinceUs);
        onOnset(advisory);
      }
      const [first] = fresh;
      if (first !== undefined) {
        setText(announcement, WORDS.announceAdvisory(PRIORITY_WORDS[first.priority], first.text));
      }
      none.hidden = advisories.length > 0;
      const shown = advisories.slice(0, SHOWN_MAX);
      const key = JSON.stringify([shown, mayAcknowledge]);
      if (key === list.dataset.listed) return;
      list.dataset.listed = key;
      list.replaceChildren(...shown.map((one) => item(one, mayAcknowledge, onAcknowledge)));
    },
  };
}

function item(
  advisory: Advisory,
  mayAcknowledge: boolean,
  onAcknowledge: (kind: AdvisoryKind) => void,
): HTMLLIElement {
  const element = makeElement('li', 'advisory');
  element.dataset.priority = advisory.priority;
  element.dataset.kind = advisory.kind;
  element.append(
    makeElement('span', 'priority', PRIORITY_WORDS[advisory.priority]),
    makeElement('span', 'text', advisory.text),
  );
  if (mayAcknowledge && !advisory.isSilenced) {
    const button = makeElement('button', 'silence', WORDS.silence);
    button.type = 'button';
    button.addEventListener('click', () => onAcknowledge(advisory.kind));
    element.append(button);
  }
  return element;
}
