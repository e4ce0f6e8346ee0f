import { escapeHtml, htmlTable } from '../../html/escape.js';
import type { Interval } from '../bootstrap.js';
import type { EvaluationResult } from '../evaluate.js';
import type { CLASS_METRICS, METRICS } from '../metrics.js';
import type { Figures } from '../tally.js';

/** Titles of the metrics in `docs/evaluation.md`, in the order of the table; % where shares. */
const TITLES: Readonly<Record<keyof typeof METRICS, readonly [title: string, unit: string]>> = {
  'tipErrorMm.median': ['tip error, median', 'mm'],
  'tipErrorMm.p95': ['tip error, p95', 'mm'],
  'tipErrorPx.median': ['tip error, median', 'px'],
  'tipErrorPx.p95': ['tip error, p95', 'px'],
  recallAucTo5mm: ['area below recall, 0 to 5 mm', '%'],
  recallAt2mm: ['recall at 2 mm', '%'],
  recallAt5px: ['recall at 5 px', '%'],
  recallAt20pxOf720: ['recall at 20 px of 720 × 440', '%'],
  beyond60pxOf720Rate: ['over 60 px of 720 × 440 off', '%'],
  falseTipRate: ['false tips, needle-free frames', '%'],
  hallucinatedTipRate: ['hidden tip stated as seen', '%'],
  hallucinatedTipFarRate: ['hidden tip stated as seen, over 3 mm off', '%'],
  restingNeedleRate: ['tip of a resting needle stated', '%'],
  'angleErrorDeg.median': ['angle error, median', '°'],
  'angleErrorDeg.p95': ['angle error, p95', '°'],
  shaftRecall: ['shaft stated', '%'],
  radius90Coverage: ['coverage of the 90 % radius', '%'],
  presenceEce: ['calibration error of presence', ''],
  tipEce: ['calibration error of stated tips', ''],
  'acquisitionMs.median': ['acquisition, median', 'ms'],
  'acquisitionMs.p95': ['acquisition, p95', 'ms'],
  acquiredShare: ['acquired at all', '%'],
  'reacquisitionMs.median': ['re-acquisition, median', 'ms'],
  'reacquisitionMs.p95': ['re-acquisition, p95', 'ms'],
  reacquiredShare: ['re-acquired at all', '%'],
  clipSuccessRate: ['clips followed (3 mm, 95 %)', '%'],
  jitterMm: ['jitter', 'mm'],
  'jumpMm.median': ['jump from frame to frame, median', 'mm'],
  'jumpMm.p95': ['jump from frame to frame, p95', 'mm'],
  'clearanceErrorMm.median': ['clearance error, median', 'mm'],
  'clearanceErrorMm.p95': ['clearance error, p95', 'mm'],
  clearanceBoundViolationRate: ['clearance below its bound', '%'],
};
const CLASS_TITLES: Readonly<Record<keyof typeof CLASS_METRICS, readonly [string, string]>> = {
  dice: ['Dice', ''],
  diceMean: ['Dice, mean of frames', ''],
  hd95Mm: ['HD95, median', 'mm'],
  hd95Px: ['HD95, median', 'px'],
  detectionF1: ['detection F1', ''],
  missedRate: ['missed', '%'],
};
/** Columns of the table by stratum. */
const STRATUM_COLUMNS: readonly (keyof typeof METRICS)[] = [
  'tipErrorMm.median',
  'tipErrorMm.p95',
  'recallAt2mm',
  'recallAucTo5mm',
  'falseTipRate',
  'hallucinatedTipFarRate',
  'angleErrorDeg.median',
  'angleErrorDeg.p95',
  'radius90Coverage',
];

/** The tables of one suite: all frames with intervals, structures, strata. */
export function figureTables(results: readonly EvaluationResult[]): string {
  return [headlineTable(results), ...results.flatMap((r) => [classTable(r), strataTable(r)])]
    .filter((table) => table !== '')
    .join('\n');
}

function headlineTable(results: readonly EvaluationResult[]): string {
  const rows = Object.entries(TITLES).flatMap(([name, [title, unit]]) => {
    const cells = results.map(({ headline }) => withInterval(headline, name, unit));
    return cells.every((cell) => cell === '–') ? [] : [[escapeHtml(title), ...cells]];
  });
  const sizes = results.map(({ mode, headline }) => `${mode}: ${sizeText(headline)}`).join('; ');
  const head = ['all frames', ...results.map(({ mode }) => mode)];
  return htmlTable(`Figures with 95 % intervals. ${sizes}.`, [head, ...rows]);
}

function sizeText(figures: Figures): string {
  return (
    `${figures.frames} frames in ${figures.blocks} blocks ` +
    `(${figures.framesVisibleTip} with a visible tip, ${figures.framesHiddenTip} hidden, ` +
    `${figures.framesNeedleFree} needle-free)`
  );
}

function classTable({ mode, headline }: EvaluationResult): string {
  const names = Object.entries(CLASS_TITLES);
  const rows = Object.keys(headline.dice).map((structure) => [
    escapeHtml(structure),
    ...names.map(([name, [, unit]]) => withInterval(headline, `${name}.${structure}`, unit)),
  ]);
  const head = names.map(([, [title, unit]]) => (unit === 'px' ? `${title}, px` : title));
  return htmlTable(`Structures, ${mode}`, [['class', ...head], ...rows]);
}

function strataTable({ mode, strata }: EvaluationResult): string {
  const all = Object.values(strata);
  const cell = (figures: Figures, name: keyof typeof METRICS) =>
    withInterval(figures, name, TITLES[name][1]);
  const columns = STRATUM_COLUMNS.filter((name) => all.some((one) => cell(one, name) !== '–'));
  if (columns.length === 0) return '';
  const rows = Object.entries(strata).map(([stratum, figures]) => [
    escapeHtml(stratum),
    `${figures.frames} / ${figures.blocks}`,
    ...columns.map((name) => cell(figures, name)),
  ]);
  const head = columns.map((name) => escapeHtml(TITLES[name][0]));
  return htmlTable(`By stratum, ${mode}`, [['stratum', 'frames / blocks', ...head], ...rows]);
}

function withInterval(figures: Figures, name: string, unit: string): string {
  const [stem = name, part] = name.split('.');
  const found = (figures as unknown as Record<string, unknown>)[stem];
  const value = part === undefined ? found : (found as Record<string, unknown>)[part];
  if (typeof value !== 'number') return '–';
  const interval: Interval | null = figures.intervals[name] ?? null;
  const range = interval && ` <small>[${text(interval.low, unit)}, ${text(interval.high, unit)}]`;
  return `${text(value, unit)}${unit === '' ? '' : ` ${unit}`}${range ? `${range}</small>` : ''}`;
}

function text(value: number, unit: string): string {
  if (unit === '%') return (100 * value).toFixed(1);
  if (unit === 'ms') return value.toFixed(0);
  return value.toFixed(unit === '' ? 3 : 2);
}
