import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readProtocolLibrary } from '../../../src/session/procedure/protocol-library.js';

const SHIPPED = fileURLToPath(new URL('../../../protocols', import.meta.url));

describe('a protocol library', () => {
  it('holds every protocol of its folder by its id', () => {
    const library = readProtocolLibrary(SHIPPED);
    expect(library.size).toBe(16);
    expect(library.get('carpal-tunnel')?.title).toContain('median nerve');
    expect(library.has('schema')).toBe(false);
  });

  it('is refused as a whole for one wrong file, and for a folder that is not there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'echoline-protocols-'));
    expect(readProtocolLibrary(folder).size).toBe(0);
    writeFileSync(join(folder, 'mine.json'), '{"id":"mine"}');
    expect(() => readProtocolLibrary(folder)).toThrow(/mine\.json: title/);
    expect(() => readProtocolLibrary(join(folder, 'none'))).toThrow(/expected a folder/);
  });
});
