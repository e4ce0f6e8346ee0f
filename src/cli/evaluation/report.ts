import type { EvaluationResult } from './evaluate.js';
import type { Figures, Spread } from './tally.js';

/** What `eval` says about one suite: figures, or that there was no data. */
export type SuiteReport =
  | {
      readonly suite: string;
      readonly description: string;
      readonly results: readonly EvaluationResult[];
    }
  | { readonly suite: string; readonly description: string; readonly skipped: 'no data' };

const NAME_WIDTH = 34;
const COLUMNS: readonly (readonly [title: string, cell: (figures: Figures) => string])[] = [
  ['frames', (figures) => String(figures.frames)],
  ['tip mm med/p95', (figures) => spreadText(figures.tipErrorMm, 2)],
  ['tip px med/p95', (figures) => spreadText(figures.tipErrorPx, 1)],
  ['recall 2mm', (figures) => percentText(figures.recallAt2mm)],
  ['recall 5px', (figures) => percentText(figures.recallAt5px)],
  ['false tips', (figures) => percentText(figures.falseTipRate)],
  ['halluc.', (figures) => percentText(figures.hallucinatedTipRate)],
  ['angle med/p95', (figures) => spreadText(figures.angleErrorDeg, 1)],
  ['r90 cover', (figures) => percentText(figures.radius90Coverage)],
];

/** The table of one suite, line by line. `-`: no frame that the figure could be about. */
export function reportLines(report: SuiteReport): readonly string[] {
  const title = `${report.suite}: ${report.description}`;
  if ('skipped' in report) return [title, `  skipped: ${report.skipped}`, ''];
  const header = COLUMNS.map(([name]) => name.padStart(widthOf(name))).join(' ');
  const lines = [title, `${' '.repeat(NAME_WIDTH)}${header}`];
  for (const { mode, headline, strata } of report.results) {
    lines.push(rowText(`  ${mode}`, headline));
    for (const [name, figures] of Object.entries(strata)) {
      lines.push(rowText(`    ${name}`, figures));
    }
    const dice = Object.entries(headline.dice)
      .map(([name, value]) => `${name} ${value === null ? '-' : value.toFixed(2)}`)
      .join(', ');
    if (dice !== '') lines.push(`    Dice: ${dice}`);
  }
  return [...lines, ''];
}

/** What the columns mean; printed once below the tables. */
export const TABLE_NOTES: readonly string[] = [
  'tip: distance of stated from true tip, over frames whose tip can be seen and was stated;',
  'recall: share of frames with a visible tip on which it was stated within 2 mm or 5 px;',
  'false tips: share of needle-free frames with a stated tip; halluc.: share of frames with a',
  'needle but no visible tip (hidden or out of plane) on which a tip was stated as seen;',
  'angle: between stated and true shaft, degrees; r90 cover: true tips within the 90 % radius.',
];

function rowText(name: string, figures: Figures): string {
  const cells = COLUMNS.map(([title, cell]) => cell(figures).padStart(widthOf(title)));
  return `${name.padEnd(NAME_WIDTH)}${cells.join(' ')}`;
}

function widthOf(title: string): number {
  return Math.max(title.length, 8);
}

function spreadText({ median, p95 }: Spread, digits: number): string {
  if (median === null || p95 === null) return '-';
  return `${median.toFixed(digits)}/${p95.toFixed(digits)}`;
}

function percentText(share: number | null): string {
  return share === null ? '-' : `${(100 * share).toFixed(1)} %`;
}
