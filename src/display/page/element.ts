import { ELEMENT_WORDS } from './words.js';

/**
 * Finds an element of `index.html`. Page and script are shipped together, so a missing element is a
 * bug and throws.
 */
export function elementById<E extends HTMLElement>(id: string, kind: new () => E): E {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`index.html has no ${kind.name} #${id}.`);
  return element;
}

/** Sets text only where it differs, so that screen readers and layout are not disturbed. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets a data attribute of the body, for style sheets, assistive technology and tests. */
export function setData(name: string, value: string): void {
  if (document.body.dataset[name] !== value) document.body.dataset[name] = value;
}

/** An element with a class and a text; the text is never markup. */
export function makeElement<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  text = '',
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  if (text !== '') element.textContent = text;
  return element;
}

/**
 * Fills in the words of `index.html`: `data-words` is the text of an element, `data-name` its
 * accessible name. The page itself holds no words, so that a language is one file.
 */
export function fillWords(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-words]')) {
    element.prepend(wordsFor(element.dataset.words ?? ''));
  }
  for (const element of root.querySelectorAll<HTMLElement>('[data-name]')) {
    element.setAttribute('aria-label', wordsFor(element.dataset.name ?? ''));
  }
}

function wordsFor(key: string): string {
  const words = ELEMENT_WORDS[key];
  if (words === undefined) throw new Error(`words.ts has no "${key}".`);
  return words;
}
