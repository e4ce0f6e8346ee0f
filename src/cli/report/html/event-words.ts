import type { ProcedureEvent } from '../../../protocol/procedure-messages.js';
import type { Injection, Procedure } from '../../../session/procedure/procedure.js';

/** What happened in a procedure, in a few words. */
export function eventWords(event: ProcedureEvent, { injections }: Procedure): string {
  switch (event.kind) {
    case 'started':
      return `started: ${event.protocol.title}, side ${event.side ?? 'not confirmed'}`;
    case 'side-confirmed':
      return `side confirmed: ${event.side}`;
    case 'target-set':
      return `target set (${event.target.anchor.kind})`;
    case 'target-confirmed':
      return 'target confirmed anew';
    case 'target-cleared':
      return 'target cleared';
    case 'injection-started':
      return `${stepOf(event.injection, injections)} begins${planned(event.volumeMl)}`;
    case 'injection-stopped':
      return `${stepOf(event.injection, injections)} ends, ${event.volumeMl ?? '?'} ml`;
    case 'entry-marked':
      return 'entry marked';
    case 'advisory-acknowledged':
      return `acknowledged: ${event.advisory.replaceAll('-', ' ')}`;
    case 'frozen':
      return event.isFrozen ? 'displays frozen' : 'displays live again';
    case 'noted':
      return `note: ${event.text}`;
    case 'ended':
      return event.reason === null ? 'ended' : `ended by the service: ${event.reason}`;
  }
}

function planned(volumeMl: number | null): string {
  return volumeMl === null ? '' : `, ${volumeMl} ml meant`;
}

function stepOf(injection: number, injections: readonly Injection[]): string {
  const found = injections.find((one) => one.injection === injection);
  return found?.step.replaceAll('-', ' ') ?? 'injection';
}
