import { escapeHtml, htmlTable } from '../../html/escape.js';
import type { PrecisionParity } from '../precision-parity.js';
import { percentText } from '../report.js';
import type { RobustnessReport } from '../robustness/robustness.js';
import { barChart } from './charts.js';

/** The robustness suite as table and bars. */
export function robustnessSection({ rows }: RobustnessReport): string {
  const points = (value: number | null) => (value === null ? '–' : (100 * value).toFixed(1));
  const body = rows.map((row) => [
    escapeHtml(row.name),
    String(row.frames),
    percentText(row.recallAt2mm),
    points(row.recallDrop),
    row.recallDropInterval === null
      ? ''
      : `${points(row.recallDropInterval.low)} to ${points(row.recallDropInterval.high)}`,
    percentText(row.falseTipRate),
    row.falseTipRatio === null ? '–' : `${row.falseTipRatio}`,
  ]);
  const head = ['perturbation', 'frames', 'recall at 2 mm', 'drop, points', '95 % interval'];
  const bars = rows.flatMap(({ name, recallAt2mm }) =>
    recallAt2mm === null ? [] : [{ name, value: recallAt2mm, interval: null }],
  );
  return (
    htmlTable('Through the tracker, against the untouched run of the same clips', [
      [...head, 'false tips', 'ratio (to at least 1 %)'],
      ...body,
    ]) + barChart('Recall within 2 mm under each perturbation', bars)
  );
}

/** How far int8 is from fp32. */
export function parityTable(parity: PrecisionParity): string {
  const { frames, bothTips, oneTip, tipShiftPx, diceChange } = parity;
  const rows = [
    ['frames', String(frames)],
    ['both state a tip', String(bothTips)],
    ['only one states a tip', String(oneTip)],
    ['tip shift, median, px', tipShiftPx.median === null ? '–' : String(tipShiftPx.median)],
    ['tip shift, p95, px', tipShiftPx.p95 === null ? '–' : String(tipShiftPx.p95)],
    ...Object.entries(diceChange).map(([name, change]) => [
      `Dice of ${escapeHtml(name)}, change`,
      change === null ? '–' : String(change),
    ]),
  ];
  return htmlTable('int8 against fp32, each frame for itself', [['what', 'value'], ...rows]);
}
