import type { MotionMetrics } from '../../../session/procedure/motion-metrics.js';
import type { Procedure } from '../../../session/procedure/procedure.js';
import { escapeHtml, factList, htmlTable } from '../../html/escape.js';
import type { ReportSummary } from '../procedure-report.js';
import { eventWords } from './event-words.js';
import { secondsAt, type TimeSpan, timeText } from './time-axis.js';

const NOTHING = '–';

/** What was recorded, and by which model it was looked at. */
export function recordingFacts({ recording, model }: ReportSummary): string {
  return factList([
    ['recording', recording.name],
    ['recorded', recording.startedAt ?? 'not live'],
    ['frames looked at', String(recording.overlays)],
    ...(recording.framesLeftOut > 0
      ? [['pictures left out', String(recording.framesLeftOut)] as const]
      : []),
    ['model', model === null ? NOTHING : model.id],
    ['SHA-256', model === null ? NOTHING : model.sha256],
  ]);
}

/** The card of a procedure: what was meant to be done, where and how. */
export function procedureFacts(procedure: Procedure, durationMs: number): string {
  const { protocol, technique, side, injections, entry } = procedure;
  const { from, to } = protocol.expectedDepthMm;
  const { gaugeFrom, gaugeTo, approach } = protocol.needle;
  const gauge = gaugeFrom === gaugeTo ? `${gaugeFrom} G` : `${gaugeFrom} to ${gaugeTo} G`;
  const inMl = injections
    .filter(({ step }) => step !== 'aspirate')
    .reduce((sum, { givenMl }) => sum + (givenMl ?? 0), 0);
  return factList([
    ['protocol', `${protocol.title} (${protocol.id})`],
    ['side', side ?? 'not confirmed'],
    ['technique', technique.replace('-', ' ')],
    ['started', procedure.startedAt],
    ['lasted', timeText(durationMs / 1000)],
    ['target', protocol.target.name],
    ['expected depth', `${from} to ${to} mm`],
    ['needle', `${gauge}. ${approach}`],
    ['patient', protocol.positioning.patient],
    ['probe', protocol.positioning.probe],
    ['entry', entry === null ? 'not marked' : 'marked'],
    ['injected', `${Number(inMl.toFixed(2))} ml in all`],
  ]);
}

/** The figures, and per class the closest approach. */
export function metricTables(metrics: MotionMetrics, span: TimeSpan): string {
  const { passes, redirections, passesReason, tipVisibleMs, tipVisibleShare } = metrics;
  const counted = (value: number | null) =>
    value === null ? `${NOTHING} (${passesReason?.replaceAll('-', ' ') ?? ''})` : String(value);
  const visible =
    tipVisibleMs === null || tipVisibleShare === null
      ? NOTHING
      : `${timeText(tipVisibleMs / 1000)} (${Math.round(100 * tipVisibleShare)} %)`;
  const rows = [
    ['passes', counted(passes)],
    ['redirections', counted(redirections)],
    ['needle in view', timeText(metrics.needleInViewMs / 1000)],
    ['tip seen, and share of that time', visible],
    ['advanced while the tip was not seen', mm(metrics.unseenAdvanceMm)],
    ['advisories', String(metrics.advisories.length)],
  ];
  const closest = metrics.closest.map((one) => [
    escapeHtml(one.class),
    mm(one.clearanceMm),
    mm(one.lowerBoundMm),
    timeText(secondsAt(span, one.atUs)),
  ]);
  return (
    htmlTable('Figures of the procedure', [['what', 'value'], ...rows]) +
    htmlTable('Closest approach of the tip (below 0: inside)', [
      ['structure', 'clearance', 'lower 90 % bound', 'at'],
      ...closest,
    ]) +
    spreadTable(metrics, span)
  );
}

/** Where the injections were seen to go; nothing where none was watched. */
function spreadTable({ spreads }: MotionMetrics, span: TimeSpan): string {
  if (spreads.length === 0) return '';
  const rows = spreads.map((one) => [
    `${one.injection}.`,
    one.state.replaceAll('-', ' '),
    one.seenAtUs === null ? NOTHING : timeText(secondsAt(span, one.seenAtUs)),
    one.areaMaxMm2 === null ? NOTHING : `${one.areaMaxMm2.toFixed(0)} mm²`,
    one.wasInVessel ? 'yes' : 'no',
  ]);
  const table = htmlTable('Spread in the image plane', [
    ['injection', 'spread', 'first seen', 'largest area', 'inside a vessel'],
    ...rows,
  ]);
  return table + researchTable(spreads);
}

/** Nothing where the service ran without `research`. */
function researchTable(spreads: MotionMetrics['spreads']): string {
  const rows = spreads.flatMap(({ injection, research }) => {
    if (research === null) return [];
    const { contactAngleMaxDeg: angle, nerveAreaRatioMax: ratio } = research;
    const degrees = angle === null ? NOTHING : `${angle.toFixed(0)}°`;
    return [[`${injection}.`, degrees, ratio === null ? NOTHING : ratio.toFixed(2)]];
  });
  if (rows.length === 0) return '';
  return htmlTable('Spread round the nerve (research, not validated)', [
    ['injection', 'largest contact angle', 'largest area of the nerve, before = 1'],
    ...rows,
  ]);
}

/** What went through the needle. */
export function injectionTable({ injections }: Procedure, span: TimeSpan): string {
  const rows = injections.map((one) => [
    `${one.injection}. ${one.step.replaceAll('-', ' ')}`,
    one.plannedMl === null ? NOTHING : `${one.plannedMl} ml`,
    one.givenMl === null ? NOTHING : `${one.givenMl} ml`,
    timeText(secondsAt(span, one.startedAtUs)),
    one.endedAtUs === null ? 'not ended' : timeText(secondsAt(span, one.endedAtUs)),
  ]);
  return htmlTable('Injections', [['step', 'meant', 'given', 'from', 'to'], ...rows]);
}

/** Everything that the operator said, in its order. */
export function eventTable(procedure: Procedure, span: TimeSpan): string {
  const rows = procedure.events.map((event, index) => [
    `${index + 1}. ${escapeHtml(eventWords(event, procedure))}`,
    timeText(secondsAt(span, event.atUs)),
    escapeHtml(event.by),
  ]);
  return htmlTable('What was marked', [['what', 'at', 'by'], ...rows]);
}

function mm(value: number | null): string {
  return value === null ? NOTHING : `${value.toFixed(1)} mm`;
}
