import { elementById, makeElement, setText } from './element.js';
import { keyLabel, type Shortcut } from './shortcuts.js';
import { DRAWING_WORDS, STATE_WORDS } from './words.js';

/**
 * Makes the help sheet: the states, how to read the drawing, and every key, from the same list that
 * the keys are looked up in.
 *
 * @returns opens or closes it
 */
export function createHelpSheet(shortcuts: () => readonly Shortcut[]): () => void {
  const sheet = elementById('help-sheet', HTMLDialogElement);
  elementById('help-states', HTMLElement).replaceChildren(
    ...STATE_WORDS.flatMap(([state, words]) => [
      makeElement('dt', '', state),
      makeElement('dd', '', words),
    ]),
  );
  setText(elementById('help-drawing', HTMLElement), DRAWING_WORDS);

  return () => {
    if (sheet.open) {
      sheet.close();
      return;
    }
    elementById('help-keys', HTMLElement).replaceChildren(...shortcuts().flatMap(keyRow));
    sheet.showModal();
  };
}

function keyRow({ keys, words }: Shortcut): readonly HTMLElement[] {
  const term = makeElement('dt', '');
  for (const key of keys) term.append(makeElement('kbd', '', keyLabel(key)), ' ');
  return [term, makeElement('dd', '', words)];
}
