import { describe, expect, it } from 'vitest';
import { figureTable } from '../../../src/cli/bench/figure-table.js';
import type { SuiteResult } from '../../../src/cli/bench/result.js';
import { tableLines } from '../../../src/cli/bench/table-lines.js';
import { loadFigures } from '../../support/bench-result.js';

function suite(name: SuiteResult['suite'], figures: SuiteResult['figures']): SuiteResult {
  return {
    suite: name,
    measurements: [],
    figures,
    meaning: '',
    seconds: 1,
    invalidBecause: [],
  };
}

describe('the table of figures to reach', () => {
  it('has every row, also when nothing could be measured', () => {
    const rows = figureTable([], 'quick');
    expect(rows).toHaveLength(12);
    expect(rows.every(({ met }) => met === 'not available')).toBe(true);
    expect(rows.every(({ reach, stretch }) => reach !== '' && stretch !== '')).toBe(true);
    expect(tableLines(rows)).toHaveLength(14);
    expect(tableLines([])).toEqual([]);
  });

  it('takes valid loads where there are any, and marks a figure of others', () => {
    const loads = (streams: readonly (readonly string[])[]) =>
      streams.flatMap((invalidBecause, repetition) =>
        [1, 100].map((displays) => ({
          target: 'echoline',
          conditions: { displays },
          repetition,
          figures: loadFigures(displays + repetition, { invalidBecause }),
        })),
      );
    const figureOf = (measurements: ReturnType<typeof loads>) =>
      figureTable([{ ...suite('displays', []), measurements }], 'full').find(({ what }) =>
        what.startsWith('100 displays'),
      )?.figure;
    expect(figureOf(loads([['late'], [], ['late']]))).toBe(figureOf(loads([['late'], []])));
    expect(figureOf(loads([[], []]))).not.toMatch(/invalid/);
    expect(figureOf(loads([['late']]))).toMatch(/ ms \[invalid: must not be quoted\]$/);
  });

  it('reads the figures of the suites', () => {
    const suites = [
      suite('streams', [
        { name: 'streams carried', value: 10, unit: 'streams' },
        { name: 'CPU per frame', value: 3, unit: 'ms' },
        { name: 'raw run() CPU', value: 2, unit: 'ms' },
      ]),
      suite('soak', [
        { name: 'age trend z', value: 1, unit: 'z' },
        { name: 'age trend', value: 7, unit: '%' },
        { name: 'RSS change', value: -3, unit: '%' },
      ]),
    ];
    const rows = figureTable(suites, 'full');
    const row = (start: string) => rows.find(({ what }) => what.startsWith(start));
    expect(row('streams at 30')).toMatchObject({ figure: '10', met: 'reach' });
    expect(row('service CPU')).toMatchObject({ figure: '1.50 ×', met: 'stretch' });
    expect(row('soak')).toMatchObject({
      figure: 'age trend 0.0 %, RSS change 3.0 %',
      met: 'reach',
    });
  });

  it('shows a fall of age over the soak as it is', () => {
    const figures = [
      { name: 'age trend z', value: -4, unit: 'z' },
      { name: 'age trend', value: -12, unit: '%' },
      { name: 'RSS change', value: 1, unit: '%' },
    ];
    const row = figureTable([suite('soak', figures)], 'full').find(({ what }) =>
      what.startsWith('soak'),
    );
    expect(row?.figure).toContain('age trend -12.0 %');
  });
});
