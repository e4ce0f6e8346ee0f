import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectDisplay } from '../../src/display/connect-display.js';
import type { ConnectionState } from '../../src/display/display-events.js';
import { requestTicket } from '../../src/display/request-ticket.js';

/** A socket that only remembers where it was opened to. */
class SilentSocket {
  static readonly opened: string[] = [];
  binaryType = '';
  onopen = null;
  onmessage = null;
  onclose = null;
  onerror = null;
  constructor(url: string, subprotocol: string) {
    SilentSocket.opened.push(`${url} ${subprotocol}`);
  }
  send(): void {
    throw new Error('nothing is to be sent');
  }
  close(): void {
    this.binaryType = '';
  }
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

function answer(status: number, body: unknown): ReturnType<typeof vi.fn> {
  const fake = vi.fn(async () => new Response(JSON.stringify(body), { status }));
  vi.stubGlobal('fetch', fake);
  return fake;
}

afterEach(() => {
  vi.unstubAllGlobals();
  SilentSocket.opened.length = 0;
});

describe('connecting by the address of the service', () => {
  it('opens the socket of the stream, and asks for frames where they are wanted', async () => {
    const client = connectDisplay({
      service: 'https://service.test:8787',
      streamId: 'or/1',
      wantFrames: true,
      webSocket: SilentSocket,
      events: {},
    });
    await settle();
    expect(SilentSocket.opened).toEqual([
      'wss://service.test:8787/v1/streams/or%2F1/overlays?frames=1 echoline.v1',
    ]);
    client.close();
  });

  it('buys a ticket for its role with its token', async () => {
    const fetched = answer(200, { ticket: 'T1' });
    const client = connectDisplay({
      service: 'http://service.test',
      streamId: 'or-1',
      token: 'secret',
      role: 'operator',
      webSocket: SilentSocket,
      events: {},
    });
    await settle();
    expect(SilentSocket.opened[0]).toContain('ticket=T1');
    const [url, request] = fetched.mock.calls[0] ?? [];
    expect(String(url)).toBe('http://service.test/v1/tickets');
    expect(request).toMatchObject({ headers: { authorization: 'Bearer secret' } });
    expect(JSON.parse(request.body)).toEqual({ role: 'operator', streamId: 'or-1' });
    client.close();
  });

  it('says in words that its token is refused', async () => {
    answer(401, {});
    const states: ConnectionState[] = [];
    const client = connectDisplay({
      service: 'http://service.test',
      streamId: 'or-1',
      token: 'expired',
      webSocket: SilentSocket,
      events: { connection: (state) => states.push(state) },
    });
    await settle();
    expect(states.at(-1)).toMatchObject({ phase: 'waiting' });
    expect(states.at(-1)?.reason).toContain('token');
    expect(SilentSocket.opened).toEqual([]);
    client.close();
  });

  it('needs a WebSocket', () => {
    vi.stubGlobal('WebSocket', undefined);
    const options = { service: 'http://service.test', streamId: 'or-1', events: {} };
    expect(() => connectDisplay(options)).toThrow('webSocket');
  });
});

describe('a ticket', () => {
  const wish = {
    service: 'ws://service.test',
    token: 't',
    role: 'observer',
    streamId: 's',
  } as const;

  it.each([
    [200, { ticket: 7 }, 'no ticket'],
    [200, null, 'no ticket'],
    [500, {}, 'HTTP 500'],
    [403, {}, 'refuses the token'],
  ])('is not had from an answer of %d with %j', async (status, body, words) => {
    answer(status, body);
    await expect(requestTicket(wish)).rejects.toThrow(words);
  });
});
