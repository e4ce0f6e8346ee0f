import type { NeedleState } from '../../../domain/needle.js';
import type { MotionMetrics } from '../../../session/procedure/motion-metrics.js';
import type { Procedure } from '../../../session/procedure/procedure.js';
import { escapeHtml } from '../../html/escape.js';
import { CHART_MARGIN } from '../../html/line-chart.js';
import type { StateRun } from '../section-record.js';
import { eventWords } from './event-words.js';
import {
  secondsAt,
  TIME_LEFT_PX,
  TIME_WIDTH_PX,
  type TimeSpan,
  timeAxis,
  timeText,
} from './time-axis.js';

const RIGHT_PX = CHART_MARGIN.right;
const LANE_PX = 26;

/** What is drawn of each state: the tip seen is full, less known is lighter. */
const STATES: Readonly<Record<NeedleState, readonly [fill: string, words: string] | null>> = {
  absent: null,
  acquiring: ['#e6e9ec', 'not yet confirmed'],
  'tip-visible': ['#0b62a8', 'tip seen'],
  'tip-coasting': ['#8fb8da', 'tip predicted'],
  'shaft-only': ['#e0a458', 'shaft only: the tip may be beyond'],
  'out-of-plane': ['#b08fc7', 'out of plane'],
  lost: ['#f3d0cb', 'lost'],
};

interface Lane {
  readonly name: string;
  readonly content: string;
}

/** Needle, advisories, injections and what the operator marked, on one axis of time. */
export function timeline(
  runs: readonly StateRun[],
  metrics: MotionMetrics,
  procedure: Procedure | null,
  span: TimeSpan,
): string {
  const x = (atUs: number): number =>
    TIME_LEFT_PX +
    (secondsAt(span, atUs) / span.lengthS) * (TIME_WIDTH_PX - TIME_LEFT_PX - RIGHT_PX);
  const end = span.startUs + span.lengthS * 1e6;
  const bar = (from: number, to: number | null, fill: string, words: string): string => {
    const left = x(from);
    const width = Math.max(1.5, x(to ?? end) - left);
    const when = `${timeText(secondsAt(span, from))} to ${timeText(secondsAt(span, to ?? end))}`;
    return (
      `<rect x="${left.toFixed(1)}" width="${width.toFixed(1)}" y="5" height="${LANE_PX - 10}" ` +
      `fill="${fill}"><title>${escapeHtml(`${words}, ${when}`)}</title></rect>`
    );
  };
  const kinds = [...new Set(metrics.advisories.map(({ kind }) => kind))];
  const lanes: Lane[] = [
    // Without a recording nothing is known of it: an empty lane would say that it was not there.
    ...(runs.length === 0 ? [] : [{ name: 'needle', content: needleLane(runs, bar) }]),
    ...kinds.map((kind) => ({
      name: kind.replaceAll('-', ' '),
      content: metrics.advisories
        .filter((episode) => episode.kind === kind)
        .map(({ startedAtUs, endedAtUs, text }) => bar(startedAtUs, endedAtUs, '#c25100', text))
        .join(''),
    })),
    ...injectionLane(procedure, bar),
    ...markLane(procedure, x),
  ];
  return drawing(lanes, span) + stateLegend(runs);
}

type Bar = (from: number, to: number | null, fill: string, words: string) => string;

function needleLane(runs: readonly StateRun[], bar: Bar): string {
  return runs
    .flatMap(({ state, startedAtUs, endedAtUs }) => {
      const look = STATES[state];
      return look === null ? [] : [bar(startedAtUs, endedAtUs, look[0], look[1])];
    })
    .join('');
}

function injectionLane(procedure: Procedure | null, bar: Bar): readonly Lane[] {
  if (procedure === null || procedure.injections.length === 0) return [];
  const bars = procedure.injections.map(({ step, givenMl, startedAtUs, endedAtUs }) => {
    const words = givenMl === null ? step : `${step}, ${givenMl} ml`;
    return bar(startedAtUs, endedAtUs, step === 'aspirate' ? '#8a8a8a' : '#2a8a4a', words);
  });
  return [{ name: 'injections', content: bars.join('') }];
}

/** A numbered pin each; the list below the drawing says what they are. */
function markLane(procedure: Procedure | null, x: (atUs: number) => number): readonly Lane[] {
  if (procedure === null) return [];
  const pins = procedure.events.map((event, index) => {
    const at = x(event.atUs).toFixed(1);
    return (
      `<path d="M${at} 4V${LANE_PX - 4}" stroke="#111" stroke-width="1.5">` +
      `<title>${escapeHtml(`${index + 1}. ${eventWords(event, procedure)}`)}</title></path>`
    );
  });
  return [{ name: 'marked', content: pins.join('') }];
}

function drawing(lanes: readonly Lane[], span: TimeSpan): string {
  const axis = timeAxis(span);
  const bottom = lanes.length * LANE_PX;
  const rows = lanes.map(
    ({ name, content }, index) =>
      `<g transform="translate(0 ${index * LANE_PX})">` +
      `<text x="${TIME_LEFT_PX - 8}" y="${LANE_PX / 2 + 4}" text-anchor="end">${escapeHtml(name)}` +
      `</text>${content}</g>`,
  );
  const ticks = axis.ticks.map((at) => {
    const px = TIME_LEFT_PX + (at / span.lengthS) * (TIME_WIDTH_PX - TIME_LEFT_PX - RIGHT_PX);
    return (
      `<line class="grid" x1="${px.toFixed(1)}" x2="${px.toFixed(1)}" y1="0" y2="${bottom}"/>` +
      `<text x="${px.toFixed(1)}" y="${bottom + 16}" text-anchor="middle">${timeText(at)}</text>`
    );
  });
  return (
    `<figure class="wide"><svg viewBox="0 0 ${TIME_WIDTH_PX} ${bottom + 24}" role="img" ` +
    `aria-label="Timeline">${ticks.join('')}${rows.join('')}</svg></figure>`
  );
}

function stateLegend(runs: readonly StateRun[]): string {
  const seen = [...new Set(runs.map(({ state }) => state))];
  const entries = seen.flatMap((state) => {
    const look = STATES[state];
    if (look === null) return [];
    const [fill, words] = look;
    return [
      `<span><svg viewBox="0 0 14 10" width="14" height="10" aria-hidden="true">` +
        `<rect width="14" height="10" fill="${fill}"/></svg> ${escapeHtml(words)}</span>`,
    ];
  });
  return entries.length === 0 ? '' : `<p class="legend">${entries.join('')}</p>`;
}
