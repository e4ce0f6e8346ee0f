import { escapeHtml } from '../../html/escape.js';
import {
  CHART_MARGIN,
  type Chart,
  type ChartAxis,
  chartFrame,
  chartLine,
  lineLook,
  place,
  STROKES,
} from '../../html/line-chart.js';
import type { ReliabilityBin } from '../block-statistic.js';
import type { Interval } from '../bootstrap.js';
import type { RecallCurve } from '../tally.js';

/** A named line of a chart. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const percentTick = (value: number): string => `${Math.round(100 * value)} %`;
const QUARTERS = [0, 0.25, 0.5, 0.75, 1];

/** A chart of shares: y from 0 to 100 %. */
function shareChart(title: string, yTitle: string, x: ChartAxis): Chart {
  const y = { title: yTitle, from: 0, to: 1, ticks: QUARTERS, text: percentTick };
  return { title, widthPx: 380, heightPx: 280, x, y };
}

/** A line with its name in the lower right corner, where recall leaves room. */
function namedLine(chart: Chart, { name, points }: Series, index: number): string {
  const look = lineLook(index);
  const y = chart.heightPx - CHART_MARGIN.bottom - 12 - 15 * index;
  const x = chart.widthPx - CHART_MARGIN.right - 112;
  return (
    `${chartLine(chart, points, look)}<line stroke="${look.stroke}" stroke-width="2" ` +
    `stroke-dasharray="${look.dash}" x1="${x}" x2="${x + 24}" y1="${y - 4}" y2="${y - 4}"/>` +
    `<text x="${x + 29}" y="${y}">${escapeHtml(name)}</text>`
  );
}

/** Recall against the distance that counts as found. */
export function recallChart(
  curves: readonly { readonly name: string; readonly curve: RecallCurve }[],
): string {
  const chart = shareChart('Recall against distance', 'recall', {
    title: 'distance that counts as found, mm',
    from: 0,
    to: 5,
    ticks: [0, 1, 2, 3, 4, 5],
    text: String,
  });
  const lines = curves.map(({ name, curve }, index) => {
    const points = curve.distanceMm.map((x, at) => [x, curve.recall[at] ?? 0] as const);
    return namedLine(chart, { name, points }, index);
  });
  return chartFrame(chart, lines.join(''));
}

/** Observed share against stated confidence; the size of a dot is its number of frames. */
export function reliabilityChart(title: string, bins: readonly ReliabilityBin[]): string {
  const chart = shareChart(title, 'share that was so', {
    title: 'stated confidence',
    from: 0,
    to: 1,
    ticks: QUARTERS,
    text: percentTick,
  });
  const most = Math.max(1, ...bins.map(({ claims }) => claims));
  const [x0, y0] = place(chart, 0, 0);
  const [x1, y1] = place(chart, 1, 1);
  const dots = bins.map(({ claims, meanProbability, shareTrue }) => {
    const [x, y] = place(chart, meanProbability, shareTrue);
    const radius = 2.5 + 4.5 * Math.sqrt(claims / most);
    return (
      `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(1)}" ` +
      `fill="${STROKES[0]}" fill-opacity="0.7"><title>${claims} frames: said ` +
      `${percentTick(meanProbability)}, was ${percentTick(shareTrue)}</title></circle>`
    );
  });
  const ideal =
    `<line stroke="#999" stroke-dasharray="4 3" x1="${x0}" y1="${y0}" ` + `x2="${x1}" y2="${y1}"/>`;
  return chartFrame(chart, ideal + dots.join(''));
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
