import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorCode } from '../domain/errors.js';
import type { StageMs } from '../domain/overlay.js';
import type { SecondOpinionReport } from '../domain/second-opinion.js';
import type { VerdictKind } from '../domain/verdict.js';
import { createDriftMetrics } from './drift-metrics.js';
import { createLatencyHistogram, type LatencyMs } from './latency-histogram.js';

/** Bounds of latency buckets, seconds: from a tenth of a frame to lost. */
const SECONDS = [0.001, 0.002, 0.004, 0.008, 0.015, 0.025, 0.04, 0.06, 0.1, 0.2, 0.5, 2];

/** What is true at the moment of a scrape. */
export interface Gauges {
  readonly streams: number;
  readonly carts: number;
  readonly displays: number;
  readonly enginesReady: number;
}

/**
 * What the service counts. Labels are bounded: verdicts, stages and error codes, never a stream or
 * a peer, so that nobody can grow the registry from outside.
 */
export interface Metrics {
  onOffered(): void;
  onVerdict(kind: VerdictKind, code: ErrorCode | null): void;
  onProcessed(stageMs: StageMs, hopUs: number): void;
  onPublished(receiveToPublishUs: number): void;
  onRelayed(): void;
  /** A socket was refused or closed because of an error. */
  onRefused(code: ErrorCode): void;
  onEngineDied(): void;
  onSecondOpinion(report: SecondOpinionReport): void;
  /** Since the service started. */
  receiveToPublishMs(): LatencyMs;
  hopMs(): LatencyMs;
  /** Prometheus text format. */
  read(): Promise<{ readonly contentType: string; readonly text: string }>;
  close(): void;
}

/** Metrics of one service. `readGauges` is asked at each scrape. */
export function createMetrics(readGauges: () => Gauges): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerGauges(registry, readGauges);
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `echoline_${name}`, help, labelNames, registers });
  const seconds = (name: string, help: string, labelNames: string[] = []) =>
    new Histogram({ name: `echoline_${name}`, help, labelNames, buckets: SECONDS, registers });

  const offered = counter('frames_offered_total', 'Completely received frame messages');
  const verdicts = counter('verdicts_total', 'Verdicts by kind', ['verdict']);
  const frameErrors = counter('frame_errors_total', 'Frames not ok by code', ['code']);
  const refusals = counter('refusals_total', 'Sockets refused or closed by code', ['code']);
  const relayed = counter('frames_relayed_total', 'Frames passed on to displays');
  const restarts = counter('engine_deaths_total', 'Engines that died or were killed');
  const published = seconds('receive_to_publish_seconds', 'From frame received to overlay sent');
  const hop = seconds('engine_hop_seconds', 'Time of a frame between the processes');
  const stages = seconds('stage_seconds', 'Time in a pipeline stage', ['stage']);
  const publishedMs = createLatencyHistogram();
  const hopMs = createLatencyHistogram();

  return {
    onOffered: () => offered.inc(),
    onVerdict(verdict, code) {
      verdicts.inc({ verdict });
      if (code !== null) frameErrors.inc({ code });
    },
    onProcessed(stageMs, hopUs) {
      for (const [stage, ms] of Object.entries(stageMs)) stages.observe({ stage }, ms / 1000);
      hop.observe(hopUs / 1e6);
      hopMs.record(hopUs);
    },
    onPublished(receiveToPublishUs) {
      published.observe(receiveToPublishUs / 1e6);
      publishedMs.record(receiveToPublishUs);
    },
    onRelayed: () => relayed.inc(),
    onRefused: (code) => refusals.inc({ code }),
    onEngineDied: () => restarts.inc(),
    onSecondOpinion: createDriftMetrics(registry),
    receiveToPublishMs: () => publishedMs.read(),
    hopMs: () => hopMs.read(),
    read: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    close: () => registry.clear(),
  };
}

function registerGauges(registry: Registry, readGauges: () => Gauges): void {
  const names = {
    streams: ['streams', 'Open streams'],
    carts: ['carts', 'Connected carts'],
    displays: ['displays', 'Connected displays'],
    enginesReady: ['engines_ready', 'Engines that are warm, with the spare'],
  } as const;
  for (const [key, [name, help]] of Object.entries(names)) {
    new Gauge({
      name: `echoline_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(readGauges()[key as keyof Gauges]);
      },
    });
  }
}
