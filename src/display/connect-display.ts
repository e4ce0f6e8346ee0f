import { DisplayClient } from './display-client.js';
import type { DisplayClientOptions, DisplaySocket } from './display-client-options.js';
import type { DisplayEvents } from './display-events.js';
import { requestTicket } from './request-ticket.js';

/** Where to connect and what to be told. Everything but the first three has a default. */
export interface ConnectOptions {
  /** The service: `http://HOST:8787`, or `https:`; the stream's socket is found from it. */
  readonly service: string | URL;
  readonly streamId: string;
  readonly events: Partial<DisplayEvents>;
  /** As other displays and the recording name it. Default `display`. */
  readonly name?: string;
  /** Default `observer`. */
  readonly role?: 'observer' | 'operator';
  /** Buys a one-use ticket for every connection. Default null: the service asks for none. */
  readonly token?: string | null;
  /** Whether the pictures are wanted, too. Default false. */
  readonly wantFrames?: boolean;
  /** See `DisplayClientOptions.predict`. */
  readonly predict?: DisplayClientOptions['predict'];
  /** The constructor of sockets: Node 20 has none of its own, `ws` has one. Default: global. */
  readonly webSocket?: new (
    url: string,
    subprotocol: string,
  ) => DisplaySocket;
}

/**
 * Connects a display to a stream, in a browser or in Node, and keeps it connected until `close`.
 *
 * @throws Error when there is no WebSocket to use
 */
export function connectDisplay(options: ConnectOptions): DisplayClient {
  const Socket = options.webSocket ?? globalThis.WebSocket;
  if (Socket === undefined) {
    throw new Error('Expected a WebSocket: pass `webSocket` (the package `ws` has one).');
  }
  const { streamId, events } = options;
  const { role = 'observer', token = null } = options;
  const url = new URL(`/v1/streams/${encodeURIComponent(streamId)}/overlays`, options.service);
  url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:';
  const client = new DisplayClient({
    url: url.href,
    name: options.name ?? 'display',
    role,
    wantFrames: options.wantFrames ?? false,
    ...(options.predict !== undefined && { predict: options.predict }),
    events,
    createSocket: (socketUrl, subprotocol) => new Socket(socketUrl, subprotocol),
    requestTicket: async () =>
      token === null ? null : requestTicket({ service: options.service, token, role, streamId }),
    nowUs: () => performance.now() * 1000,
    schedule(callback, delayMs) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    random: Math.random,
  });
  client.start();
  return client;
}
