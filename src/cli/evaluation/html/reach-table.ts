import { escapeHtml, htmlTable } from '../../html/escape.js';
import { type ReachRow, valueText } from '../reach.js';

const CLASSES: Readonly<Record<ReachRow['verdict'], string>> = {
  met: 'met',
  'met, interval not': 'partly',
  'met, no interval': 'partly',
  missed: 'missed',
  'no data': 'none',
};

/** The figures that issue 4 asks for. Callers give rows of one kind: all simulated, or all real. */
export function reachTable(rows: readonly ReachRow[]): string {
  const head = ['figure', 'value', '95 % interval', 'each frame for itself'];
  const body = rows.map((row) => {
    const { on, metric, unit, value, interval, stillsValue, reach, stretch, verdict } = row;
    return [
      escapeHtml(`${on}: ${metric}`),
      value === null ? '–' : escapeHtml(valueText(value, unit)),
      interval === null
        ? ''
        : escapeHtml(`${valueText(interval.low, unit)} to ${valueText(interval.high, unit)}`),
      stillsValue === null ? '' : escapeHtml(valueText(stillsValue, unit)),
      escapeHtml(reach),
      escapeHtml(stretch),
      `<span class="${CLASSES[verdict]}">${verdict}</span>`,
    ];
  });
  return htmlTable('Figures to reach', [[...head, 'reach', 'stretch', 'verdict'], ...body]);
}
