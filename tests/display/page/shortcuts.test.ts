import { describe, expect, it } from 'vitest';
import { findShortcut, keyLabel, keyNames } from '../../../src/display/page/shortcuts.js';

const press = (key: string, changes = {}) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  ...changes,
});
const shortcut = (...keys: string[]) => ({ keys, words: keys.join(), run: () => undefined });

describe('shortcuts', () => {
  const list = [shortcut('h'), shortcut('s', 'Shift+s'), shortcut('+'), shortcut('ArrowLeft')];

  it('are found by letters in either case, and by what a key types', () => {
    expect(findShortcut(list, press('h'))?.keys).toEqual(['h']);
    expect(findShortcut(list, press('H'))?.keys).toEqual(['h']);
    expect(findShortcut(list, press('+', { shiftKey: true }))?.keys).toEqual(['+']);
    expect(keyNames(press('S', { shiftKey: true }))).toEqual(['Shift+s']);
  });

  it('leave keys with Ctrl, Alt and Meta to the browser', () => {
    for (const modifier of ['ctrlKey', 'altKey', 'metaKey']) {
      expect(findShortcut(list, press('h', { [modifier]: true }))).toBeNull();
    }
  });

  it('do nothing again while a key is held, but for steps', () => {
    expect(findShortcut(list, press('h', { repeat: true }))).toBeNull();
    expect(findShortcut(list, press('ArrowLeft', { repeat: true }))).not.toBeNull();
  });

  it('tell Shift apart: with it an arrow is another key', () => {
    expect(findShortcut(list, press('ArrowLeft', { shiftKey: true }))).toBeNull();
  });

  it.each([
    ['ArrowLeft', '←'],
    ['Shift+ArrowUp', '⇧ ↑'],
    [' ', 'Space'],
    ['h', 'H'],
    ['F8', 'F8'],
  ])('%s is shown as %s', (key, label) => {
    expect(keyLabel(key)).toBe(label);
  });
});
