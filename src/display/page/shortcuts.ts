/** One thing that keys do. */
export interface Shortcut {
  /** `KeyboardEvent.key`, letters in lower case, with `Shift+` in front where that is meant. */
  readonly keys: readonly string[];
  /** For the help sheet. */
  readonly words: string;
  run(key: string): void;
}

/** What is pressed, as far as shortcuts care. */
export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly repeat: boolean;
}

/** Keys that may be held down: they go on in small steps. */
const REPEATING = /^(Shift\+)?(Arrow|[+=[\]-])/;

/**
 * The shortcut of a key, or null. Keys with Ctrl, Alt or Meta are left to the browser. The first
 * one in the list that knows the key counts, so foot switches come first.
 */
export function findShortcut(shortcuts: readonly Shortcut[], press: KeyPress): Shortcut | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  const names = keyNames(press);
  if (press.repeat && !names.some((name) => REPEATING.test(name))) return null;
  return shortcuts.find(({ keys }) => keys.some((key) => names.includes(key))) ?? null;
}

/** Names under which a key is looked for: with Shift where it is held, and as what it types. */
export function keyNames({ key, shiftKey }: KeyPress): readonly string[] {
  const isLetter = /^\p{L}$/u.test(key);
  const name = isLetter ? key.toLowerCase() : key;
  if (!shiftKey) return [name];
  return isLetter || key.length > 1 ? [`Shift+${name}`] : [name];
}

/** A key as the help sheet shows it. */
export function keyLabel(key: string): string {
  const labels: Readonly<Record<string, string>> = {
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
    ' ': 'Space',
    '-': '−',
  };
  const [, shift = '', name = key] = /^(Shift\+)?(.+)$/s.exec(key) ?? [];
  const label = labels[name] ?? (name.length === 1 ? name.toUpperCase() : name);
  return shift === '' ? label : `⇧ ${label}`;
}
