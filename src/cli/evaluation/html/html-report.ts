import { escapeHtml, factList } from '../../html/escape.js';
import { htmlPage } from '../../html/html-page.js';
import type { Interval } from '../bootstrap.js';
import type { EvaluationResult } from '../evaluate.js';
import { type EvaluationReport, NOT_A_DEVICE, STOPPED_EARLY } from '../evaluation-report.js';
import type { KeptFrame } from '../frame-gallery.js';
import type { ReachRow } from '../reach.js';
import type { SuiteReport } from '../suite-report.js';
import { barChart, recallChart, reliabilityChart } from './charts.js';
import { figureTables } from './figure-tables.js';
import { framePicture } from './frame-picture.js';
import { reachTable } from './reach-table.js';
import { parityTable, robustnessSection } from './robustness-section.js';
import { speedTable } from './speed-table.js';

type ScoredSuite = Exclude<SuiteReport, { readonly skipped: string }>;

/**
 * The whole evaluation as one HTML page that asks nothing of anyone: style, diagrams and pictures
 * are inside. Figures of simulated and of real frames are in different sections, never in one
 * table; pictures are of simulated frames only.
 */
export async function htmlReport(
  report: EvaluationReport,
  kept: readonly KeptFrame[],
): Promise<string> {
  const pictures = await Promise.all(
    kept.map(async (frame) => ({ frame, picture: await framePicture(frame) })),
  );
  const gallery = (isGood: boolean) =>
    pictures.filter(({ frame }) => frame.isGood === isGood).map(({ picture }) => picture);
  const body = [
    '<h1>Echoline: evaluation of a model</h1>',
    `<p class="notice" role="note">${escapeHtml(NOT_A_DEVICE)}</p>`,
    report.conditions.isComplete ? '' : `<p class="notice">${escapeHtml(STOPPED_EARLY)}</p>`,
    conditions(report),
    side(report, true),
    framesSection(gallery(true), gallery(false)),
    side(report, false),
    `<footer><p>${escapeHtml(NOT_A_DEVICE)} What each figure means and how its interval is made: `,
    '<code>docs/evaluation.md</code>.</p></footer>',
  ].join('\n');
  return htmlPage(`Echoline evaluation: ${report.model.id}`, body);
}

function conditions({ model, conditions: of, suites }: EvaluationReport): string {
  return factList([
    ['model', model.id],
    ['SHA-256', model.sha256],
    ['precision', of.precision],
    ['Echoline', of.echoline],
    ['measured', `${of.startedAt}, in ${of.durationS} s`],
    ['machine', `${of.machine}, Node ${of.node}`],
    ['suites', suites.map(({ suite }) => suite).join(', ')],
    ['intervals', intervalWords(of.bootstrapDraws, of.bootstrapSeed)],
    ['real data', of.hasRealData ? 'a data directory was given' : 'none was given'],
  ]);
}

function intervalWords(draws: number, seed: number): string {
  return (
    `95 %, percentile bootstrap over whole clips (real stills: groups of near-duplicates), ` +
    `${draws} draws, seed ${seed}; shares of 0 or 100 %: exact binomial over blocks`
  );
}

/** Everything about simulated, or everything about real frames. */
function side({ reach, suites }: EvaluationReport, isSimulated: boolean): string {
  const title = isSimulated ? 'Simulated frames (phantom)' : 'Real frames';
  const own = suites.filter((suite) => suite.isSimulated === isSimulated);
  const rows = reach.filter((row: ReachRow) => row.isSimulated === isSimulated);
  return [
    `<h2 class="${isSimulated ? 'simulated' : 'real'}">${title}</h2>`,
    reachTable(rows),
    ...own.map(suiteSection),
  ].join('\n');
}

function suiteSection(report: SuiteReport): string {
  const head = `<h3>${escapeHtml(report.suite)}: ${escapeHtml(report.description)}</h3>`;
  if ('skipped' in report)
    return `${head}<p class="none">Skipped: ${escapeHtml(report.skipped)}.</p>`;
  if (report.robustness !== undefined) return head + robustnessSection(report.robustness);
  if (report.parity !== undefined) return head + parityTable(report.parity);
  if (report.speed !== undefined) return head + speedTable(report.speed);
  return [head, figureTables(report.results), charts(report), strataBars(report)].join('\n');
}

function charts({ results }: ScoredSuite): string {
  const curves = results.flatMap(({ mode, diagrams }) =>
    diagrams.recallCurve === null ? [] : [{ name: mode, curve: diagrams.recallCurve }],
  );
  const figures: (readonly [string, string])[] = [];
  if (curves.length > 0) figures.push(['Recall against distance', recallChart(curves)]);
  for (const { mode, diagrams } of results) {
    const reliability = [
      [`Reliability of “a needle is there”, ${mode}`, diagrams.presenceReliability],
      [`Reliability of stated tips, ${mode}`, diagrams.tipReliability],
    ] as const;
    for (const [title, bins] of reliability) {
      if (bins.length > 0) figures.push([title, reliabilityChart(title, bins)]);
    }
  }
  const parts = figures.map(
    ([title, svg]) => `<figure>${svg}<figcaption>${escapeHtml(title)}</figcaption></figure>`,
  );
  return parts.length === 0 ? '' : `<div class="charts">${parts.join('')}</div>`;
}

const BARS = [
  ['recallAt2mm', 'Recall within 2 mm'],
  ['falseTipRate', 'Needle-free frames with a stated tip'],
  ['radius90Coverage', 'True tips within the stated 90 % radius'],
] as const;

function strataBars({ results }: ScoredSuite): string {
  return results
    .flatMap(({ mode, strata }: EvaluationResult) =>
      BARS.map(([name, title]) =>
        barChart(
          `${title}, by stratum, ${mode}`,
          Object.entries(strata).flatMap(([stratum, figures]) => {
            const value = figures[name];
            const interval: Interval | null = figures.intervals[name] ?? null;
            return value === null ? [] : [{ name: stratum, value, interval }];
          }),
        ),
      ),
    )
    .join('');
}

function framesSection(good: readonly string[], bad: readonly string[]): string {
  if (good.length + bad.length === 0) return '';
  return (
    '<h3>Best and worst simulated frames, through the tracker</h3>' +
    '<p>Green: true shaft and tip (a broken cross: the tip is there and cannot be seen). ' +
    'Orange: stated shaft, tip and 90 % radius. Blue: stated structures.</p>' +
    `<h4>Good</h4><div class="frames">${good.join('')}</div>` +
    `<h4>Bad</h4><div class="frames">${bad.join('')}</div>`
  );
}
