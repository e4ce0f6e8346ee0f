import { escapeHtml } from '../../html/escape.js';
import type { RatioInterval } from '../compare/ratio-interval.js';
import { strokeOf } from './plot.js';

const WIDTH = 860;
const NAME = 290;
const ROW = 26;
const RIGHT = 190;

/** Parts of a whole, one after the other, e.g. of a latency. */
export interface Stack {
  readonly name: string;
  readonly parts: readonly (readonly [name: string, ms: number])[];
}

/** Horizontal stacks of milliseconds on one scale, each part with its name and time on hovering. */
export function stackChart(title: string, stacks: readonly Stack[]): string {
  const totalOf = ({ parts }: Stack) => parts.reduce((sum, [, ms]) => sum + ms, 0);
  const longest = Math.max(...stacks.map(totalOf));
  if (!(longest > 0)) return '';
  const scale = (WIDTH - NAME - RIGHT) / longest;
  const names = [...new Set(stacks.flatMap(({ parts }) => parts.map(([name]) => name)))];
  const rows = stacks.map((stack, index) => {
    const y = 4 + ROW * index;
    let x = NAME;
    const rects = stack.parts.map(([name, ms]) => {
      const rect =
        `<rect x="${x.toFixed(1)}" y="${y}" width="${(ms * scale).toFixed(1)}" height="18" ` +
        `fill="${partColour(names.indexOf(name))}"><title>${escapeHtml(name)} ` +
        `${ms.toFixed(2)} ms</title></rect>`;
      x += ms * scale;
      return rect;
    });
    return (
      `<text x="${NAME - 8}" y="${y + 13}" text-anchor="end">${escapeHtml(stack.name)}</text>` +
      `${rects.join('')}<text x="${(x + 6).toFixed(1)}" y="${y + 13}">` +
      `${totalOf(stack).toFixed(2)} ms</text>`
    );
  });
  const legendTop = 14 + ROW * stacks.length;
  const legend = names.map((name, index) => {
    const x = NAME + 170 * (index % 3);
    const y = legendTop + 18 * Math.floor(index / 3);
    return (
      `<rect x="${x}" y="${y}" width="12" height="12" fill="${partColour(index)}"/>` +
      `<text x="${x + 17}" y="${y + 10}">${escapeHtml(name)}</text>`
    );
  });
  const height = legendTop + 18 * Math.ceil(names.length / 3) + 4;
  return figure(title, height, rows.join('') + legend.join(''));
}

const PART_COLOURS = [
  '#0b3c5d',
  '#56b4e9',
  '#0072b2',
  '#009e73',
  '#e69f00',
  '#cc79a7',
  '#999',
  '#d5d5d5',
];

function partColour(index: number): string {
  return PART_COLOURS[index % PART_COLOURS.length] ?? '#999';
}

/** A ratio to draw; `isBetter` says on which side of 1 it is. */
export interface RatioBar {
  readonly name: string;
  readonly ratio: RatioInterval;
  readonly isMoreBetter: boolean;
}

/** Ratios with their intervals on a log scale round 1. */
export function ratioChart(title: string, bars: readonly RatioBar[]): string {
  if (bars.length === 0) return '';
  const ends = bars.flatMap(({ ratio }) => [ratio.low, ratio.high]);
  const reach = Math.max(1.5, ...ends.map((end) => Math.max(end, 1 / end))) * 1.05;
  const width = WIDTH - NAME - RIGHT;
  const place = (value: number) =>
    (NAME + (width * (Math.log(value) + Math.log(reach))) / (2 * Math.log(reach))).toFixed(1);
  const bottom = 6 + ROW * bars.length;
  const ticks = [0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100]
    .filter((at) => at >= 1 / reach && at <= reach)
    .map(
      (at) =>
        `<line ${at === 1 ? 'stroke="#333"' : 'class="grid"'} x1="${place(at)}" ` +
        `x2="${place(at)}" y1="0" y2="${bottom}"/>` +
        `<text x="${place(at)}" y="${bottom + 14}" text-anchor="middle">× ${at}</text>`,
    );
  const rows = bars.map(({ name, ratio, isMoreBetter }, index) => {
    const y = 6 + ROW * index + 9;
    const isSure = ratio.low > 1 || ratio.high < 1;
    const isBetter = ratio.ratio > 1 === isMoreBetter;
    const colour = !isSure ? '#555' : isBetter ? strokeOf(0) : strokeOf(1);
    const words = `× ${words3(ratio.ratio)} [${words3(ratio.low)}, ${words3(ratio.high)}]`;
    return (
      `<text x="${NAME - 8}" y="${y + 4}" text-anchor="end">${escapeHtml(name)}</text>` +
      `<line stroke="${colour}" stroke-width="3" x1="${place(ratio.low)}" ` +
      `x2="${place(ratio.high)}" y1="${y}" y2="${y}"/>` +
      `<circle cx="${place(ratio.ratio)}" cy="${y}" r="5" fill="${colour}"/>` +
      `<text x="${WIDTH - RIGHT + 6}" y="${y + 4}">${words}</text>`
    );
  });
  return figure(title, bottom + 20, ticks.join('') + rows.join(''));
}

/** A number to three digits. */
export function words3(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function figure(title: string, height: number, content: string): string {
  return (
    `<figure class="wide"><figcaption>${escapeHtml(title)}</figcaption>` +
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(title)}">` +
    `${content}</svg></figure>`
  );
}
