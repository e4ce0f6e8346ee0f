import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Frame } from '../../src/domain/frame.js';
import type { Overlay } from '../../src/domain/overlay.js';
import type {
  Acknowledgement,
  Bye,
  DisplayWelcome,
  StreamInfo,
} from '../../src/protocol/control-messages.js';
import { encodeFrameMessage } from '../../src/protocol/frame-message.js';
import { NOTICE } from '../../src/protocol/version.js';
import { buildPage, type PageBundle } from './page-bundle.js';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '/index.html': 'text/html',
  '/page.css': 'text/css',
  '/page.js': 'text/javascript',
  '/picture-encoder-worker.js': 'text/javascript',
};
/** As strict as the service's own policy. */
const POLICY =
  "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; " +
  "img-src 'self' data:; connect-src 'self'";

/**
 * A scripted service for the page: it sends exactly what a test says, when the test says it. It
 * serves a fresh bundle of the page; the real service has tests of its own.
 */
export interface DisplayFixture {
  readonly url: string;
  /** What `GET /v1/streams` lists. */
  streams: readonly {
    readonly stream: string;
    readonly state: string;
    readonly verdicts?: Readonly<Record<string, number>>;
  }[];
  /** What other paths answer, as JSON. */
  readonly answers: Record<string, unknown>;
  /** Commands and other messages that are neither hello, acknowledgement nor clock. */
  readonly commands: { readonly type: string; readonly commandId?: string }[];
  info: StreamInfo;
  /** Pages of host applications, by their path; they have no policy. */
  readonly hostPages: Map<string, string>;
  /** Status of the answer to a wish for a ticket; 200 sells one. */
  ticketStatus: number;
  /** Whether clock requests are answered; the service's clock is `serviceNowUs`. */
  serviceNowUs: (() => number) | null;
  readonly acknowledgements: Acknowledgement[];
  /** Clock requests that were answered since the start. */
  clockReplyCount(): number;
  /** Sockets that were opened since the start. */
  connectionCount(): number;
  sendFrame(frame: Frame): void;
  sendOverlay(overlay: Overlay): void;
  sendText(text: string): void;
  sendInfo(info: StreamInfo): void;
  /** Closes all sockets, after a bye where one is given. */
  disconnect(bye: Bye | null): void;
  /** Resolves when `count` displays have been welcomed since the start. */
  welcomed(count: number): Promise<void>;
  close(): Promise<void>;
}

let shared: Promise<PageBundle> | null = null;

/** The page, built once for all fixtures of a test file; its directory goes with the process. */
function sharedPage(): Promise<PageBundle> {
  shared ??= buildPage().then((page) => {
    process.once('exit', () => rmSync(page.directory, { recursive: true, force: true }));
    return page;
  });
  return shared;
}

export async function startDisplayFixture(): Promise<DisplayFixture> {
  const page = await sharedPage();
  const sockets = new Set<WebSocket>();
  const waiters: { count: number; resolve: () => void }[] = [];
  let opened = 0;
  let welcomes = 0;
  let clockReplies = 0;

  const http = createServer(async (request, response) => {
    const asked = (request.url ?? '').replace(/\?.*/, '');
    const path = asked === '/' ? '/index.html' : asked;
    if (path === '/v1/streams') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ streams: fixture.streams }));
      return;
    }
    if (path === '/v1/tickets') {
      response.statusCode = fixture.ticketStatus;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ticket: 'one-use' }));
      return;
    }
    if (Object.hasOwn(fixture.answers, path)) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(fixture.answers[path]));
      return;
    }
    const hostPage = fixture.hostPages.get(path);
    if (hostPage !== undefined) {
      response.setHeader('content-type', 'text/html');
      response.end(hostPage);
      return;
    }
    const type = CONTENT_TYPES[path];
    if (type === undefined) {
      response.statusCode = 404;
      response.end();
      return;
    }
    response.setHeader('content-type', type);
    response.setHeader('content-security-policy', POLICY);
    response.end(await readFile(join(page.directory, path)));
  });
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  server.on('connection', (socket) => {
    opened += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('message', (data) => receive(socket, JSON.parse(String(data))));
  });

  function receive(
    socket: WebSocket,
    message: { type: string; role?: string; t0Us?: number },
  ): void {
    if (message.type === 'hello') {
      const role = message.role === 'operator' ? 'operator' : 'observer';
      socket.send(JSON.stringify({ ...welcomeFor(fixture.info), role }));
      welcomes += 1;
      for (const waiter of waiters) if (waiter.count <= welcomes) waiter.resolve();
    } else if (message.type === 'ack') {
      fixture.acknowledgements.push(message as Acknowledgement);
    } else if (message.type !== 'clock' && message.type !== 'clock-reply') {
      fixture.commands.push(message);
    } else if (message.type === 'clock' && fixture.serviceNowUs !== null) {
      clockReplies += 1;
      const nowUs = Math.round(fixture.serviceNowUs());
      socket.send(
        JSON.stringify({ type: 'clock-reply', t0Us: message.t0Us, t1Us: nowUs, t2Us: nowUs }),
      );
    }
  }

  const broadcast = (data: string | Uint8Array): void => {
    for (const socket of sockets) socket.send(data);
  };

  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const fixture: DisplayFixture = {
    url: `http://127.0.0.1:${port}/`,
    streams: [{ stream: 'test', state: 'streaming' }],
    answers: { '/v1/protocols': { protocols: [] } },
    commands: [],
    info: {
      stream: 'test',
      state: 'streaming',
      isSimulated: false,
      cartName: 'scripted',
      operatorName: null,
      engine: 'ready',
    },
    hostPages: new Map(),
    ticketStatus: 200,
    serviceNowUs: null,
    acknowledgements: [],
    clockReplyCount: () => clockReplies,
    connectionCount: () => opened,
    sendFrame: (frame) => broadcast(encodeFrameMessage(frame)),
    sendOverlay: (overlay) => broadcast(JSON.stringify(overlay)),
    sendText: broadcast,
    sendInfo: (info) => broadcast(JSON.stringify({ type: 'stream', info })),
    disconnect(bye) {
      for (const socket of sockets) {
        if (bye !== null) socket.send(JSON.stringify(bye));
        socket.close(1001);
      }
    },
    welcomed: (count) =>
      new Promise((resolve) => {
        if (welcomes >= count) resolve();
        else waiters.push({ count, resolve });
      }),
    async close() {
      for (const socket of sockets) socket.terminate();
      server.close();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
  return fixture;
}

function welcomeFor(info: StreamInfo): DisplayWelcome {
  return {
    type: 'welcome',
    protocol: { major: 1, minor: 0 },
    role: 'observer',
    info,
    unacknowledgedOverlaysMax: 2,
    unacknowledgedFramesMax: 2,
    acknowledgeTimeoutMs: 5000,
    model: { id: 'guidenet', sha256: 'a'.repeat(64) },
    clock: { nowUs: 0 },
    notice: NOTICE,
  };
}
