import { beforeAll, describe, expect, it } from 'vitest';
import { type ReachRow, reachRows, valueText } from '../../../src/cli/evaluation/reach.js';
import { reachLines, reportLines } from '../../../src/cli/evaluation/report.js';
import type { RobustnessRow } from '../../../src/cli/evaluation/robustness/robustness.js';
import type { SuiteReport } from '../../../src/cli/evaluation/suite-report.js';
import { sampleReport } from '../../support/evaluation-report.js';

const row = (name: string, drop: number | null, ratio: number | null): RobustnessRow => ({
  name,
  frames: 10,
  recallAt2mm: 0.9,
  recallDrop: drop,
  recallDropInterval: { low: -0.01, high: 0.08 },
  falseTipRate: 0.01,
  falseTipRatio: ratio,
  acquisitionMsMedian: 80,
});
const ROBUSTNESS: SuiteReport = {
  suite: 'robustness',
  description: 'd',
  isSimulated: true,
  results: [],
  robustness: { rows: [row('untouched', 0, 9), row('gain', 0.02, 1), row('blur', 0.07, 1.5)] },
};
const PARITY: SuiteReport = {
  suite: 'int8',
  description: 'd',
  isSimulated: true,
  results: [],
  parity: {
    frames: 20,
    bothTips: 9,
    oneTip: 1,
    tipShiftPx: { median: 0.2, p95: 1.4 },
    intervals: {
      'tipShiftPx.median': { low: 0.1, high: 0.25 },
      'tipShiftPx.p95': { low: 0.9, high: 1.9 },
    },
    diceChange: { nerve: -0.002, vein: null, bone: -0.02 },
  },
};

const SPEED: SuiteReport = {
  suite: 'speed',
  description: 'd',
  isSimulated: false,
  results: [],
  speed: {
    runs: 200,
    modelMs: { p10: 2, median: 2.1 },
    yardstickMs: { p10: 1.4, median: 1.5 },
    ratio: 1.4,
  },
};

describe('the figures to reach', () => {
  let suites: readonly SuiteReport[];
  let rows: readonly ReachRow[];
  const find = (on: string, metric: string): ReachRow | undefined =>
    rows.find((known) => known.on.startsWith(on) && known.metric.startsWith(metric));

  beforeAll(async () => {
    const { report } = await sampleReport();
    suites = [...report.suites, ROBUSTNESS, PARITY, SPEED];
    rows = reachRows(suites);
  });

  it('are held against the stratum that they are about, and against the interval', () => {
    // One clip right on the tip, one far off: the stated tip is within 2 mm on half of the stills.
    const recall = find('held-out phantom, in-plane visible', 'recall @ 2 mm');
    expect(recall).toMatchObject({ verdict: 'missed', reach: '≥ 93 %', stillsValue: 0.5 });
    expect(find('held-out phantom, needle-free', 'frames')).toMatchObject({ verdict: 'missed' });
    expect(find('real needle-free', 'frames')).toMatchObject({ value: 1, isSimulated: false });
    expect(find('int8', 'tip shift median')).toMatchObject({ value: 0.2, verdict: 'met' });
    expect(find('int8', 'tip shift p95')?.verdict).toBe('met, interval not');
    expect(find('int8', 'Dice')).toMatchObject({ value: -0.02, verdict: 'missed' });
  });

  it('take the worst perturbation, and not the untouched run', () => {
    expect(find('robustness', 'recall drop')).toMatchObject({ value: 0.07, verdict: 'missed' });
    expect(find('robustness', 'false tips')).toMatchObject({
      value: 1.5,
      verdict: 'met, no interval',
    });
  });

  it('say so where there is no data', () => {
    expect(find('usgra', 'Dice nerve')).toMatchObject({ value: null, verdict: 'no data' });
    expect(reachRows([]).every(({ verdict }) => verdict === 'no data')).toBe(true);
  });

  it('hold the time of the network against the recommended one', () => {
    expect(find('speed', 'ratio')).toMatchObject({ value: 1.4, verdict: 'met, no interval' });
  });

  it('print as two tables, simulated and real, with reach and verdict', () => {
    const lines = reachLines(rows);
    const real = lines.findIndex((line) => line.startsWith('FIGURES TO REACH, REAL'));
    expect(lines[0]).toContain('SIMULATED');
    expect(lines.findIndex((line) => line.includes('usgra'))).toBeGreaterThan(real);
    expect(lines.findLastIndex((line) => line.includes('phantom'))).toBeLessThan(real);
    expect(lines.join('\n')).toMatch(/tip shift p95 +1\.4 px \[0\.9, 1\.9\] +≤ 1\.5 px +met, int/);
    expect(lines.every((line) => line.length <= 130)).toBe(true);
  });

  it('write shares as percent, and everything else in its unit', () => {
    expect(valueText(0.934, '%')).toBe('93.4 %');
    expect(valueText(0.02, 'points')).toBe('2 points');
    expect(valueText(0.41, '°')).toBe('0.41°');
    expect(valueText(-0.003, '')).toBe('-0.003');
  });

  it('robustness, parity and speed have tables of their own', () => {
    expect(reportLines(ROBUSTNESS).join('\n')).toMatch(/blur +10 +90\.0 % +7\.0 \[-1\.0, 8\.0\]/);
    expect(reportLines(PARITY).join('\n')).toMatch(/0\.200\/1\.400[\s\S]*bone -0\.0200/);
    expect(reportLines(SPEED).join('\n')).toMatch(
      /2\.00\/2\.10[\s\S]*1\.40\/1\.50; ratio .* 1\.40/,
    );
  });
});
