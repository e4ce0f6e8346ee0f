import { NOT_A_DEVICE, STOPPED_EARLY } from '../evaluation-report.js';
import type { FittedOutlineError } from './fitted-outlines.js';
import type { GuidanceRow, Limits } from './guidance-row.js';
import { type Detector, GUIDANCE_FPS, GUIDANCE_SIDE_PX } from './played-procedure.js';

/** What of a report is printed. */
export interface PrintedGuidance {
  readonly procedures: number;
  readonly frames: number;
  readonly events: number;
  readonly minutes: number;
  readonly conditions: {
    readonly isComplete: boolean;
    readonly machine: string;
    readonly durationS: number;
  };
  readonly results: readonly {
    readonly detector: Detector;
    readonly rows: readonly (GuidanceRow & { readonly verdict: string })[];
    readonly outlines: readonly FittedOutlineError[];
  }[];
}

/** The report as text: one table for each detector. */
export function guidanceLines(report: PrintedGuidance): readonly string[] {
  const { procedures, frames, events, minutes, conditions } = report;
  return [
    `guidance: ${procedures} scripted procedures of the phantom, ${events} events, ${minutes} ` +
      `minutes (${frames} frames, ${GUIDANCE_SIDE_PX} × ${GUIDANCE_SIDE_PX}, ` +
      `${GUIDANCE_FPS} fps), ${conditions.machine}, ${conditions.durationS} s`,
    ...report.results.flatMap(({ detector, rows, outlines }) => [
      '',
      `detector: ${detector}`,
      ...tableLines(rows),
      ...outlines.map(outlineLine),
    ]),
    ...(conditions.isComplete ? [] : [STOPPED_EARLY]),
    NOT_A_DEVICE,
  ];
}

function tableLines(rows: PrintedGuidance['results'][number]['rows']): readonly string[] {
  const cells = rows.map((row) => [
    row.metric,
    figure(row.value, row.unit),
    row.interval === null ? '' : `${short(row.interval.low)} to ${short(row.interval.high)}`,
    limits(row.reach, row.unit),
    limits(row.stretch, row.unit),
    row.verdict,
    row.from,
  ]);
  const head = ['metric', 'figure', '95 %', 'reach', 'stretch', '', 'made from'];
  const widths = head.map((_, column) =>
    Math.max(...[head, ...cells].map((line) => line[column]?.length ?? 0)),
  );
  return [head, ...cells].map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function outlineLine(one: FittedOutlineError): string {
  const kind = `${one.isSure ? 'sure' : 'unsure'} ${one.class}`;
  return (
    `outlines, ${kind}: bias ${one.biasMm} mm, sigma ${one.sigmaMm} mm where they are nearest ` +
    `to the tip (${one.segments} segments); the tip adds ${one.tipMedianMm} mm in the median, ` +
    `${one.tipP90Mm} mm in one of ten`
  );
}

function figure(value: number | null, unit: string): string {
  if (value === null) return '–';
  return Number.isFinite(value) ? `${short(value)} ${unit}` : 'never';
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function limits(range: Limits | null, unit: string): string {
  if (range === null) return '–';
  const { low, high } = range;
  if (!Number.isFinite(low)) return `≤ ${high} ${unit}`;
  return Number.isFinite(high) ? `${low} to ${high} ${unit}` : `≥ ${low} ${unit}`;
}
