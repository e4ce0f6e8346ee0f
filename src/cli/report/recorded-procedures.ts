import { join } from 'node:path';
import { readJsonLines } from '../../clips/json-lines.js';
import { EVENTS_FILE, EventLineSchema } from '../../clips/recording-format.js';
import { EcholineError } from '../../domain/errors.js';
import { type ProcedureEvent, readProcedureEvent } from '../../protocol/procedure-messages.js';
import { evolve, type Procedure } from '../../session/procedure/procedure.js';

const PREFIX = 'procedure-';

/** The procedures of a recording, in their order. */
export interface RecordedProcedures {
  readonly procedures: readonly Procedure[];
  /** Frames that the disk could not keep up with. */
  readonly framesLeftOut: number;
}

/**
 * Puts the procedures of a recording together again from their events.
 *
 * @throws EcholineError ECHOLINE_CLIP_DATA naming the line
 */
export async function recordedProcedures(directory: string): Promise<RecordedProcedures> {
  const lines = await readJsonLines(join(directory, EVENTS_FILE), EventLineSchema);
  const procedures: Procedure[] = [];
  let framesLeftOut = 0;
  for (const [index, { kind, details }] of lines.entries()) {
    if (kind === 'frames-left-out') framesLeftOut += Number(details.frames);
    if (!kind.startsWith(PREFIX)) continue;
    const event = readProcedureEvent(details.event);
    if (event === null) throw lineError(index + 1, kind);
    take(procedures, event);
  }
  return { procedures, framesLeftOut };
}

function take(procedures: Procedure[], event: ProcedureEvent): void {
  const isNew = event.kind === 'started';
  const after = evolve(isNew ? null : (procedures.at(-1) ?? null), event);
  if (after === null) return;
  if (!isNew) procedures.pop();
  procedures.push(after);
}

function lineError(line: number, kind: string): EcholineError {
  const message = `${EVENTS_FILE} line ${line}: ${kind} is not what docs/procedures.md says.`;
  return new EcholineError('ECHOLINE_CLIP_DATA', message, { line });
}
