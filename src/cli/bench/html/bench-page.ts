import { escapeHtml, factList, htmlTable } from '../../html/escape.js';
import { htmlPage } from '../../html/html-page.js';
import { conditionWords } from '../compare/compare-results.js';
import type { BenchResult, Measurement, SuiteResult, TableRow } from '../result.js';
import { latencySection, waterfallSection } from './latency-section.js';
import { overloadPlot, streamsPlot } from './load-plots.js';
import { peersSection } from './peers-section.js';
import { costSection, kernelsSection, soakSection } from './suite-sections.js';

const STYLE = [
  'figure.plot svg { display: block; width: 100%; max-width: 720px; height: auto; }',
  '.figures td { white-space: normal; min-width: 90px; text-align: left; }',
  'details > summary { cursor: pointer; font-weight: 600; margin: 1rem 0; }',
].join('\n');
const OBJECTIONS_SHOWN = 4;
const MET: Readonly<Record<TableRow['met'], string>> = {
  stretch: 'met',
  reach: 'met',
  missed: 'missed',
  'not available': 'none',
};

/**
 * Results of `echoline bench` as one HTML page that asks nothing of anyone: tables, and diagrams
 * drawn here. Several results follow one another; nothing is mixed between them.
 *
 * @throws EcholineError ECHOLINE_BENCH_RESULT when a stored distribution cannot be read
 */
export function benchPage(results: readonly BenchResult[]): string {
  const body = [
    '<h1>Echoline: benchmark</h1>',
    '<p>What each figure means, and how it can mislead: <code>docs/benchmarks.md</code>.</p>',
    ...results.map(resultPart),
  ];
  return htmlPage('Echoline benchmark', body.join('\n'), STYLE);
}

function resultPart(result: BenchResult): string {
  const { startedAt, mode, invalidBecause, rows, suites } = result;
  const measurements = suites.flatMap((suite) => suite.measurements);
  const found = (name: SuiteResult['suite']) => suites.find(({ suite }) => suite === name);
  const suiteNamed = (name: SuiteResult['suite']) => found(name)?.measurements ?? [];
  const endToEnd = suiteNamed('end-to-end');
  const latencies = endToEnd.length > 0 ? endToEnd : suiteNamed('clip');
  return [
    `<h2>${escapeHtml(`${mode}, ${startedAt}`)}</h2>`,
    mode === 'full' || mode === 'clip' ? '' : notice(`Form ${mode}: figures are indicative.`),
    objections(invalidBecause),
    factList(conditionsOf(result)),
    figureTable(rows),
    latencySection(latencies),
    waterfallSection(latencies),
    overloadPlot(suiteNamed('overload'), suiteNamed('peers')),
    streamsPlot(suiteNamed('streams')),
    peersSection(suiteNamed('peers')),
    soakSection(suiteNamed('soak')),
    kernelsSection(found('kernels')?.figures ?? []),
    costSection(found('cost')?.figures ?? []),
    folded('Every other figure', numbersTable(suites)),
    folded('Every load', loadTable(suites)),
    measurements.length === 0 ? '<p class="none">No load was measured.</p>' : '',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Why figures must not be quoted; a long list is folded below its length. */
function objections(reasons: readonly string[]): string {
  if (reasons.length === 0) return '';
  const list = `<ul>${reasons.map((reason) => `<li>${escapeHtml(reason)}</li>`).join('')}</ul>`;
  const words = `Must not be quoted, for ${reasons.length} reasons`;
  return reasons.length <= OBJECTIONS_SHOWN
    ? `<div class="notice">Must not be quoted:${list}</div>`
    : `<div class="notice">${folded(words, list)}</div>`;
}

/** Something long that opens when asked for; nothing where there is nothing. */
function folded(title: string, content: string): string {
  if (content === '') return '';
  return `<details><summary>${escapeHtml(title)}</summary>${content}</details>`;
}

function notice(words: string): string {
  return `<p class="notice">${escapeHtml(words)}</p>`;
}

function conditionsOf(result: BenchResult): readonly (readonly [string, string])[] {
  const { machine, commit, versions, model, kernels, meaning, startedAt, endedAt } = result;
  const load = [machine.loadBefore, machine.loadAfter].map((value) => value?.toFixed(2) ?? '?');
  return [
    ['machine', `${machine.cores} × ${machine.cpu}, ${machine.system}`],
    ['memory', `${(machine.memoryBytes / 2 ** 30).toFixed(1)} GiB`],
    ['load before and after', load.join(', ')],
    ['measured', `${startedAt} to ${endedAt}`],
    ['commit', commit === null ? 'no checkout' : commitWords(commit)],
    [
      'versions',
      Object.entries(versions)
        .map((pair) => pair.join(' '))
        .join(', '),
    ],
    ['model', model === null ? 'unknown' : `${model.id}, ${model.precision}, ${model.sha256}`],
    ['kernels', kernels === null ? 'unknown' : `${kernels.origin}: ${kernels.reason}`],
    ['meaning', meaning],
  ];
}

function commitWords({ sha, isDirty }: NonNullable<BenchResult['commit']>): string {
  return isDirty ? `${sha}, with changes that are not committed` : sha;
}

function figureTable(rows: readonly TableRow[]): string {
  const body = rows.map(({ what, reach, stretch, figure, met }) => [
    escapeHtml(what),
    escapeHtml(reach),
    escapeHtml(stretch),
    escapeHtml(figure),
    `<span class="${MET[met] ?? 'none'}">${escapeHtml(met)}</span>`,
  ]);
  const table = htmlTable('Figures to reach', [['what', 'reach', 'stretch', 'got', ''], ...body]);
  return table === '' ? '' : `<div class="figures">${table}</div>`;
}

function numbersTable(suites: readonly SuiteResult[]): string {
  const others = suites.filter(({ suite }) => suite !== 'kernels' && suite !== 'cost');
  const body = others.flatMap(({ suite, figures }) =>
    figures.map(({ name, value, unit }) => [
      escapeHtml(`${suite}: ${name}`),
      // JSON has no NaN: a figure that came out as none is null in the file.
      escapeHtml(Number.isFinite(value) ? `${Number(value.toPrecision(4))} ${unit}` : '–'),
    ]),
  );
  return htmlTable('Other figures', [['figure', 'value'], ...body]);
}

function loadTable(suites: readonly SuiteResult[]): string {
  const head = ['load', 'repeat', 'p50', 'p90', 'p99', 'p99.9', 'max', 'age p50', 'age p99'];
  const more = ['due', 'ok', 'overlays/s', 'CPU ms/frame', 'memory MiB', 'worst frame'];
  const body = suites.flatMap(({ suite, measurements }) =>
    measurements.map((measurement) => loadCells(suite, measurement)),
  );
  const caption = 'Every load. Times in ms; latency is from when a frame was due to its overlay';
  return htmlTable(caption, [[...head, ...more], ...body]);
}

function loadCells(suite: string, measurement: Measurement): readonly string[] {
  const { target, conditions, repetition, figures } = measurement;
  const { dueToOverlayMs: latency, ageAtTicksMs: age, worst } = figures;
  const cpu = figures.targetCpuSecondsPerFrame;
  const memory = figures.targetMemoryBytesMax;
  const cells: readonly (number | null | undefined)[] = [
    ...[latency?.p50, latency?.p90, latency?.p99, latency?.p999, latency?.max],
    ...[age?.p50, age?.p99],
    ...[figures.due, figures.verdicts.ok, figures.overlaysPerSecond],
    ...[cpu === null ? null : 1000 * cpu, memory === null ? null : memory / 2 ** 20],
  ];
  return [
    escapeHtml(`${suite}: ${target}, ${conditionWords(conditions)}`),
    String(repetition + 1),
    ...cells.map((value) => (typeof value === 'number' ? String(Number(value.toFixed(2))) : '–')),
    worst === null ? '–' : escapeHtml(`${worst.frameId} (${worst.ms.toFixed(1)} ms)`),
  ];
}
