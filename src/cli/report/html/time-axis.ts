import type { ChartAxis } from '../../html/line-chart.js';

/** Everything over time has the same width and begins at the same place, so that it lines up. */
export const TIME_WIDTH_PX = 960;
export const TIME_LEFT_PX = 150;

/** Steps between ticks, s. */
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600];
const TICKS_MAX = 10;

/** The time of a section: from 0 at its start, in seconds. */
export interface TimeSpan {
  readonly startUs: number;
  readonly lengthS: number;
}

/** Seconds into the section. */
export function secondsAt(span: TimeSpan, atUs: number): number {
  return Math.min(span.lengthS, Math.max(0, (atUs - span.startUs) / 1e6));
}

/** An axis with at most ten whole ticks. */
export function timeAxis({ lengthS }: TimeSpan): ChartAxis {
  const step = STEPS_S.find((one) => lengthS / one <= TICKS_MAX) ?? lengthS;
  const ticks: number[] = [];
  for (let at = 0; at <= lengthS; at += step) ticks.push(at);
  return { title: 'time since the start', from: 0, to: lengthS, ticks, text: timeText };
}

/** `m:ss` above a minute, else seconds. */
export function timeText(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}
