import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_SETTINGS,
  readSettings,
  writeSettings,
} from '../../../src/display/page/settings.js';

function storageWith(text: string | null) {
  let stored = text;
  return {
    getItem: () => stored,
    setItem: (_key: string, value: string) => {
      stored = value;
    },
  };
}

describe('settings', () => {
  it('come back as they were kept', () => {
    const storage = storageWith(null);
    const settings = { theme: 'contrast', injectionPedal: 'F1', hidePedal: 'PageUp' } as const;
    writeSettings(storage, settings);
    expect(readSettings(storage)).toEqual(settings);
  });

  it('are the defaults where nothing is kept, or nothing may be', () => {
    expect(readSettings(null)).toEqual(DEFAULT_SETTINGS);
    const forbidden = {
      getItem: () => {
        throw new Error('forbidden');
      },
      setItem: () => {
        throw new Error('full');
      },
    };
    expect(readSettings(forbidden)).toEqual(DEFAULT_SETTINGS);
    expect(() => writeSettings(forbidden, DEFAULT_SETTINGS)).not.toThrow();
  });

  it('survive whatever is in the storage', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const settings = readSettings(storageWith(text));
        expect(['dark', 'contrast']).toContain(settings.theme);
        expect(settings.injectionPedal.length).toBeGreaterThan(0);
      }),
    );
  });
});
