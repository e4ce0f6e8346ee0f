import { type Frame, frameKey } from '../../../domain/frame.js';
import { escapeHtml } from '../../html/escape.js';
import { htmlPage } from '../../html/html-page.js';
import type { ProcedureReport, ReportSection } from '../procedure-report.js';
import { keyFramePicture } from './key-frame-picture.js';
import { seriesCharts } from './series-charts.js';
import {
  eventTable,
  injectionTable,
  metricTables,
  procedureFacts,
  recordingFacts,
} from './summary-tables.js';
import { secondsAt, type TimeSpan, timeText } from './time-axis.js';
import { timeline } from './timeline.js';

const STYLE = `
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 0.85rem; margin: 2px 0 14px; }
.simulated { background: #ffe2b8; border: 1px solid #c25100; padding: 8px 12px; font-weight: 600; }
figure.wide svg { max-width: 960px; }
.tables { display: flex; flex-wrap: wrap; gap: 0 32px; align-items: flex-start; }
.frames { grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); }
@media print { .frames { grid-template-columns: 1fr 1fr; } figure { break-inside: avoid; } }
`;

/**
 * A report as one HTML page that asks nothing of anyone.
 *
 * @param frames - the pictures of its key frames (`keyFrameKeys`); one that is missing is said
 */
export async function reportPage(
  report: ProcedureReport,
  frames: readonly Frame[],
): Promise<string> {
  const { summary, sections } = report;
  const byKey = new Map(frames.map((frame) => [frameKey(frame), frame]));
  const parts = await Promise.all(sections.map((section) => sectionHtml(section, byKey)));
  const limits = summary.limits.map((words) => `<li>${escapeHtml(words)}</li>`).join('');
  const body = [
    '<h1>Echoline: report of a procedure</h1>',
    `<p class="notice" role="note">${escapeHtml(summary.notice)}</p>`,
    summary.recording.isSimulated
      ? '<p class="simulated">SIMULATED: made by the phantom, not by a patient.</p>'
      : '',
    recordingFacts(summary),
    ...parts,
    `<h2>Limits</h2><ul>${limits}</ul>`,
    `<footer><p>${escapeHtml(summary.notice)} What each figure means: `,
    '<code>docs/procedures.md</code> and <code>docs/guidance.md</code>.</p></footer>',
  ].join('\n');
  return htmlPage(`Echoline report: ${summary.recording.name}`, body, STYLE);
}

/** Keys of the frames whose pictures the page shows. */
export function keyFrameKeys({ sections }: ProcedureReport): ReadonlySet<string> {
  const shown = sections.flatMap(({ record }) => record.keyFrames.map(({ overlay }) => overlay));
  return new Set(shown.map(frameKey));
}

async function sectionHtml(
  section: ReportSection,
  frames: ReadonlyMap<string, Frame>,
): Promise<string> {
  const { procedure, summary, metrics, record } = section;
  const span = spanOf(section);
  const title = procedure?.protocol.title ?? 'The whole recording: no procedure was started in it';
  const unsuitable = procedure?.protocol.ultrasoundAlone;
  const pictures = await Promise.all(
    record.keyFrames.map((one) => {
      const when = timeText(secondsAt(span, one.overlay.clock.receivedAtUs));
      return keyFramePicture(one, frames.get(frameKey(one.overlay)) ?? null, when);
    }),
  );
  return [
    `<h2>${escapeHtml(title)}${procedure?.side ? `, ${procedure.side}` : ''}</h2>`,
    unsuitable === undefined
      ? ''
      : `<p${unsuitable.isSuitable ? '' : ' class="notice"'}>${escapeHtml(unsuitable.words)}</p>`,
    procedure === null ? '' : procedureFacts(procedure, summary?.durationMs ?? 0),
    '<h3>Timeline</h3>',
    timeline(record.runs, metrics, procedure, span),
    seriesCharts(record, span),
    '<h3>Figures</h3>',
    `<div class="tables">${metricTables(metrics, span)}`,
    procedure === null ? '' : injectionTable(procedure, span),
    procedure === null ? '' : eventTable(procedure, span),
    '</div>',
    pictures.length === 0
      ? ''
      : '<h3>Key frames</h3><p>Orange: needle, 90 % radius of the tip and trajectory. Yellow: ' +
        'structures to stay out of or beside. Blue: other structures. Green ' +
        'cross: target, broken where it is not held.</p>' +
        `<div class="frames">${pictures.join('')}</div>`,
  ].join('\n');
}

function spanOf({ procedure, record }: ReportSection): TimeSpan {
  const startUs = procedure?.startedAtUs ?? record.firstAtUs ?? 0;
  const endUs = Math.max(procedure?.endedAtUs ?? 0, record.lastAtUs ?? 0);
  return { startUs, lengthS: Math.max(1, (endUs - startUs) / 1e6) };
}
