import { latencyFiguresOf } from '../../src/cli/bench/latency-figures.js';
import type { LatencyFigures, LoadFigures } from '../../src/cli/bench/load-figures.js';
import type { BenchResult, Measurement, SuiteResult } from '../../src/cli/bench/result.js';
import { assert } from '../../src/domain/assert.js';

/** A skewed latency distribution with this median, ms. */
export function latencyAround(p50Ms: number): LatencyFigures {
  const us = Array.from({ length: 400 }, (_, index) => {
    const share = (index + 0.5) / 400;
    return 1000 * p50Ms * (0.8 + 0.2 * (Math.log(1 / (1 - share)) / Math.LN2));
  });
  const figures = latencyFiguresOf(us);
  assert(figures !== null, 'there are latencies');
  return figures;
}

/** Plain figures of a load with this median latency, ms. */
export function loadFigures(p50Ms: number, changes: Partial<LoadFigures> = {}): LoadFigures {
  return {
    due: 400,
    skipped: 0,
    verdicts: { ok: 400, superseded: 0, expired: 0, invalid: 0, failed: 0 },
    unanswered: 0,
    overlays: 400,
    dueToOverlayMs: latencyAround(p50Ms),
    worst: { stream: 0, frameId: 17, ms: 2 * p50Ms },
    missed33Ms: 0,
    missed100Ms: 0,
    longestGapMs: 40,
    ageAtTicksMs: latencyAround(p50Ms + 16),
    overlaysPerSecond: 30,
    measuredSeconds: 13,
    stageMs: { decode: 0.01, preprocess: 0.2, infer: 2, postprocess: 0.3, track: 0.1, guide: 0.1 },
    receiveToPublishMs: latencyAround(0.8 * p50Ms),
    targetCpuSecondsPerFrame: 0.004,
    generatorCpuSecondsPerFrame: 0.001,
    generatorPriority: 'real-time',
    targetMemoryBytesMax: 200 * 1_048_576,
    eventLoopDelayMs: { p50: 0.1, p99: 1, max: 2 },
    targetEventLoopDelayMs: null,
    sendLatenessMs: latencyAround(0.1),
    clockUncertaintyMs: 0.1,
    meaning: 'a',
    stolenSeconds: 0,
    throttledSeconds: 0,
    invalidBecause: [],
    ...changes,
  };
}

/** Five repetitions of one load whose medians differ by a few per cent. */
export function repeated(
  target: string,
  conditions: Measurement['conditions'],
  p50Ms: number,
  changes: Partial<LoadFigures> = {},
): readonly Measurement[] {
  return [1, 0.98, 1.03, 1.01, 0.97].map((factor, repetition) => ({
    target,
    conditions,
    repetition,
    figures: loadFigures(p50Ms * factor, changes),
  }));
}

/** A suite of these loads. */
export function suiteOf(
  suite: SuiteResult['suite'],
  measurements: readonly Measurement[],
): SuiteResult {
  const meaning = `meaning of ${suite}`;
  return { suite, measurements, figures: [], meaning, seconds: 10, invalidBecause: [] };
}

/** A result of these suites on a machine that does not exist. */
export function benchResult(
  suites: readonly SuiteResult[],
  changes: Partial<BenchResult> = {},
): BenchResult {
  return {
    schema: 1,
    startedAt: '2026-11-26T12:00:00.000Z',
    endedAt: '2026-11-26T12:30:00.000Z',
    mode: 'full',
    machine: {
      cpu: 'Test CPU',
      cores: 2,
      memoryBytes: 8 * 1_073_741_824,
      system: 'Test 1.0',
      loadBefore: 0.1,
      loadAfter: 1.9,
    },
    commit: { sha: '0123456789abcdef0123456789abcdef01234567', isDirty: false },
    versions: { node: '20.0.0', 'onnxruntime-node': '1.30.0' },
    model: { id: 'guidenet', sha256: 'ab'.repeat(32), precision: 'int8' },
    kernels: { origin: 'native', reason: 'for the test' },
    suites,
    rows: [],
    meaning: 'meaning',
    invalidBecause: [],
    ...changes,
  };
}

/** A result with something in every part of a report; its numbers mean nothing. */
export function wholeBenchResult(changes: Partial<BenchResult> = {}): BenchResult {
  const ageOf = (p50Ms: number) => ({ ageAtTicksMs: latencyAround(p50Ms) });
  const suites = [
    suiteOf('end-to-end', [
      ...repeated('echoline', { format: 'gray8', widthPx: 512, heightPx: 512 }, 4),
      ...repeated('echoline', { format: 'jpeg', widthPx: 640, heightPx: 480 }, 6),
    ]),
    suiteOf('streams', [
      ...[1, 2, 4, 8, 12].flatMap((streams) =>
        repeated('echoline', { streams, fps: 30 }, 3 + streams).slice(0, 1),
      ),
    ]),
    suiteOf('overload', [
      ...[30, 200, 400, 800, 2000].flatMap((fps, index) =>
        repeated(
          'echoline',
          { offered: index === 0 ? 'unloaded' : `${[0, 1, 2, 4, 10][index]} ×`, fps },
          4,
          ageOf(20 + index),
        ).slice(0, 1),
      ),
    ]),
    suiteOf('peers', [
      ...repeated('echoline', { load: 'paced', fps: 30, streams: 1 }, 4),
      ...repeated('python', { load: 'paced', fps: 30, streams: 1 }, 6),
      ...repeated('node', { load: 'paced', fps: 30, streams: 1 }, 3),
      ...repeated('echoline', { load: 'twice', fps: 400, streams: 1 }, 4, ageOf(22)),
      ...repeated('python', { load: 'twice', fps: 400, streams: 1 }, 900, ageOf(900)),
      ...repeated('node', { load: 'twice', fps: 400, streams: 1 }, 1900, ageOf(1900)),
    ]),
  ];
  const rows = [
    {
      what: 'gray8 512 × 512, 30 fps',
      reach: '+ 1.5 ms p50',
      stretch: '+ 0.7 ms',
      figure: '+ 1.1 ms',
      met: 'reach',
    },
    { what: 'streams', reach: '≥ 8', stretch: '≥ 12', figure: '6', met: 'missed' },
  ] as const;
  return benchResult(suites, { rows, ...changes });
}
