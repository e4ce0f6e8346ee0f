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
