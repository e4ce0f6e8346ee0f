import { escapeHtml } from '../../html/escape.js';
import {
  CHART_MARGIN,
  type Chart,
  type ChartAxis,
  chartFrame,
  chartLine,
  type LineLook,
  place,
} from '../../html/line-chart.js';

/** A named line; what cannot be placed (not finite, not above 0 on a log axis) is left out. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Draws each point too, for few measured ones. */
  readonly hasDots: boolean;
}

/** One axis of a plot. */
export interface Axis {
  /** Unit included. */
  readonly title: string;
  readonly scale: 'linear' | 'log';
  /** Where they are not the numbers themselves: places and their words. */
  readonly ticks?: readonly (readonly [at: number, words: string])[];
  /** Where it begins; else at the data's least value, or at 0 on an even scale. */
  readonly from?: number;
}

/** A limit across the plot, e.g. 33 ms. */
export interface Limit {
  readonly y: number;
  readonly words: string;
}

const WIDTH = 620;
const HEIGHT = 340;
const LEGEND_ROW = 18;
/** Told apart by the colour-blind (Okabe and Ito), and each with its own dash. */
const LOOKS: readonly LineLook[] = [
  { stroke: '#0072b2', dash: '' },
  { stroke: '#d55e00', dash: '7 3' },
  { stroke: '#009e73', dash: '2 3' },
  { stroke: '#cc79a7', dash: '9 3 2 3' },
  { stroke: '#7a5c00', dash: '4 2' },
  { stroke: '#444', dash: '1 2' },
];

/** Lines in one picture, legend below; '' where no line has two places, or one with dots. */
export function linePlot(
  title: string,
  x: Axis,
  y: Axis,
  lines: readonly Line[],
  limits: readonly Limit[] = [],
): string {
  const drawn = lines
    .map((line) => ({ ...line, points: line.points.filter(([a, b]) => fits(x, a) && fits(y, b)) }))
    .filter(({ points, hasDots }) => points.length > (hasDots ? 0 : 1));
  if (drawn.length === 0) return '';
  const all = drawn.flatMap(({ points }) => points);
  const xValues = all.map(([at]) => at);
  const yValues = [...all.map(([, at]) => at), ...limits.map((limit) => limit.y)];
  const size = { widthPx: WIDTH, heightPx: HEIGHT };
  const chart: Chart = { title, ...size, x: chartAxis(x, xValues), y: chartAxis(y, yValues) };
  const parts = [
    ...limits.map((limit) => limitLine(chart, onScale(y, limit.y), limit.words)),
    ...drawn.map(({ points, hasDots }, index) => {
      const placed = points.map(([a, b]) => [onScale(x, a), onScale(y, b)] as const);
      return chartLine(chart, placed, lookOf(index)) + (hasDots ? dots(chart, placed, index) : '');
    }),
  ];
  return (
    `<figure class="plot"><figcaption>${escapeHtml(title)}</figcaption>` +
    `${chartFrame(chart, parts.join(''))}<svg viewBox="0 0 ${WIDTH} ` +
    `${LEGEND_ROW * drawn.length}" aria-hidden="true">` +
    `${drawn.map(({ name }, index) => legend(name, index)).join('')}</svg></figure>`
  );
}

function fits({ scale }: Axis, value: number): boolean {
  return Number.isFinite(value) && (scale === 'linear' || value > 0);
}

/** A value where the chart's even scale has it. */
function onScale({ scale }: Axis, value: number): number {
  return scale === 'log' ? Math.log10(value) : value;
}

function chartAxis(axis: Axis, values: readonly number[]): ChartAxis {
  const isLog = axis.scale === 'log';
  let low = axis.from ?? Math.min(...values);
  let high = Math.max(...values);
  if (!isLog && axis.from === undefined) low = Math.min(0, low);
  if (!(high > low)) [low, high] = isLog ? [low / 2, low * 2] : [low, low + 1];
  high = isLog ? high * 1.1 : high + 0.05 * (high - low);
  const ticks = (axis.ticks ?? ticksOf(isLog, low, high).map((at) => [at, tickWords(at)] as const))
    .filter(([at]) => at >= low && at <= high)
    .map(([at, words]) => [onScale(axis, at), words] as const);
  const words = new Map(ticks);
  return {
    title: axis.title,
    from: onScale(axis, low),
    to: onScale(axis, high),
    ticks: ticks.map(([at]) => at),
    text: (at) => words.get(at) ?? '',
  };
}

/** Round numbers: 1, 2, 5 × a power of ten; on a log axis all of them, or only powers if many. */
function ticksOf(isLog: boolean, low: number, high: number): readonly number[] {
  const power = (value: number) => Math.floor(Math.log10(value));
  if (isLog) {
    const powers = Array.from({ length: power(high) - power(low) + 1 }, (_, i) => power(low) + i);
    const steps = powers.length > 3 ? [1] : [1, 2, 5];
    return powers.flatMap((one) => steps.map((step) => Number((step * 10 ** one).toPrecision(3))));
  }
  const rough = (high - low) / 5;
  const unit = 10 ** power(rough);
  const step = unit * ([1, 2, 5, 10].find((times) => times * unit >= rough) ?? 10);
  const count = Math.floor((high - low) / step + 1e-9);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) =>
    Number(((first + index) * step).toFixed(9)),
  );
}

function tickWords(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function limitLine(chart: Chart, y: number, words: string): string {
  const [left, at] = place(chart, chart.x.from, y);
  const [right] = place(chart, chart.x.to, y);
  return (
    `<line stroke="#a00" x1="${left}" y1="${px(at)}" x2="${right}" y2="${px(at)}"/>` +
    `<text x="${left + 6}" y="${px(at - 4)}">${escapeHtml(words)}</text>`
  );
}

function dots(chart: Chart, points: Line['points'], index: number): string {
  return points
    .map(([x, y]) => place(chart, x, y))
    .map(([x, y]) => `<circle cx="${px(x)}" cy="${px(y)}" r="3.5" fill="${strokeOf(index)}"/>`)
    .join('');
}

function legend(name: string, index: number): string {
  const { left } = CHART_MARGIN;
  const { stroke, dash } = lookOf(index);
  const y = LEGEND_ROW * index + 8;
  return (
    `<line stroke="${stroke}" stroke-width="2" stroke-dasharray="${dash}" ` +
    `x1="${left}" x2="${left + 34}" y1="${y}" y2="${y}"/>` +
    `<text x="${left + 42}" y="${y + 4}">${escapeHtml(name)}</text>`
  );
}

function lookOf(index: number): LineLook {
  return LOOKS[index % LOOKS.length] ?? { stroke: '#000', dash: '' };
}

/** Colour of the line or bar with this index. */
export function strokeOf(index: number): string {
  return lookOf(index).stroke;
}

function px(value: number): string {
  return value.toFixed(1);
}
