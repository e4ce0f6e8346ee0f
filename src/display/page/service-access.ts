import type { ProcedureProtocol } from '../../protocol/procedure-protocol.js';
import { requestTicket } from '../request-ticket.js';
import { type Fields, fieldsOf } from './fields.js';

/** A stream as `GET /v1/streams` lists it; the page needs no more of it. */
export interface ListedStream {
  readonly stream: string;
  readonly state: string | null;
  /** How many frames got which verdict; null where the list does not say. */
  readonly verdicts: Readonly<Record<string, number>> | null;
}

/** Access to the service that served the page. All reject with words for the operator. */
export interface ServiceAccess {
  /** The streams, those that stream first. */
  listStreams(): Promise<readonly ListedStream[]>;
  listProtocols(): Promise<readonly ProcedureProtocol[]>;
  /** Figures of a procedure by their names, as far as they are text or numbers. */
  readSummary(procedure: string): Promise<Fields>;
  /**
   * Buys an address of the report of a procedure on a stream that is good for one request, because
   * links send no token; null where the service wants none, so that `reportPath` is enough.
   */
  readonly buyReportAddress: ((procedure: string, stream: string) => Promise<string>) | null;
}

/** Address of the report of a procedure, without what a service with tokens wants beside. */
export function reportPath(procedure: string): string {
  return `/v1/procedures/${encodeURIComponent(procedure)}/report`;
}

/**
 * Makes the access. A token comes in the address's fragment (`#token=…`), which browsers never send
 * to a server or write into its logs.
 */
export function createServiceAccess(token: string | null): ServiceAccess {
  const headers: Record<string, string> =
    token === null ? {} : { authorization: `Bearer ${token}` };

  async function ask(path: string): Promise<unknown> {
    const response = await fetch(path, { headers, cache: 'no-store' });
    if (response.status === 401 || response.status === 403) {
      throw new Error('The service wants a token. Open this page with #token=TOKEN at the end.');
    }
    if (!response.ok) throw new Error(`The service answered ${path} with ${response.status}.`);
    return response.json();
  }

  return {
    async listStreams() {
      const listed = readStreams(await ask('/v1/streams'));
      const isStreaming = (entry: ListedStream) => entry.state === 'streaming';
      return [...listed.filter(isStreaming), ...listed.filter((entry) => !isStreaming(entry))];
    },
    async listProtocols() {
      const list = fieldsOf(await ask('/v1/protocols')).protocols;
      // The service checks its files against the schema when it starts.
      return Array.isArray(list) ? (list as readonly ProcedureProtocol[]) : [];
    },
    async readSummary(procedure) {
      return fieldsOf(await ask(`/v1/procedures/${encodeURIComponent(procedure)}`));
    },
    buyReportAddress: token === null ? null : reportBuyer(token),
  };
}

function reportBuyer(token: string): (procedure: string, stream: string) => Promise<string> {
  return async (procedure, streamId) => {
    const { origin } = location;
    const ticket = await requestTicket({ service: origin, token, role: 'observer', streamId });
    return `${reportPath(procedure)}?ticket=${encodeURIComponent(ticket)}`;
  };
}

function readStreams(answer: unknown): readonly ListedStream[] {
  const list = fieldsOf(answer).streams;
  if (!Array.isArray(list)) throw new Error('The list of streams is not one.');
  return list.flatMap((entry: unknown) => {
    const { stream, state, verdicts } = fieldsOf(entry);
    if (typeof stream !== 'string') return [];
    const known = typeof state === 'string' ? state : null;
    return [{ stream, state: known, verdicts: readCounts(verdicts) }];
  });
}

function readCounts(value: unknown): Readonly<Record<string, number>> | null {
  if (typeof value !== 'object' || value === null) return null;
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
}
