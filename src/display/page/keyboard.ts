import { elementById } from './element.js';
import { findShortcut, type Shortcut } from './shortcuts.js';

/** What the keyboard drives. */
export interface KeyboardOptions {
  /** Foot switches: they work whatever has the focus and whatever sheet is open. */
  pedals(): readonly Shortcut[];
  shortcuts(): readonly Shortcut[];
  /** Keys are offered here before; true when one was taken (the aim's cross, a pedal to learn). */
  take(key: string): boolean;
}

/** Connects the keyboard: to the shortcuts, unless somebody types or a sheet is open. */
export function connectKeyboard({ pedals, shortcuts, take }: KeyboardOptions): void {
  document.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const shortcut = take(event.key)
      ? NOTHING
      : (findShortcut(pedals(), event) ??
        (isSpokenFor(event) ? null : findShortcut(shortcuts(), event)));
    if (shortcut === null) return;
    event.preventDefault();
    shortcut.run(event.key);
  });
}

const NOTHING: Shortcut = { keys: [], words: '', run: () => undefined };

/** Whether a sheet or the control that has the focus wants this key for itself. */
function isSpokenFor({ target, key }: KeyboardEvent): boolean {
  if (elementById('mirror-sheet', HTMLDialogElement).open) return true;
  if (elementById('help-sheet', HTMLDialogElement).open) return key !== '?';
  if (target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement) {
    return target.type !== 'range' || /^(Arrow|Home|End)/.test(key);
  }
  const isButton = target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
  return isButton && /^(Enter| )$/.test(key);
}
