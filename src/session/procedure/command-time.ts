import { EcholineError } from '../../domain/errors.js';

/** How far a display's idea of the service's clock may be ahead of it, µs. */
const AHEAD_MAX_US = 250_000;

/**
 * When a command counts: when it was meant, or when it came in.
 *
 * @returns µs, service clock, never before the event before
 * @throws EcholineError ECHOLINE_PROCEDURE_TIME: meant before what happened last, or in the future
 */
export function checkTime(
  command: { readonly type: string; readonly atUs?: number | undefined },
  context: { readonly nowUs: number; readonly lastEventAtUs: number | null },
): number {
  const { nowUs, lastEventAtUs } = context;
  const earliestUs = lastEventAtUs ?? 0;
  const { atUs } = command;
  if (atUs === undefined) return Math.max(nowUs, earliestUs);
  if (atUs >= earliestUs && atUs <= nowUs + AHEAD_MAX_US) return atUs;
  const message =
    `${command.type}: atUs: expected from ${earliestUs}, the event before, to ${nowUs}, now; ` +
    `received ${atUs}. Leave it out where the service's clock is not known.`;
  throw new EcholineError('ECHOLINE_PROCEDURE_TIME', message, { atUs, earliestUs, nowUs });
}
