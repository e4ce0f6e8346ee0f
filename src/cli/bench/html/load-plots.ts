import { median } from '../../../domain/median.js';
import type { Measurement } from '../result.js';
import { type Line, linePlot } from './plot.js';

/** The table's limit of the suite `streams`, ms. */
const P99_MAX_MS = 33;

type Read = (measurement: Measurement) => number | null | undefined;

/** Age of the newest overlay against offered load, of Echoline and of the peers that ran. */
export function overloadPlot(
  overload: readonly Measurement[],
  peers: readonly Measurement[],
): string {
  const age =
    (percentile: 'p50' | 'p99'): Read =>
    ({ figures }) =>
      figures.ageAtTicksMs?.[percentile];
  const offered: Read = ({ conditions }) => conditionOf(conditions, 'fps');
  // `filled` found the capacity: beside twice of it it would be a second point at the same place.
  const known = overload.filter(({ conditions }) => conditions.offered !== 'filled');
  const targets = [...new Set(peers.map(({ target }) => target))].filter(
    (target) => !overload.some((measurement) => measurement.target === target),
  );
  const single = (target: string) =>
    peers.filter(({ target: of, conditions }) => of === target && conditions.streams === 1);
  const lines = [
    lineOf('echoline, p50', known, offered, age('p50')),
    lineOf('echoline, p99', known, offered, age('p99')),
    ...targets.map((target) => lineOf(`${target}, p50`, single(target), offered, age('p50'))),
  ];
  return linePlot(
    'Overload: age of the newest overlay at every tick of a 60 Hz display',
    { title: 'offered frames a second', scale: 'log' },
    { title: 'ms', scale: 'log' },
    lines,
  );
}

/** p50 and p99 of latency against the number of streams at 30 frames/s. */
export function streamsPlot(streams: readonly Measurement[]): string {
  const count: Read = ({ conditions }) => conditionOf(conditions, 'streams');
  const lines = (['p50', 'p99'] as const).map((percentile) =>
    lineOf(percentile, streams, count, ({ figures }) => figures.dueToOverlayMs?.[percentile]),
  );
  return linePlot(
    'Streams: latency with as many carts at 30 frames/s',
    { title: 'streams', scale: 'linear' },
    { title: 'ms', scale: 'linear' },
    lines,
    [{ y: P99_MAX_MS, words: `${P99_MAX_MS} ms` }],
  );
}

/** Medians of all repetitions at each x, in the order of x. */
function lineOf(name: string, measurements: readonly Measurement[], x: Read, y: Read): Line {
  const found = new Map<number, number[]>();
  for (const measurement of measurements) {
    const [at, value] = [x(measurement), y(measurement)];
    if (typeof at !== 'number' || typeof value !== 'number') continue;
    found.set(at, [...(found.get(at) ?? []), value]);
  }
  const points = [...found]
    .map(([at, values]) => [at, median(values)] as const)
    .sort(([a], [b]) => a - b);
  return { name, points, hasDots: true };
}

function conditionOf(conditions: Measurement['conditions'], name: string): number | null {
  const value = conditions[name];
  return typeof value === 'number' ? value : null;
}
