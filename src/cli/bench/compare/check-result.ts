import type { BenchResult } from '../result.js';

type Check = (value: unknown, path: string) => string | null;

const expected = (path: string, what: string) => `${path}: expected ${what}`;
const text: Check = (value, path) => (typeof value === 'string' ? null : expected(path, 'a text'));
const number: Check = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) ? null : expected(path, 'a number');

function orNull(check: Check): Check {
  return (value, path) => (value === null ? null : check(value, path));
}

function listOf(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return expected(path, 'a list');
    return firstOf(value.map((item: unknown, index) => () => check(item, `${path}.${index}`)));
  };
}

/** An object with these fields; others may be there. */
function fields(checks: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (!isObject(value)) return expected(path, 'an object');
    const prefix = path === '' ? '' : `${path}.`;
    return firstOf(
      Object.entries(checks).map(
        ([name, check]) =>
          () =>
            check(value[name], prefix + name),
      ),
    );
  };
}

function valuesOf(check: Check): Check {
  return (value, path) => {
    if (!isObject(value)) return expected(path, 'an object');
    return firstOf(
      Object.entries(value).map(
        ([name, item]) =>
          () =>
            check(item, `${path}.${name}`),
      ),
    );
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstOf(checks: readonly (() => string | null)[]): string | null {
  for (const check of checks) {
    const problem = check();
    if (problem !== null) return problem;
  }
  return null;
}

const numberOrText: Check = (value, path) =>
  text(value, path) === null ? null : number(value, path);
const LATENCY = orNull(
  fields({ count: number, p50: number, p90: number, p99: number, p999: number, max: number }),
);
const FIGURES = fields({
  due: number,
  skipped: number,
  verdicts: valuesOf(number),
  dueToOverlayMs: LATENCY,
  ageAtTicksMs: LATENCY,
  receiveToPublishMs: LATENCY,
  stageMs: orNull(valuesOf(number)),
  overlaysPerSecond: number,
  targetCpuSecondsPerFrame: orNull(number),
  targetMemoryBytesMax: orNull(number),
  invalidBecause: listOf(text),
});
const MEASUREMENT = fields({
  target: text,
  conditions: valuesOf(numberOrText),
  repetition: number,
  figures: FIGURES,
});
const SUITE = fields({
  suite: text,
  measurements: listOf(MEASUREMENT),
  figures: listOf(fields({ name: text, value: orNull(number), unit: text })),
  meaning: text,
  seconds: number,
  invalidBecause: listOf(text),
});
const RESULT = fields({
  startedAt: text,
  endedAt: text,
  mode: text,
  machine: fields({ cpu: text, cores: number, memoryBytes: number, system: text }),
  commit: orNull(fields({ sha: text })),
  versions: valuesOf(text),
  model: orNull(fields({ id: text, sha256: text, precision: text })),
  suites: listOf(SUITE),
  rows: listOf(fields({ what: text, reach: text, stretch: text, figure: text, met: text })),
  invalidBecause: listOf(text),
});

/**
 * Whether a value read from a file is the result of a benchmark, as far as comparisons and reports
 * use it.
 *
 * @returns the first thing that is wrong, e.g. `suites.0.measurements: expected a list`, else null
 */
export function problemOfResult(value: unknown): string | null {
  if (!isObject(value)) return 'expected an object';
  if (value.schema !== 1) return 'schema: expected 1';
  return RESULT(value, '');
}

/** The same as a type. */
export function isResult(value: unknown): value is BenchResult {
  return problemOfResult(value) === null;
}
