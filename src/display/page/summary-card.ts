import type { ProcedureState } from '../../protocol/procedure-messages.js';
import { elementById, makeElement } from './element.js';
import { type Fields, fieldsOf } from './fields.js';
import { reportPath, type ServiceAccess } from './service-access.js';
import { SUMMARY_WORDS, WORDS } from './words.js';

/**
 * Makes the card for after: what came of the procedure, with a link to the service's report. The
 * result is told the procedure a few times a second and asks the service once when it has ended.
 */
export function createSummaryCard(
  access: ServiceAccess,
): (procedure: ProcedureState | null, stream: string | null) => void {
  const section = elementById('summary', HTMLElement);
  const during = ['target-section', 'injection-section', 'end-procedure'] as const;
  const link = elementById('summary-link', HTMLAnchorElement);
  let asked: string | null = null;
  let reported: { readonly procedure: string; readonly stream: string } | null = null;
  link.addEventListener('click', (event) => {
    if (reported === null || access.buyReportAddress === null) return;
    event.preventDefault();
    openReport(access.buyReportAddress(reported.procedure, reported.stream));
  });

  async function fetchSummary(procedure: string): Promise<void> {
    try {
      showFigures(readFigures(await access.readSummary(procedure)));
    } catch {
      // Summaries are kept for a while only; the recording's report says the same.
      showFigures([[WORDS.summaryMissing, '']]);
    }
  }

  return (procedure, stream) => {
    const hasEnded = procedure !== null && procedure.endedAtUs !== null;
    section.hidden = !hasEnded;
    for (const id of during) elementById(id, HTMLElement).hidden = hasEnded;
    if (!hasEnded || asked === procedure.procedure) return;
    asked = procedure.procedure;
    reported = stream === null ? null : { procedure: asked, stream };
    link.href = reportPath(asked);
    void fetchSummary(procedure.procedure);
  };
}

/** Opens the tab at once: browsers refuse it once the click is over. Then leads it there. */
function openReport(address: Promise<string>): void {
  const tab = window.open('', '_blank');
  if (tab === null) return;
  tab.opener = null;
  address.then(
    (href) => tab.location.replace(href),
    (error: unknown) => {
      tab.close();
      showFigures([[error instanceof Error ? error.message : WORDS.summaryMissing, '']]);
    },
  );
}

/** A figure with its name. */
export type SummaryFigure = readonly [name: string, value: string];

/** The figures of a summary that are worth a line; what is null there is not known and left out. */
export function readFigures(summary: Fields): SummaryFigure[] {
  const all = { ...summary, ...fieldsOf(summary.metrics) };
  const figures: SummaryFigure[] = [];
  for (const [key, words, show] of SUMMARY_WORDS) {
    const value = all[key];
    if (typeof value === 'number' && Number.isFinite(value)) figures.push([words, show(value)]);
  }
  return figures;
}

function showFigures(figures: readonly SummaryFigure[]): void {
  elementById('summary-figures', HTMLElement).replaceChildren(
    ...figures.flatMap(([name, value]) => [
      makeElement('dt', '', name),
      makeElement('dd', '', value),
    ]),
  );
}
