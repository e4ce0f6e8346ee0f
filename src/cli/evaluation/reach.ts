import type { Interval } from './bootstrap.js';
import { figuresOf, type SuiteReport } from './suite-report.js';
import type { Figures } from './tally.js';

/**
 * `met`: the whole interval reaches the figure. `met, interval not`: only the figure itself.
 * `met, no interval`: it has none, because it is the worst of several or there is only one block.
 */
export type ReachVerdict = 'met' | 'met, interval not' | 'met, no interval' | 'missed' | 'no data';

/** A figure that issue 4 asks for, and what came of it. */
export interface ReachRow {
  readonly on: string;
  readonly isSimulated: boolean;
  readonly metric: string;
  readonly unit: Unit;
  /** Where clips are: as in service, through the tracker. Else each frame for itself. */
  readonly value: number | null;
  readonly interval: Interval | null;
  /** The same with each frame for itself; null where `value` is that, or without a meaning. */
  readonly stillsValue: number | null;
  /** In words: `≤ 0.6 mm`. */
  readonly reach: string;
  readonly stretch: string;
  readonly verdict: ReachVerdict;
}

export type Unit = 'mm' | 'px' | '°' | '%' | 'points' | '×' | '';

interface Bound {
  readonly low: number;
  readonly high: number;
}
const atMost = (high: number): Bound => ({ low: Number.NEGATIVE_INFINITY, high });
const atLeast = (low: number): Bound => ({ low, high: Number.POSITIVE_INFINITY });

interface Measured {
  readonly value: number | null;
  readonly interval: Interval | null;
  readonly stillsValue?: number | null;
}

interface Aim {
  readonly on: string;
  readonly isSimulated: boolean;
  readonly metric: string;
  readonly unit: Unit;
  readonly bound: Bound;
  readonly stretch: Bound | null;
  /** null: the suite was not run or has no data. */
  read(reports: readonly SuiteReport[]): Measured | null;
}

const HELDOUT = 'held-out phantom';
const VISIBLE = 'needle: in-plane-visible-tip';
/** A stratum with fewer stated tips, or from fewer clips, says nothing of coverage. */
const COVERAGE_TIPS_MIN = 30;
const COVERAGE_CLIPS_MIN = 5;

/** A figure by its name in `intervals`. */
function namedFigure(figures: Figures | null, name: string): Measured | null {
  if (figures === null) return null;
  const [stem = name, part] = name.split('.');
  const found = (figures as unknown as Record<string, unknown>)[stem];
  const value = part === undefined ? found : (found as Record<string, unknown> | null)?.[part];
  return {
    value: typeof value === 'number' ? value : null,
    interval: figures.intervals[name] ?? null,
  };
}

const fromClips =
  (suite: string, stratum: string | null, name: string): Aim['read'] =>
  (reports) => {
    const tracked = namedFigure(figuresOf(reports, suite, 'tracked', stratum), name);
    const stills = namedFigure(figuresOf(reports, suite, 'stills', stratum), name);
    if (tracked === null) return stills;
    return { ...tracked, stillsValue: stills?.value ?? null };
  };
const fromStills =
  (suite: string, name: string): Aim['read'] =>
  (reports) =>
    namedFigure(figuresOf(reports, suite, 'stills'), name);

/** Of the same clips from both sides: other clips on each side would differ by themselves. */
function entryDifference(reports: readonly SuiteReport[]): Measured | null {
  const recall = (mode: 'tracked' | 'stills', side: 'left' | 'right') =>
    figuresOf(reports, 'entry-side', mode, `entry: ${side}`)?.recallAt2mm ?? null;
  const difference = (mode: 'tracked' | 'stills') => {
    const [left, right] = [recall(mode, 'left'), recall(mode, 'right')];
    return left === null || right === null ? null : Math.abs(left - right);
  };
  const value = difference('tracked');
  const stillsValue = difference('stills');
  return value === null && stillsValue === null ? null : { value, interval: null, stillsValue };
}

function worstCoverage(reports: readonly SuiteReport[]): Measured | null {
  const worst = (mode: 'tracked' | 'stills'): Figures | null => {
    const report = reports.find(({ suite }) => suite === 'heldout');
    const results = report === undefined || 'skipped' in report ? [] : report.results;
    const strata = results.find((result) => result.mode === mode)?.strata ?? {};
    const counted = Object.values(strata).filter(
      ({ tipsStated, blocks }) => tipsStated >= COVERAGE_TIPS_MIN && blocks >= COVERAGE_CLIPS_MIN,
    );
    counted.sort((a, b) => (a.radius90Coverage ?? 0) - (b.radius90Coverage ?? 0));
    return counted[0] ?? null;
  };
  const tracked = worst('tracked');
  if (figuresOf(reports, 'heldout', 'tracked') === null) return null;
  const measured = namedFigure(tracked, 'radius90Coverage') ?? { value: null, interval: null };
  return { ...measured, stillsValue: worst('stills')?.radius90Coverage ?? null };
}

function robustness(
  pick: (row: { recallDrop: number | null; falseTipRatio: number | null }) => number | null,
): Aim['read'] {
  return (reports) => {
    const report = reports.find(({ suite }) => suite === 'robustness');
    if (report === undefined || 'skipped' in report || report.robustness === undefined) return null;
    const values = report.robustness.rows.slice(1).map(pick);
    const known = values.filter((value) => value !== null);
    return { value: known.length === 0 ? null : Math.max(...known), interval: null };
  };
}

function parity(part: 'median' | 'p95'): Aim['read'] {
  return (reports) => {
    const report = reports.find(({ suite }) => suite === 'int8');
    if (report === undefined || 'skipped' in report || report.parity === undefined) return null;
    const { tipShiftPx, intervals } = report.parity;
    return { value: tipShiftPx[part], interval: intervals[`tipShiftPx.${part}`] };
  };
}

function speedRatio(reports: readonly SuiteReport[]): Measured | null {
  const report = reports.find(({ suite }) => suite === 'speed');
  if (report === undefined || 'skipped' in report || report.speed === undefined) return null;
  return { value: report.speed.ratio, interval: null };
}

function worstDiceChange(reports: readonly SuiteReport[]): Measured | null {
  const report = reports.find(({ suite }) => suite === 'int8');
  if (report === undefined || 'skipped' in report || report.parity === undefined) return null;
  const known = Object.values(report.parity.diceChange).filter((value) => value !== null);
  return { value: known.length === 0 ? null : Math.min(...known), interval: null };
}

type AimParts = [
  metric: string,
  unit: Unit,
  bound: Bound,
  stretch: Bound | null,
  read: Aim['read'],
];
const aims = (on: string, isSimulated: boolean, parts: readonly AimParts[]): readonly Aim[] =>
  parts.map(([metric, unit, bound, stretch, read]) => {
    return { on, isSimulated, metric, unit, bound, stretch, read };
  });
const heldout = (stratum: string | null, name: string) => fromClips('heldout', stratum, name);

/** The figures of issue 4, in its order. */
const AIMS: readonly Aim[] = [
  ...aims(`${HELDOUT}, in-plane visible`, true, [
    ['tip median', 'mm', atMost(0.6), atMost(0.4), heldout(VISIBLE, 'tipErrorMm.median')],
    ['tip p95', 'mm', atMost(2.5), atMost(1.5), heldout(VISIBLE, 'tipErrorMm.p95')],
    ['recall @ 2 mm', '%', atLeast(0.93), atLeast(0.97), heldout(VISIBLE, 'recallAt2mm')],
    ['recall, left against right entry', 'points', atMost(0.02), null, entryDifference],
    ['angle median', '°', atMost(1), atMost(0.5), heldout(VISIBLE, 'angleErrorDeg.median')],
    ['angle p95', '°', atMost(4), atMost(2), heldout(VISIBLE, 'angleErrorDeg.p95')],
  ]),
  ...aims(`${HELDOUT}, needle-free`, true, [
    [
      'frames with a displayed tip',
      '%',
      atMost(0.01),
      atMost(0.003),
      heldout('needle: needle-free', 'falseTipRate'),
    ],
  ]),
  ...aims(`${HELDOUT}, tip hidden`, true, [
    [
      'shown as visible and > 3 mm off',
      '%',
      atMost(0.05),
      atMost(0.02),
      heldout('needle: in-plane-hidden-tip', 'hallucinatedTipFarRate'),
    ],
  ]),
  ...aims(HELDOUT, true, [
    [
      'coverage of the 90 % radius',
      '%',
      { low: 0.88, high: 0.92 },
      { low: 0.89, high: 0.91 },
      heldout(null, 'radius90Coverage'),
    ],
    ['the same, worst stratum', '%', atLeast(0.8), atLeast(0.85), worstCoverage],
  ]),
  ...aims('robustness suite', true, [
    ['recall drop, worst', 'points', atMost(0.05), atMost(0.02), robustness((r) => r.recallDrop)],
    ['false tips, worst', '×', atMost(2), null, robustness((r) => r.falseTipRatio)],
  ]),
  ...aims('int8 against fp32', true, [
    ['tip shift median', 'px', atMost(0.3), atMost(0.15), parity('median')],
    ['tip shift p95', 'px', atMost(1.5), atMost(0.8), parity('p95')],
    ['Dice, worst class', '', atLeast(-0.01), atLeast(-0.003), worstDiceChange],
  ]),
  ...aims('usgra-seg, held-out groups', false, [
    ['Dice vessel', '', atLeast(0.75), atLeast(0.82), fromStills('usgra', 'dice.vessel')],
    ['Dice nerve', '', atLeast(0.58), atLeast(0.68), fromStills('usgra', 'dice.nerve')],
    ['missed vessels', '%', atMost(0.1), atMost(0.05), fromStills('usgra', 'missedRate.vessel')],
    ['missed nerves', '%', atMost(0.2), atMost(0.15), fromStills('usgra', 'missedRate.nerve')],
  ]),
  ...aims('real needle-free frames', false, [
    [
      'frames with a displayed tip',
      '%',
      atMost(0.02),
      atMost(0.005),
      fromStills('real-needle-free', 'falseTipRate'),
    ],
  ]),
  ...aims('real needle frames (--images, --points)', false, [
    [
      'in vitro: tip within 20 px of 720 × 440',
      '%',
      atLeast(0.7),
      atLeast(0.9),
      fromStills('images', 'recallAt20pxOf720'),
    ],
    [
      'in vivo: confidently wrong (> 60 px)',
      '%',
      atMost(0.05),
      atMost(0.02),
      fromStills('images', 'beyond60pxOf720Rate'),
    ],
  ]),
  ...aims('speed, int8, 1 thread, the network alone', false, [
    ['ratio to the recommended network', '×', atMost(1.5), atMost(1), speedRatio],
  ]),
];

/** Holds what was measured against what issue 4 asks for. */
export function reachRows(reports: readonly SuiteReport[]): readonly ReachRow[] {
  return AIMS.map(({ on, isSimulated, metric, unit, bound, stretch, read }) => {
    const measured = read(reports);
    const value = measured?.value ?? null;
    const interval = measured?.interval ?? null;
    return {
      on,
      isSimulated,
      metric,
      unit,
      value,
      interval,
      stillsValue: measured?.stillsValue ?? null,
      reach: boundText(bound, unit),
      stretch: stretch === null ? '' : boundText(stretch, unit),
      verdict: verdictOf(value, interval, bound),
    };
  });
}

function verdictOf(value: number | null, interval: Interval | null, bound: Bound): ReachVerdict {
  if (value === null) return 'no data';
  const isWithin = (at: number) => at >= bound.low && at <= bound.high;
  if (!isWithin(value)) return 'missed';
  if (interval === null) return 'met, no interval';
  return isWithin(interval.low) && isWithin(interval.high) ? 'met' : 'met, interval not';
}

function boundText({ low, high }: Bound, unit: Unit): string {
  if (Number.isFinite(low) && Number.isFinite(high)) {
    return `${valueText(low, unit)} to ${valueText(high, unit)}`;
  }
  return Number.isFinite(high) ? `≤ ${valueText(high, unit)}` : `≥ ${valueText(low, unit)}`;
}

/** A figure in its unit: shares as percent, everything else as it is. */
export function valueText(value: number, unit: Unit): string {
  if (unit === '%') return `${Number((100 * value).toFixed(1))} %`;
  if (unit === 'points') return `${Number((100 * value).toFixed(1))} points`;
  if (unit === '°') return `${Number(value.toFixed(2))}°`;
  return `${Number(value.toFixed(3))} ${unit}`.trim();
}
