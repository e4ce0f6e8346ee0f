import { type Fields, fieldsOf } from './fields.js';

export type Theme = 'dark' | 'contrast';

/** What stays from one visit to the next. Sound does not: it is off until it is turned on. */
export interface Settings {
  readonly theme: Theme;
  /** `KeyboardEvent.key` of the pedal that starts and stops the injection. */
  readonly injectionPedal: string;
  /** `KeyboardEvent.key` of the pedal that hides the overlay. */
  readonly hidePedal: string;
}

export const DEFAULT_SETTINGS: Settings = {
  theme: 'dark',
  injectionPedal: 'F8',
  hidePedal: 'F9',
};

const STORAGE_KEY = 'echoline.display';
const KEY_NAME_MAX = 32;

/** Where settings are kept; browsers' `localStorage`, which may refuse or hold anything. */
export type SettingsStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** Reads the settings; what is missing or makes no sense is the default. */
export function readSettings(storage: SettingsStorage | null): Settings {
  const stored = parse(storage);
  const key = (value: unknown, otherwise: string): string =>
    typeof value === 'string' && value !== '' && value.length <= KEY_NAME_MAX ? value : otherwise;
  return {
    theme: stored.theme === 'contrast' ? 'contrast' : 'dark',
    injectionPedal: key(stored.injectionPedal, DEFAULT_SETTINGS.injectionPedal),
    hidePedal: key(stored.hidePedal, DEFAULT_SETTINGS.hidePedal),
  };
}

/** Keeps the settings, where the browser lets it; else they last until the page is closed. */
export function writeSettings(storage: SettingsStorage | null, settings: Settings): void {
  try {
    storage?.setItem(STORAGE_KEY, JSON.stringify(settings));
  } catch {
    // Full or forbidden: nothing that the operator has to know now.
    return;
  }
}

function parse(storage: SettingsStorage | null): Fields {
  try {
    return fieldsOf(JSON.parse(storage?.getItem(STORAGE_KEY) ?? '{}'));
  } catch {
    return {};
  }
}
