import type { BenchMode, SuiteResult, TableRow } from './result.js';
import { createResultReader, type ResultReader } from './result-reading.js';
import { type ClipCase, floorName } from './suites/end-to-end.js';
import { type Part, rowOf } from './table-row.js';

const plusMs = (value: number) => `${value < 0 ? '−' : '+'} ${Math.abs(value).toFixed(2)} ms`;
const times = (value: number) => `${value.toFixed(2)} ×`;
const percent = (value: number) => `${value.toFixed(1)} %`;
const plain = (value: number) => value.toFixed(0);
const seconds = (value: number) => `${value.toFixed(2)} s`;

/** The rows of the table of figures to reach, in its order, whatever could be measured. */
export function figureTable(suites: readonly SuiteResult[], mode: BenchMode): readonly TableRow[] {
  const gray = 'gray8 512 × 512, 30 fps: due → overlay over run() + echo';
  const rows: readonly ((read: ResultReader, mode: BenchMode) => TableRow)[] = [
    (read) => floorRow(read, GRAY_512, gray, mode),
    (read) => floorRow(read, GRAY_1080, 'the same, 1920 × 1080', mode),
    (read) => floorRow(read, JPEG_480, 'the same, JPEG 640 × 480', mode),
    cpuRow,
    streamsRow,
    pythonRow,
    ageRow,
    overloadRow,
    soakRow,
    displaysRow,
    kernelsRow,
    startRow,
  ];
  return rows.map((rowFrom) => {
    const read = createResultReader(suites);
    const row = rowFrom(read, mode);
    return read.hasReadInvalid ? { ...row, figure: `${row.figure} ${INVALID_MARK}` } : row;
  });
}

/** Behind a figure for which no valid load was left; the objections follow below the table. */
const INVALID_MARK = '[invalid: must not be quoted]';

type FloorCase = ClipCase & {
  readonly p50: readonly [number, number];
  readonly p99: readonly [number, number] | null;
};
const GRAY_512: FloorCase = {
  format: 'gray8',
  widthPx: 512,
  heightPx: 512,
  p50: [1.5, 0.7],
  p99: [5, 2.5],
};
const GRAY_1080: FloorCase = {
  format: 'gray8',
  widthPx: 1920,
  heightPx: 1080,
  p50: [2.5, 1.2],
  p99: null,
};
const JPEG_480: FloorCase = {
  format: 'jpeg',
  widthPx: 640,
  heightPx: 480,
  p50: [3, 2],
  p99: null,
};

function floorRow(read: ResultReader, one: FloorCase, what: string, mode: BenchMode): TableRow {
  const { format, widthPx, heightPx } = one;
  const over = (percentile: 'p50' | 'p99', floor: string) => {
    const conditions = { format, widthPx, heightPx };
    const latency = read.load(
      'end-to-end',
      'echoline',
      conditions,
      (figures) => figures.dueToOverlayMs?.[percentile],
    );
    return minus(latency, read.figure('end-to-end', `${floorName(one)} ${floor}`));
  };
  const overShort = over('p50', 'p50, short answer');
  const parts = (['p50', 'p99'] as const).flatMap((name): Part[] => {
    const limits = one[name];
    if (limits === null) return [];
    const label = name === 'p99' ? indicative(name, mode) : name;
    const [reach, stretch] = limits;
    const note =
      name === 'p50' && overShort !== null
        ? { note: `${plusMs(overShort)} over an echo that answers briefly` }
        : {};
    return [{ name: label, value: over(name, name), reach, stretch, show: plusMs, ...note }];
  });
  return rowOf(what, parts, 'the raw floors were not measured');
}

function cpuRow(read: ResultReader): TableRow {
  const value = over(
    read.figure('streams', 'CPU per frame'),
    read.figure('streams', 'raw run() CPU'),
  );
  const part = { name: '', value, reach: 2, stretch: 1.5, show: times };
  return rowOf('service CPU per frame over raw run() CPU, many streams', [part], 'no raw run()');
}

function streamsRow(read: ResultReader): TableRow {
  const value = read.figure('streams', 'streams carried');
  const part = { name: '', value, reach: 8, stretch: 12, isMoreBetter: true, show: plain };
  return rowOf('streams at 30 fps, p99 ≤ 33 ms, < 1 % superseded', [part], 'not measured');
}

function pythonRow(read: ResultReader, mode: BenchMode): TableRow {
  const forms = read.peers('peers').filter((name) => name.startsWith('python'));
  const ratio = (
    load: string,
    pick: Parameters<ResultReader['load']>[3],
    best: (values: readonly number[]) => number,
  ) => {
    const of = (target: string) => read.load('peers', target, { load }, pick);
    const theirs = forms.map(of).flatMap((value) => (value === null ? [] : [value]));
    return theirs.length === 0 ? null : over(of('echoline'), best(theirs));
  };
  const least = (values: readonly number[]) => Math.min(...values);
  const most = (values: readonly number[]) => Math.max(...values);
  const p50 = ratio('paced', (figures) => figures.dueToOverlayMs?.p50, least);
  const p99 = ratio('paced', (figures) => figures.dueToOverlayMs?.p99, least);
  const throughput = ratio('throughput', (figures) => figures.overlaysPerSecond, most);
  return rowOf(
    'against the Python peer in its best form: p50 / p99 / throughput',
    [
      { name: 'p50', value: p50, reach: 1, stretch: 0.95, show: times },
      { name: indicative('p99', mode), value: p99, reach: 0.7, stretch: 0.5, show: times },
      {
        name: 'throughput',
        value: throughput,
        reach: 1.3,
        stretch: 1.8,
        isMoreBetter: true,
        show: times,
      },
    ],
    'the Python peer did not run',
  );
}

function ageRow(read: ResultReader): TableRow {
  const age = (target: string) =>
    read.load('peers', target, { load: 'twice' }, (figures) => figures.ageAtTicksMs?.p50);
  const ran = read.peers('peers');
  const parts = (ran.length === 0 ? ['python', 'node'] : ran).map((name) => ({
    name: `over ${name}`,
    value: over(age('echoline'), age(name)),
    reach: 0.3,
    stretch: 0.1,
    show: times,
  }));
  const what = 'age of the newest overlay at 2 × offered load, p50, against Python and plain Node';
  return rowOf(what, parts, 'no peer ran');
}

function overloadRow(read: ResultReader, mode: BenchMode): TableRow {
  const age = (offered: string) =>
    read.load('overload', 'echoline', { offered }, (figures) => figures.ageAtTicksMs?.p99);
  const value = over(age('10 ×'), age('unloaded'));
  const name = mode === 'quick' ? 'indicative' : '';
  const part = { name, value, reach: 2, stretch: 1.3, show: times };
  return rowOf('overload 10 ×: age at display ticks, p99, over unloaded', [part], 'not measured');
}

/**
 * A trend is one where chance makes it less than once in a hundred times; a rise above 2 % misses.
 * A fall is shown as it is.
 */
function soakRow(read: ResultReader, mode: BenchMode): TableRow {
  const z = read.figure('soak', 'age trend z');
  const trend = read.figure('soak', 'age trend');
  const memory = read.figure('soak', 'RSS change');
  const value = z === null || trend === null ? null : Math.abs(z) > 2.58 ? trend : 0;
  const what = mode === 'quick' ? 'soak (5,000 frames)' : 'soak 100,000 frames';
  return rowOf(
    what,
    [
      { name: 'age trend', value, reach: 2, stretch: 2, show: percent },
      {
        name: 'RSS change',
        value: memory === null ? null : Math.abs(memory),
        reach: 5,
        stretch: 2,
        show: percent,
      },
    ],
    'not measured',
  );
}

function displaysRow(read: ResultReader, mode: BenchMode): TableRow {
  const p99 = (count: number) =>
    read.load(
      'displays',
      'echoline',
      { displays: count },
      (figures) => figures.dueToOverlayMs?.p99,
    );
  const part = {
    name: mode === 'quick' ? 'indicative' : '',
    value: minus(p99(100), p99(1)),
    reach: 3,
    stretch: 1,
    show: plusMs,
  };
  return rowOf('100 displays: added p99 on the first display', [part], 'not measured');
}

function kernelsRow(read: ResultReader): TableRow {
  const ratio = (name: string, figure: string, reach: number, stretch: number): Part => ({
    name,
    value: read.figure('kernels', `${figure}, ratio`),
    reach,
    stretch,
    isMoreBetter: true,
    show: times,
  });
  const whole = read.figure('kernels', 'JPEG decode 640 × 480, ratio');
  const parts = [
    ratio('preprocess', 'preprocess, a stream of 512 × 512', 4, 8),
    {
      // What the live path does: the smallest size that serves the network.
      ...ratio('JPEG as the live path decodes it', 'JPEG decode 640 × 480, reduced', 2, 4),
      ...(whole !== null && { note: `${times(whole)} where both decode the whole image` }),
    },
  ];
  return rowOf(
    'native preprocess over reference; JPEG decode over sharp',
    parts,
    'no native kernels',
  );
}

function startRow(read: ResultReader): TableRow {
  const value = read.figure('start', 'start to first overlay');
  const part = { name: '', value, reach: 1.5, stretch: 0.8, show: seconds };
  return rowOf('start to first overlay', [part], 'not measured');
}

/** Few frames lie above a 99th percentile of a quick run: it is marked. */
function indicative(name: string, mode: BenchMode): string {
  return mode === 'quick' ? `${name} (indicative)` : name;
}

function minus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

function over(a: number | null, b: number | null): number | null {
  return a === null || b === null || b === 0 ? null : a / b;
}
