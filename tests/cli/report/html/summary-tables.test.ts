import { describe, expect, it } from 'vitest';
import { metricTables } from '../../../../src/cli/report/html/summary-tables.js';
import type { InjectionSpread } from '../../../../src/session/procedure/injection-spread.js';
import { motionMetrics, NO_MOTION } from '../../../../src/session/procedure/motion-metrics.js';

function tablesOf(research: InjectionSpread['research']): string {
  const spread: InjectionSpread = {
    injection: 1,
    state: 'seen',
    seenAtUs: 2_000_000,
    areaMaxMm2: 42,
    wasInVessel: false,
    research,
  };
  const metrics = motionMetrics({ ...NO_MOTION, spreads: [spread] }, 'in-plane');
  return metricTables(metrics, { startUs: 0, lengthS: 10 });
}

describe('the tables of a procedure', () => {
  it('say of each injection when and how far it was seen to spread', () => {
    const page = tablesOf(null);
    expect(page).toContain('42 mm²');
    expect(page).toContain('2 s');
    expect(page).not.toContain('research');
  });

  it('mark what is research, and say nothing in place of what is not known', () => {
    const page = tablesOf({ contactAngleMaxDeg: 118.4, nerveAreaRatioMax: null });
    expect(page).toContain('research, not validated');
    expect(page).toContain('118°');
    expect(page).toMatch(/118°<\/td>\s*<td[^>]*>–/);
  });
});
