import type { LoadFigures } from '../load-figures.js';

/** One number of a load, by the name it has in `bench compare --fail-if`. */
export interface LoadMetric {
  readonly name: string;
  readonly title: string;
  readonly unit: 'ms' | 'bytes' | 'frames/s';
  readonly isMoreBetter: boolean;
  /** null where the load has no such number. */
  read(figures: LoadFigures): number | null;
}

/** What two results are compared by, in the order of tables. */
export const LOAD_METRICS: readonly LoadMetric[] = [
  latency('p50', (figures) => figures.dueToOverlayMs?.p50),
  latency('p90', (figures) => figures.dueToOverlayMs?.p90),
  latency('p99', (figures) => figures.dueToOverlayMs?.p99),
  latency('p99.9', (figures) => figures.dueToOverlayMs?.p999),
  latency('max', (figures) => figures.dueToOverlayMs?.max),
  age('age-p50', 'p50', (figures) => figures.ageAtTicksMs?.p50),
  age('age-p99', 'p99', (figures) => figures.ageAtTicksMs?.p99),
  {
    name: 'cpu',
    title: 'CPU time per frame',
    unit: 'ms',
    isMoreBetter: false,
    read: ({ targetCpuSecondsPerFrame: seconds }) => (seconds === null ? null : 1000 * seconds),
  },
  {
    name: 'memory',
    title: 'largest memory',
    unit: 'bytes',
    isMoreBetter: false,
    read: ({ targetMemoryBytesMax }) => targetMemoryBytesMax,
  },
  {
    name: 'throughput',
    title: 'overlays a second',
    unit: 'frames/s',
    isMoreBetter: true,
    read: ({ overlaysPerSecond }) => overlaysPerSecond,
  },
];

function latency(name: string, read: (figures: LoadFigures) => number | undefined): LoadMetric {
  return milliseconds(name, `due → overlay, ${name}`, read);
}

function age(
  name: string,
  percentile: string,
  read: (figures: LoadFigures) => number | undefined,
): LoadMetric {
  return milliseconds(name, `age of the newest overlay at display ticks, ${percentile}`, read);
}

function milliseconds(
  name: string,
  title: string,
  read: (figures: LoadFigures) => number | undefined,
): LoadMetric {
  const orNull = (figures: LoadFigures) => read(figures) ?? null;
  return { name, title, unit: 'ms', isMoreBetter: false, read: orNull };
}
