/** A stream as `GET /v1/streams` lists it; the page needs no more of it. */
interface ListedStream {
  readonly stream: string;
  readonly state: string | null;
}

/** Access to the service that served the page. */
export interface ServiceAccess {
  /** A ticket for one connection to a stream; null where the page has no token. */
  requestTicket(stream: string): Promise<string | null>;
  /** Names of the streams, those that stream first. Rejects with words for the operator. */
  listStreams(): Promise<readonly string[]>;
}

/**
 * Makes the access. A token comes in the address's fragment (`#token=…`), which browsers never send
 * to a server or write into its logs; it buys one-use tickets for the sockets (interfaces.md 3).
 */
export function createServiceAccess(token: string | null): ServiceAccess {
  const headers: Record<string, string> =
    token === null ? {} : { authorization: `Bearer ${token}` };

  async function ask(path: string, init: RequestInit): Promise<unknown> {
    const response = await fetch(path, { ...init, cache: 'no-store' });
    if (response.status === 401 || response.status === 403) {
      throw new Error('The service wants a token. Open this page with #token=TOKEN at the end.');
    }
    if (!response.ok) throw new Error(`The service answered ${path} with ${response.status}.`);
    return response.json();
  }

  return {
    async requestTicket(stream) {
      if (token === null) return null;
      const answer = await ask('/v1/tickets', {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ role: 'observer', streamId: stream }),
      });
      const ticket = field(answer, 'ticket');
      if (typeof ticket !== 'string') throw new Error('The service gave no ticket.');
      return ticket;
    },
    async listStreams() {
      const answer = await ask('/v1/streams', { headers });
      const listed = readStreams(answer);
      const isStreaming = (entry: ListedStream) => entry.state === 'streaming';
      return [...listed.filter(isStreaming), ...listed.filter((entry) => !isStreaming(entry))].map(
        (entry) => entry.stream,
      );
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
    return [{ stream, state: typeof state === 'string' ? state : null }];
  });
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
