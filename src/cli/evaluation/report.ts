import type { Interval } from './bootstrap.js';
import type { EvaluationResult } from './evaluate.js';
import type { PrecisionParity } from './precision-parity.js';
import { type ReachRow, valueText } from './reach.js';
import type { RobustnessReport } from './robustness/robustness.js';
import type { RunTimes, SpeedRatio } from './speed-ratio.js';
import type { SuiteReport } from './suite-report.js';
import type { Figures, Spread } from './tally.js';

const NAME_WIDTH = 48;
const COLUMNS: readonly (readonly [title: string, cell: (figures: Figures) => string])[] = [
  ['frames', (figures) => String(figures.frames)],
  ['tip mm med/p95', (figures) => spreadText(figures.tipErrorMm, 2)],
  ['tip px med/p95', (figures) => spreadText(figures.tipErrorPx, 1)],
  ['recall 2mm', (figures) => percentText(figures.recallAt2mm)],
  ['recall 5px', (figures) => percentText(figures.recallAt5px)],
  ['AUC 5mm', (figures) => percentText(figures.recallAucTo5mm)],
  ['false tips', (figures) => percentText(figures.falseTipRate)],
  ['halluc.', (figures) => percentText(figures.hallucinatedTipFarRate)],
  ['angle med/p95', (figures) => spreadText(figures.angleErrorDeg, 1)],
  ['r90 cover', (figures) => percentText(figures.radius90Coverage)],
];

/** The table of one suite, line by line. `-`: no frame that the figure could be about. */
export function reportLines(report: SuiteReport): readonly string[] {
  const title = `${report.suite}: ${report.description}`;
  if ('skipped' in report) return [title, `  skipped: ${report.skipped}`, ''];
  if (report.robustness !== undefined) return [title, ...robustnessLines(report.robustness), ''];
  if (report.parity !== undefined) return [title, ...parityLines(report.parity), ''];
  if (report.speed !== undefined) return [title, ...speedLines(report.speed), ''];
  const header = COLUMNS.map(([name]) => name.padStart(widthOf(name))).join(' ');
  const lines = [title, `${' '.repeat(NAME_WIDTH)}${header}`];
  for (const result of report.results) {
    lines.push(rowText(`  ${result.mode}`, result.headline), ...detailLines(result));
    for (const [name, figures] of Object.entries(result.strata)) {
      lines.push(rowText(`    ${name}`, figures));
    }
  }
  return [...lines, ''];
}

/** What the columns mean; printed once below the tables. */
export const TABLE_NOTES: readonly string[] = [
  'tip: distance of stated from true tip, over frames whose tip can be seen and was stated;',
  'recall: share of frames with a visible tip on which it was stated within 2 mm or 5 px;',
  'AUC: area below the recall curve from 0 to 5 mm, as a share of all;',
  'false tips: share of needle-free frames with a stated tip; halluc.: share of frames with a',
  'hidden tip on which one was stated as seen, more than 3 mm off; angle: between stated and',
  'true shaft, degrees; r90 cover: true tips within the 90 % radius. [ ]: 95 % interval, by',
  'drawing whole clips. Definitions: docs/evaluation.md.',
];

/** The figures of issue 4, simulated and real ones apart. */
export function reachLines(rows: readonly ReachRow[]): readonly string[] {
  const tables = [
    ['FIGURES TO REACH, SIMULATED (synthetic accuracy is not clinical accuracy)', true],
    ['FIGURES TO REACH, REAL', false],
  ] as const;
  return tables.flatMap(([title, isSimulated]) => {
    const own = rows.filter((row) => row.isSimulated === isSimulated);
    return [title, reachHeader(), ...groupedLines(own), ''];
  });
}

function reachHeader(): string {
  return reachText('', 'value [95 %]', 'stills', 'reach', 'verdict');
}

function groupedLines(rows: readonly ReachRow[]): readonly string[] {
  return rows.flatMap((row, index) => {
    const isFirst = row.on !== rows[index - 1]?.on;
    const { metric, unit, value, interval, stillsValue, reach, verdict } = row;
    const range = interval === null ? '' : ` ${intervalText(interval, unit)}`;
    const line = reachText(
      `    ${metric}`,
      value === null ? '-' : `${valueText(value, unit)}${range}`,
      stillsValue === null ? '' : valueText(stillsValue, unit),
      reach,
      verdict,
    );
    return isFirst ? [`  ${row.on}`, line] : [line];
  });
}

function reachText(name: string, value: string, stills: string, reach: string, verdict: string) {
  return `${name.padEnd(46)}${value.padEnd(30)}${stills.padEnd(14)}${reach.padEnd(18)}${verdict}`;
}

function intervalText({ low, high }: Interval, unit: ReachRow['unit']): string {
  const bare = (value: number) => valueText(value, unit).replace(/[^\d.-]+$/, '');
  return `[${bare(low)}, ${bare(high)}]`;
}

/** What has no column of its own, with the intervals of the headline. */
function detailLines({ mode, headline: figures }: EvaluationResult): readonly string[] {
  const range = (name: string, digits: number, factor = 1): string => {
    const interval = figures.intervals[name];
    if (interval === null || interval === undefined) return '';
    const text = (value: number) => (factor * value).toFixed(digits);
    return ` [${text(interval.low)}, ${text(interval.high)}]`;
  };
  const percent = (title: string, name: keyof Figures & string): string => {
    const value = figures[name];
    return typeof value !== 'number' ? '' : `${title} ${percentText(value)}${range(name, 1, 100)}`;
  };
  const number = (title: string, name: keyof Figures & string, unit: string): string => {
    const value = figures[name];
    if (typeof value !== 'number') return '';
    return `${title} ${value.toFixed(3)}${unit}${range(name, 3)}`;
  };
  const spread = (title: string, { median, p95 }: Spread, digits: number): string =>
    median === null ? '' : `${title} ${median.toFixed(digits)}/${p95?.toFixed(digits) ?? 'never'}`;
  const lines = [
    [percent('recall 2mm', 'recallAt2mm'), percent('false tips', 'falseTipRate')],
    [percent('halluc.', 'hallucinatedTipFarRate'), percent('r90 cover', 'radius90Coverage')],
    [percent('on the resting needle', 'restingNeedleRate')],
    [number('presence ECE', 'presenceEce', ''), number('tip ECE', 'tipEce', '')],
    mode === 'stills'
      ? []
      : [
          spread('acquisition ms', figures.acquisitionMs, 0),
          percent('acquired', 'acquiredShare'),
          spread('re-acquisition ms', figures.reacquisitionMs, 0),
          percent('clips followed', 'clipSuccessRate'),
        ],
    mode === 'stills' ? [] : [number('jitter', 'jitterMm', ' mm'), jumpText(figures)],
    [
      spread('clearance error mm', figures.clearanceErrorMm, 2),
      percent('bound violated', 'clearanceBoundViolationRate'),
    ],
  ].map((parts) => parts.filter((part) => part !== '').join(' · '));
  return [...lines, ...classLines(figures)]
    .filter((line) => line !== '')
    .map((line) => `      ${line}`);
}

function jumpText({ jumpMm }: Figures): string {
  if (jumpMm.median === null || jumpMm.p95 === null) return '';
  return `jump mm ${jumpMm.median.toFixed(2)}/${jumpMm.p95.toFixed(2)}`;
}

function classLines(figures: Figures): readonly string[] {
  return Object.entries(figures.dice).map(([name, dice]) => {
    const interval = figures.intervals[`dice.${name}`];
    const range = interval ? ` [${interval.low.toFixed(2)}, ${interval.high.toFixed(2)}]` : '';
    const hd95Mm = figures.hd95Mm[name] ?? null;
    const hd95 = hd95Mm === null ? numberText(figures.hd95Px[name], ' px') : `${hd95Mm} mm`;
    return (
      `${name.padEnd(10)} Dice ${numberText(dice)}${range} · mean ` +
      `${numberText(figures.diceMean[name])} · HD95 ${hd95} · detection F1 ` +
      `${numberText(figures.detectionF1[name])} · missed ` +
      percentText(figures.missedRate[name] ?? null)
    );
  });
}

function robustnessLines({ rows }: RobustnessReport): readonly string[] {
  const header = `${' '.repeat(30)}frames  recall 2mm  drop, points [95 %]    false tips  ratio`;
  return [
    header,
    ...rows.map((row) => {
      const points = (value: number) => (100 * value).toFixed(1);
      const interval = row.recallDropInterval;
      const range = interval ? ` [${points(interval.low)}, ${points(interval.high)}]` : '';
      const drop = row.recallDrop === null ? '-' : `${points(row.recallDrop)}${range}`;
      return (
        `  ${row.name.padEnd(28)}${String(row.frames).padStart(6)}` +
        `${percentText(row.recallAt2mm).padStart(12)}  ${drop.padEnd(21)}` +
        `${percentText(row.falseTipRate).padStart(10)}  ${row.falseTipRatio ?? '-'}`
      );
    }),
  ];
}

function parityLines(parity: PrecisionParity): readonly string[] {
  const { frames, bothTips, oneTip, tipShiftPx, diceChange } = parity;
  const dice = Object.entries(diceChange)
    .map(([name, change]) => `${name} ${change === null ? '-' : change.toFixed(4)}`)
    .join(', ');
  return [
    `  ${frames} frames; both state a tip on ${bothTips}, only one on ${oneTip}`,
    `  tip shift px median/p95: ${spreadText(tipShiftPx, 3)}`,
    `  Dice, int8 minus fp32: ${dice === '' ? '-' : dice}`,
  ];
}

function speedLines({ runs, ratio, modelMs, yardstickMs }: SpeedRatio): readonly string[] {
  const text = ({ p10, median }: RunTimes) => `${p10.toFixed(2)}/${median.toFixed(2)}`;
  return [
    `  ms p10/median of ${runs} runs by turns, int8, one thread: ${text(modelMs)}`,
    `  the recommended network: ${text(yardstickMs)}; ratio of the p10 ${ratio.toFixed(2)}`,
  ];
}

function rowText(name: string, figures: Figures): string {
  const cells = COLUMNS.map(([title, cell]) => cell(figures).padStart(widthOf(title)));
  return `${name.padEnd(NAME_WIDTH)}${cells.join(' ')}`;
}

function widthOf(title: string): number {
  return Math.max(title.length, 8);
}

function spreadText({ median, p95 }: Spread, digits: number): string {
  if (median === null || p95 === null) return '-';
  return `${median.toFixed(digits)}/${p95.toFixed(digits)}`;
}

function numberText(value: number | null | undefined, unit = ''): string {
  return value === null || value === undefined ? '-' : `${value.toFixed(2)}${unit}`;
}

/** A share as percent; `-` for none. */
export function percentText(share: number | null): string {
  return share === null ? '-' : `${(100 * share).toFixed(1)} %`;
}
