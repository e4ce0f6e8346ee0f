import { escapeHtml } from '../../html/escape.js';
import {
  CHART_MARGIN,
  type Chart,
  type ChartAxis,
  chartFrame,
  chartLine,
  lineLook,
  place,
} from '../../html/line-chart.js';
import type { SectionRecord, TimedValue } from '../section-record.js';
import { secondsAt, TIME_LEFT_PX, TIME_WIDTH_PX, type TimeSpan, timeAxis } from './time-axis.js';

const HEIGHT_PX = 240;
/** Points of one line: more than the chart has pixels would only make the page larger. */
const POINTS_MAX = 800;
/** A longer time without a value breaks the line, s. */
const BREAK_S = 0.6;
/** Clearances beyond this are of no interest and flatten the rest, mm. */
const CLEARANCE_MAX_MM = 20;

type Line = readonly (readonly [x: number, y: number])[];

/** Depth of the tip, its clearances and the spread over time; '' without a value. */
export function seriesCharts(record: SectionRecord, span: TimeSpan): string {
  const depth = linesOf(record.depthMm, span, Math.max);
  const figures = [
    depth.length === 0
      ? ''
      : figure(
          'Depth of the tip from the transducer, mm. Only where the tip was measured.',
          depthChart(depth, span),
        ),
    clearanceFigure(record, span),
    spreadFigure(record, span),
  ];
  return figures.join('');
}

function depthChart(lines: readonly Line[], span: TimeSpan): string {
  const deepest = Math.max(10, ...lines.flat().map(([, y]) => y));
  const y = axis('depth, mm', 0, deepest);
  // Deeper is further down, as in the image.
  const chart = timeChart('Depth of the tip', { ...y, from: y.to, to: y.from }, span);
  return chartFrame(chart, lines.map((line) => chartLine(chart, line, lineLook(0))).join(''));
}

function clearanceFigure(record: SectionRecord, span: TimeSpan): string {
  const series = [...record.boundMm].map(([name, values]) => {
    const capped = values.map(({ atUs, value }) => ({
      atUs,
      value: value === null ? null : Math.min(CLEARANCE_MAX_MM, value),
    }));
    return { name, lines: linesOf(capped, span, Math.min) };
  });
  const drawn = series.filter(({ lines }) => lines.length > 0);
  if (drawn.length === 0) return '';
  const values = drawn.flatMap(({ lines }) => lines.flat().map(([, y]) => y));
  const y = axis('lower bound, mm', Math.min(0, ...values), Math.max(5, ...values));
  const chart = timeChart('Clearance of the tip', y, span);
  const [left, zero] = place(chart, 0, 0);
  const edge =
    `<line stroke="#111" x1="${left}" x2="${TIME_WIDTH_PX - CHART_MARGIN.right}" ` +
    `y1="${zero}" y2="${zero}"/>`;
  const lines = drawn.flatMap((one, index) =>
    one.lines.map((line) => chartLine(chart, line, lineLook(index))),
  );
  const names = drawn.map(({ name }, index) => legendEntry(name, index)).join('');
  const words =
    `Clearance of the tip, lower 90 % bound, mm (0 = at the outline, below = inside; up to ` +
    `${CLEARANCE_MAX_MM} mm). Only where it was stated.`;
  const picture = figure(words, chartFrame(chart, edge + lines.join('')));
  return `${picture}<p class="legend">${names}</p>`;
}

function spreadFigure({ spreadMm2 }: SectionRecord, span: TimeSpan): string {
  const drawn = [...spreadMm2]
    .map(([injection, values]) => {
      return { name: `${injection}. injection`, lines: linesOf(values, span, Math.max) };
    })
    .filter(({ lines }) => lines.length > 0);
  if (drawn.length === 0) return '';
  const largest = Math.max(10, ...drawn.flatMap(({ lines }) => lines.flat().map(([, y]) => y)));
  const chart = timeChart('Area of the spread', axis('area, mm²', 0, largest), span);
  const lines = drawn.flatMap((one, index) =>
    one.lines.map((line) => chartLine(chart, line, lineLook(index))),
  );
  const words = 'Area of the injectate in the image plane, mm². Only where it was seen.';
  const names = drawn.map(({ name }, index) => legendEntry(name, index)).join('');
  return `${figure(words, chartFrame(chart, lines.join('')))}<p class="legend">${names}</p>`;
}

function timeChart(title: string, y: ChartAxis, span: TimeSpan): Chart {
  const x = timeAxis(span);
  return { title, widthPx: TIME_WIDTH_PX, heightPx: HEIGHT_PX, leftPx: TIME_LEFT_PX, x, y };
}

function axis(title: string, from: number, to: number): ChartAxis {
  const step = to - from > 200 ? 100 : to - from > 40 ? 20 : to - from > 16 ? 5 : 2;
  const low = Math.floor(from / step) * step;
  const high = Math.ceil(to / step) * step;
  const ticks: number[] = [];
  for (let at = low; at <= high; at += step) ticks.push(at);
  return { title, from: low, to: high, ticks, text: String };
}

/** Pieces of a line without gaps, thinned out: of values that fall together `pick` keeps one. */
function linesOf(
  values: readonly TimedValue[],
  span: TimeSpan,
  pick: (a: number, b: number) => number,
): readonly Line[] {
  const bucketS = span.lengthS / POINTS_MAX;
  const lines: [number, number][][] = [];
  for (const { atUs, value } of values) {
    if (value === null) continue;
    const x = secondsAt(span, atUs);
    const line = lines.at(-1);
    const last = line?.at(-1);
    if (line === undefined || last === undefined || x - last[0] > BREAK_S + bucketS) {
      lines.push([[x, value]]);
    } else if (x - last[0] < bucketS) last[1] = pick(last[1], value);
    else line.push([x, value]);
  }
  return lines;
}

function legendEntry(name: string, index: number): string {
  const { stroke, dash } = lineLook(index);
  return (
    `<span><svg viewBox="0 0 26 8" width="26" height="8" aria-hidden="true">` +
    `<line x1="0" x2="26" y1="4" y2="4" stroke="${stroke}" stroke-width="2" ` +
    `stroke-dasharray="${dash}"/></svg> ${escapeHtml(name)}</span>`
  );
}

function figure(caption: string, svg: string): string {
  return `<figure class="wide"><figcaption>${escapeHtml(caption)}</figcaption>${svg}</figure>`;
}
