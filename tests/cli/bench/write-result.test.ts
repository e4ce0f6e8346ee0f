import { mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareResults, resultName, writeWhole } from '../../../src/cli/bench/write-result.js';

const scratch = mkdtempSync(join(tmpdir(), 'echoline-results-'));

describe('results on disk', () => {
  it('are named by time and mode', () => {
    expect(resultName('2026-11-26T14:03:22.123Z', 'full')).toBe('2026-11-26T14-03-22-full.json');
  });

  it('are refused before anything is measured where no folder can be', () => {
    const file = join(scratch, 'a-file');
    writeFileSync(file, '');
    expect(() => prepareResults(file)).toThrow(/Results: expected to be able to write .*a-file/);
  });

  it('are there as a whole or not at all', () => {
    const folder = mkdtempSync(join(scratch, 'whole-'));
    writeWhole(join(folder, 'a.json'), '{}');
    expect(readdirSync(folder)).toEqual(['a.json']);
    expect(() => writeWhole(join(folder, 'missing', 'b.json'), '{}')).toThrow(/Results:/);
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  it.runIf(process.platform === 'linux')('leave nothing behind on a full disk', () => {
    const folder = mkdtempSync(join(scratch, 'full-'));
    symlinkSync('/dev/full', join(folder, `.unfinished-${process.pid}`));
    expect(() => writeWhole(join(folder, 'a.json'), '{}')).toThrow(/ENOSPC/);
    expect(readdirSync(folder)).toEqual([]);
  });
});
