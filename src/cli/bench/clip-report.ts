import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { FRAME_STAGES } from '../../domain/overlay.js';
import { latencyFiguresOf } from './latency-figures.js';
import type { FrameRecord, LatencyFigures, LoadFigures } from './load-figures.js';

/** Lines for people about one load. */
export function clipReport(name: string, figures: LoadFigures): readonly string[] {
  const { verdicts, worst, targetCpuSecondsPerFrame: cpu, targetMemoryBytesMax: memory } = figures;
  const { clockUncertaintyMs: uncertainty } = figures;
  const counts = Object.entries(verdicts).filter(([, count]) => count > 0);
  const words = counts.map(([kind, count]) => `${kind} ${count}`).join(', ') || 'none';
  const worstWords = worst === null ? '' : ` (frame ${worst.frameId} of stream ${worst.stream})`;
  const delay = figures.targetEventLoopDelayMs ?? figures.eventLoopDelayMs;
  const whose = figures.targetEventLoopDelayMs === null ? 'generator' : 'service';
  return [
    `${name}: ${figures.due} frames due in ${figures.measuredSeconds.toFixed(1)} s`,
    `verdicts: ${words}; skipped at the cart ${figures.skipped}, unanswered ${figures.unanswered}`,
    `due → overlay received: ${latencyWords(figures.dueToOverlayMs)}${worstWords}`,
    `missed: 33 ms by ${figures.missed33Ms}, 100 ms by ${figures.missed100Ms} frames; ` +
      `longest gap ${ms(figures.longestGapMs)}`,
    `age of the newest overlay at 60 Hz ticks: ${latencyWords(figures.ageAtTicksMs)}`,
    `received → published: ${latencyWords(figures.receiveToPublishMs)}`,
    `CPU per frame: service ${cpu === null ? 'unknown' : ms(cpu * 1000)}, generator ` +
      `${ms(figures.generatorCpuSecondsPerFrame * 1000)}; memory ` +
      `${memory === null ? 'unknown' : `${(memory / 2 ** 20).toFixed(0)} MiB`}`,
    `event loop of the ${whose}: p99 ${ms(delay.p99)}, max ${ms(delay.max)}; generator late: ` +
      `p99 ${ms(figures.sendLatenessMs.p99)}`,
    `clock uncertainty: ${uncertainty === null ? 'unknown' : `± ${ms(uncertainty)}`}`,
    `meaning: ${figures.meaning ?? 'none, because frames were lost'}`,
  ];
}

/** A line of the percentiles. */
function latencyWords(latency: LatencyFigures | null): string {
  if (latency === null) return 'none';
  const { p50, p90, p99, p999, max } = latency;
  return `p50 ${ms(p50)}, p90 ${ms(p90)}, p99 ${ms(p99)}, p99.9 ${ms(p999)}, max ${ms(max)}`;
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}

/**
 * A distribution in the format of HdrHistogram's own tools (`.hgrm`), in ms.
 */
export function hgrmText(latency: LatencyFigures): string {
  return decodeFromCompressedBase64(latency.histogram).outputPercentileDistribution(5, 1000);
}

/** A line about when overlays were drawn in a browser. */
export function drawnReport(records: readonly FrameRecord[], uncertaintyUs: number): string {
  const latencies = records.flatMap(({ dueUs, drawnUs }) =>
    drawnUs === null ? [] : [drawnUs - dueUs],
  );
  const words = latencyWords(latencyFiguresOf(latencies));
  return `due → drawn by the browser: ${words} (± ${ms(uncertaintyUs / 1000)})`;
}

const COLUMNS: readonly (readonly [string, (record: FrameRecord) => number | string | null])[] = [
  ['stream', (record) => record.stream],
  ['frameId', (record) => record.frameId],
  ['verdict', (record) => record.verdict],
  ['dueUs', (record) => record.dueUs],
  ['sentUs', (record) => record.sentUs],
  ['receivedByServiceUs', (record) => record.receivedByServiceUs],
  ['admittedUs', (record) => admittedUs(record)],
  ...FRAME_STAGES.map(
    (stage) => [`${stage}Ms`, (record: FrameRecord) => record.stageMs?.[stage] ?? null] as const,
  ),
  ['publishedUs', (record) => record.publishedUs],
  ['receivedByDisplayUs', (record) => record.receivedByDisplayUs],
  ['drawnUs', (record) => record.drawnUs],
  ['verdictUs', (record) => record.verdictUs],
];

/** One row a frame, with a heading; times on the generator's clock, empty = did not happen. */
export function recordsCsv(records: readonly FrameRecord[]): string {
  const heading = COLUMNS.map(([name]) => name).join(',');
  const rows = records.map((record) => COLUMNS.map(([, read]) => read(record) ?? '').join(','));
  return `${[heading, ...rows].join('\n')}\n`;
}

/**
 * When the engine began with a frame, at the latest: publishing minus its stages. What lies between
 * is the way back from the engine, which the overlay does not state. null where unknown.
 */
function admittedUs({ publishedUs, stageMs }: FrameRecord): number | null {
  if (publishedUs === null || stageMs === null) return null;
  const stagesMs = FRAME_STAGES.reduce((sum, stage) => sum + stageMs[stage], 0);
  return Math.round(publishedUs - stagesMs * 1000);
}
