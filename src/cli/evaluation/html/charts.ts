import type { ReliabilityBin } from '../block-statistic.js';
import type { Interval } from '../bootstrap.js';
import type { RecallCurve } from '../tally.js';
import { escapeHtml } from './escape.js';

const WIDTH = 380;
const HEIGHT = 280;
const LEFT = 46;
const BOTTOM = 40;
const TOP = 12;
const RIGHT = 22;
/** Blue, orange, gray: told apart by the colour-blind, and each with its own dash. */
const STROKES = ['#0b62a8', '#c25100', '#666'] as const;
const DASHES = ['', '6 3', '2 3'] as const;

/** A named line of a chart. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

interface Axes {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly xEnd: number;
  readonly xTicks: readonly number[];
}

const percentTick = (value: number): string => `${Math.round(100 * value)} %`;

/** Places a point: x from 0 to `xEnd`, y from 0 to 1. */
function place(axes: Axes, x: number, y: number): readonly [number, number] {
  const width = WIDTH - LEFT - RIGHT;
  const height = HEIGHT - TOP - BOTTOM;
  return [LEFT + (x / axes.xEnd) * width, TOP + (1 - y) * height];
}

function frame(axes: Axes, content: string): string {
  const ticks = axes.xTicks.map((x) => {
    const [px, py] = place(axes, x, 0);
    const text = axes.xEnd === 1 ? percentTick(x) : String(x);
    return (
      `<line class="grid" x1="${px}" y1="${TOP}" x2="${px}" y2="${py}"/>` +
      `<text x="${px}" y="${py + 14}" text-anchor="middle">${text}</text>`
    );
  });
  const levels = [0, 0.25, 0.5, 0.75, 1].map((y) => {
    const [px, py] = place(axes, 0, y);
    return (
      `<line class="grid" x1="${px}" y1="${py}" x2="${WIDTH - RIGHT}" y2="${py}"/>` +
      `<text x="${px - 5}" y="${py + 4}" text-anchor="end">${percentTick(y)}</text>`
    );
  });
  const middle = (TOP + HEIGHT - BOTTOM) / 2;
  return (
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(axes.title)}">` +
    `<title>${escapeHtml(axes.title)}</title>${ticks.join('')}${levels.join('')}` +
    `<text x="${(LEFT + WIDTH) / 2}" y="${HEIGHT - 6}" text-anchor="middle">` +
    `${escapeHtml(axes.xTitle)}</text>` +
    `<text x="11" y="${middle}" text-anchor="middle" transform="rotate(-90 11 ${middle})">` +
    `${escapeHtml(axes.yTitle)}</text>${content}</svg>`
  );
}

function polyline(axes: Axes, { name, points }: Series, index: number): string {
  const path = points.map(([x, y]) => place(axes, x, y).map((value) => value.toFixed(1))).join(' ');
  const stroke = STROKES[index % STROKES.length] ?? STROKES[0];
  const dash = DASHES[index % DASHES.length] ?? '';
  const y = HEIGHT - BOTTOM - 12 - 15 * index;
  const x = WIDTH - RIGHT - 112;
  return (
    `<polyline fill="none" stroke="${stroke}" stroke-width="2" stroke-dasharray="${dash}" ` +
    `points="${path}"/><line stroke="${stroke}" stroke-width="2" stroke-dasharray="${dash}" ` +
    `x1="${x}" x2="${x + 24}" y1="${y - 4}" y2="${y - 4}"/>` +
    `<text x="${x + 29}" y="${y}">${escapeHtml(name)}</text>`
  );
}

/** Recall against the distance that counts as found. */
export function recallChart(
  curves: readonly { readonly name: string; readonly curve: RecallCurve }[],
): string {
  const axes: Axes = {
    title: 'Recall against distance',
    xTitle: 'distance that counts as found, mm',
    yTitle: 'recall',
    xEnd: 5,
    xTicks: [0, 1, 2, 3, 4, 5],
  };
  const lines = curves.map(({ name, curve }, index) => {
    const points = curve.distanceMm.map((x, at) => [x, curve.recall[at] ?? 0] as const);
    return polyline(axes, { name, points }, index);
  });
  return frame(axes, lines.join(''));
}

/** Observed share against stated confidence; the size of a dot is its number of frames. */
export function reliabilityChart(title: string, bins: readonly ReliabilityBin[]): string {
  const axes: Axes = {
    title,
    xTitle: 'stated confidence',
    yTitle: 'share that was so',
    xEnd: 1,
    xTicks: [0, 0.25, 0.5, 0.75, 1],
  };
  const most = Math.max(1, ...bins.map(({ claims }) => claims));
  const [x0, y0] = place(axes, 0, 0);
  const [x1, y1] = place(axes, 1, 1);
  const dots = bins.map(({ claims, meanProbability, shareTrue }) => {
    const [x, y] = place(axes, meanProbability, shareTrue);
    const radius = 2.5 + 4.5 * Math.sqrt(claims / most);
    return (
      `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(1)}" ` +
      `fill="${STROKES[0]}" fill-opacity="0.7"><title>${claims} frames: said ` +
      `${percentTick(meanProbability)}, was ${percentTick(shareTrue)}</title></circle>`
    );
  });
  const ideal =
    `<line stroke="#999" stroke-dasharray="4 3" x1="${x0}" y1="${y0}" ` + `x2="${x1}" y2="${y1}"/>`;
  return frame(axes, ideal + dots.join(''));
}

/** One bar of a bar chart, 0 to 1. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly interval: Interval | null;
}

const BAR_WIDTH = 760;
const BAR_NAME = 330;
const BAR_ROW = 20;

/** Horizontal bars from 0 to 100 % with their 95 % intervals as whiskers. */
export function barChart(title: string, bars: readonly Bar[]): string {
  if (bars.length === 0) return '';
  const scale = BAR_WIDTH - BAR_NAME - 60;
  const height = bars.length * BAR_ROW + 8;
  const rows = bars.map(({ name, value, interval }, index) => {
    const y = 4 + index * BAR_ROW;
    const middle = y + BAR_ROW / 2;
    const x = (share: number) => (BAR_NAME + Math.max(0, Math.min(1, share)) * scale).toFixed(1);
    const whisker =
      interval === null
        ? ''
        : `<line stroke="#111" x1="${x(interval.low)}" x2="${x(interval.high)}" y1="${middle}" ` +
          `y2="${middle}"/>`;
    return (
      `<text x="${BAR_NAME - 6}" y="${middle + 4}" text-anchor="end">${escapeHtml(name)}</text>` +
      `<rect x="${BAR_NAME}" y="${y + 3}" height="${BAR_ROW - 6}" fill="#8fb8da" ` +
      `width="${(Math.max(0, Math.min(1, value)) * scale).toFixed(1)}"/>${whisker}` +
      `<text x="${BAR_NAME + scale + 8}" y="${middle + 4}">${(100 * value).toFixed(1)} %</text>`
    );
  });
  return (
    `<figure class="wide"><figcaption>${escapeHtml(title)}</figcaption>` +
    `<svg viewBox="0 0 ${BAR_WIDTH} ${height}" role="img" aria-label="${escapeHtml(title)}">` +
    `${rows.join('')}</svg></figure>`
  );
}
