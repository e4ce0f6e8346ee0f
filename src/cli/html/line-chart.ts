import { escapeHtml } from './escape.js';

/** Blue, orange, gray: told apart by the colour-blind, and each with its own dash. */
export const STROKES = ['#0b62a8', '#c25100', '#666'] as const;
const DASHES = ['', '6 3', '2 3'] as const;

/** One axis of a chart. */
export interface ChartAxis {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** What stands at a tick. */
  readonly text: (value: number) => string;
}

/** The frame of a chart: its size in CSS pixels and its axes. */
export interface Chart {
  readonly title: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Room for the words of the y axis; default `CHART_MARGIN.left`. */
  readonly leftPx?: number;
  readonly x: ChartAxis;
  /** Upwards; `from` > `to` draws it downwards. */
  readonly y: ChartAxis;
}

/** Room around the plot, CSS pixels. */
export const CHART_MARGIN = { left: 46, bottom: 40, top: 12, right: 22 } as const;

/** Where a value lies in the chart's picture. */
export function place(chart: Chart, x: number, y: number): readonly [number, number] {
  const { leftPx: left = CHART_MARGIN.left } = chart;
  const { bottom, top, right } = CHART_MARGIN;
  const width = chart.widthPx - left - right;
  const height = chart.heightPx - top - bottom;
  const shareX = (x - chart.x.from) / (chart.x.to - chart.x.from);
  const shareY = (y - chart.y.from) / (chart.y.to - chart.y.from);
  return [left + shareX * width, top + (1 - shareY) * height];
}

/** The chart with its axes, grid and titles around what is drawn in it. */
export function chartFrame(chart: Chart, content: string): string {
  const { x, y, widthPx, heightPx, leftPx: left = CHART_MARGIN.left } = chart;
  const { bottom, top, right } = CHART_MARGIN;
  const ground = heightPx - bottom;
  const ticks = x.ticks.map((value) => {
    const px = round(place(chart, value, y.from)[0]);
    return (
      `<line class="grid" x1="${px}" y1="${top}" x2="${px}" y2="${ground}"/>` +
      `<text x="${px}" y="${ground + 14}" text-anchor="middle">${escapeHtml(x.text(value))}</text>`
    );
  });
  const levels = y.ticks.map((value) => {
    const py = round(place(chart, x.from, value)[1]);
    return (
      `<line class="grid" x1="${left}" y1="${py}" x2="${widthPx - right}" y2="${py}"/>` +
      `<text x="${left - 5}" y="${py + 4}" text-anchor="end">${escapeHtml(y.text(value))}</text>`
    );
  });
  const middle = (top + ground) / 2;
  return (
    `<svg viewBox="0 0 ${widthPx} ${heightPx}" role="img" ` +
    `aria-label="${escapeHtml(chart.title)}"><title>${escapeHtml(chart.title)}</title>` +
    `${ticks.join('')}${levels.join('')}` +
    `<text x="${(left + widthPx) / 2}" y="${heightPx - 6}" text-anchor="middle">` +
    `${escapeHtml(x.title)}</text>` +
    `<text x="${left - 35}" y="${middle}" text-anchor="middle" ` +
    `transform="rotate(-90 ${left - 35} ${middle})">` +
    `${escapeHtml(y.title)}</text>${content}</svg>`
  );
}

/** How one line looks. */
export interface LineLook {
  readonly stroke: string;
  readonly dash: string;
}

/** The look of the line at `index`. */
export function lineLook(index: number): LineLook {
  return {
    stroke: STROKES[index % STROKES.length] ?? STROKES[0],
    dash: DASHES[index % DASHES.length] ?? '',
  };
}

/** A line through points. */
export function chartLine(
  chart: Chart,
  points: readonly (readonly [x: number, y: number])[],
  { stroke, dash }: LineLook,
): string {
  const path = points.map(([x, y]) =>
    place(chart, x, y)
      .map((value) => value.toFixed(1))
      .join(' '),
  );
  return (
    `<polyline fill="none" stroke="${stroke}" stroke-width="2" stroke-dasharray="${dash}" ` +
    `points="${path.join(' ')}"/>`
  );
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
