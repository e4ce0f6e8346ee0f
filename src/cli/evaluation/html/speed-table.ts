import { htmlTable } from '../../html/escape.js';
import type { RunTimes, SpeedRatio } from '../speed-ratio.js';

/** How long the network takes against the recommended one. */
export function speedTable({ runs, ratio, modelMs, yardstickMs }: SpeedRatio): string {
  const row = (name: string, { p10, median }: RunTimes) => [
    name,
    p10.toFixed(2),
    median.toFixed(2),
  ];
  const conditions = `int8 on one thread, ${runs} runs of each by turns`;
  return htmlTable(`${conditions}; ratio of the 10th percentiles ${ratio.toFixed(2)}`, [
    ['network', '10th percentile, ms', 'median, ms'],
    row('this one', modelMs),
    row('the recommended one', yardstickMs),
  ]);
}
