import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readResults } from '../../../src/cli/bench/compare/read-results.js';
import { createPartResult } from '../../../src/cli/bench/part-result.js';
import { SUITES } from '../../../src/cli/bench/result.js';
import { benchResult, suiteOf } from '../../support/bench-result.js';

const folder = mkdtempSync(join(tmpdir(), 'echoline-part-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what an interrupted run leaves', () => {
  it('is one result of the suites that ended, and says how to go on', () => {
    const part = createPartResult(folder, SUITES);
    expect(part.words()).toBeNull();
    part.write(benchResult([suiteOf('kernels', [])]));
    part.write(benchResult([suiteOf('kernels', []), suiteOf('streams', [])]));
    const { results } = readResults(folder);
    expect(results.map(({ suites }) => suites.map(({ suite }) => suite))).toEqual([
      ['kernels', 'streams'],
    ]);
    expect(part.words()).toMatch(
      /-full-part\.json has kernels, streams\. .*--suite pipeline,end-to-end,displays,overload,/,
    );
    expect(part.words()).not.toContain('cost');
  });

  it('is gone once the run has its own result, and is nothing without a folder', () => {
    const part = createPartResult(folder, SUITES);
    part.write(benchResult([suiteOf('kernels', [])]));
    part.discard();
    expect(readdirSync(folder)).toEqual([]);
    const none = createPartResult(null, SUITES);
    none.write(benchResult([]));
    expect(none.words()).toBeNull();
  });
});
