import type { ProcedureProtocol } from '../../protocol/procedure-protocol.js';

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
  readSummary(procedure: string): Promise<Readonly<Record<string, unknown>>>;
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
      const list = field(await ask('/v1/protocols'), 'protocols');
      // The service checks its files against the schema when it starts.
      return Array.isArray(list) ? (list as readonly ProcedureProtocol[]) : [];
    },
    async readSummary(procedure) {
      const answer = await ask(`/v1/procedures/${encodeURIComponent(procedure)}`);
      return typeof answer === 'object' && answer !== null ? { ...answer } : {};
    },
  };
}

function readStreams(answer: unknown): readonly ListedStream[] {
  const list = field(answer, 'streams');
  if (!Array.isArray(list)) throw new Error('The list of streams is not one.');
  return list.flatMap((entry: unknown) => {
    const stream = field(entry, 'stream');
    const state = field(entry, 'state');
    if (typeof stream !== 'string') return [];
    const verdicts = readCounts(field(entry, 'verdicts'));
    return [{ stream, state: typeof state === 'string' ? state : null, verdicts }];
  });
}

function readCounts(value: unknown): Readonly<Record<string, number>> | null {
  if (typeof value !== 'object' || value === null) return null;
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
