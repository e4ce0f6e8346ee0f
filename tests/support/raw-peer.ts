import { WebSocket } from 'ws';
import { SUBPROTOCOL_JSON } from '../../src/protocol/version.js';
import { until } from './service.js';

/** A JSON message as it came in. */
export type Heard = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A WebSocket peer that does only what a test tells it, right or wrong. */
export interface RawPeer {
  readonly socket: WebSocket;
  readonly messages: Heard[];
  readonly binaries: Buffer[];
  /** Close code and reason, once closed. */
  readonly ended: { code: number; reason: string } | null;
  send(message: object | string | Uint8Array): void;
  /** Waits for the n-th message of a type (0 = first). */
  heard(type: string, index?: number, limitMs?: number): Promise<Heard>;
  of(type: string): readonly Heard[];
  close(): void;
  untilClosed(limitMs?: number): Promise<{ code: number; reason: string }>;
}

export interface RawPeerOptions {
  readonly headers?: Record<string, string>;
  readonly protocols?: string[];
}

/** Opens a socket; rejects with the HTTP status and body when the upgrade is refused. */
export function openPeer(url: string, options: RawPeerOptions = {}): Promise<RawPeer> {
  const protocols = options.protocols ?? [SUBPROTOCOL_JSON];
  const socket = new WebSocket(url, protocols, {
    perMessageDeflate: false,
    headers: options.headers ?? {},
  });
  const messages: Heard[] = [];
  const binaries: Buffer[] = [];
  let ended: { code: number; reason: string } | null = null;
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) binaries.push(data);
    else messages.push(JSON.parse(data.toString('utf8')) as Heard);
  });
  socket.on('close', (code, reason) => {
    ended = { code, reason: reason.toString('utf8') };
  });
  const of = (type: string) => messages.filter((message) => message.type === type);
  const peer: RawPeer = {
    socket,
    messages,
    binaries,
    get ended() {
      return ended;
    },
    send(message) {
      const isBytes = message instanceof Uint8Array;
      const data = isBytes || typeof message === 'string' ? message : JSON.stringify(message);
      socket.send(data, { binary: isBytes });
    },
    of,
    async heard(type, index = 0, limitMs = 5000) {
      await until(() => of(type).length > index, `${type} number ${index}`, limitMs);
      return of(type)[index] as Heard;
    },
    close: () => socket.terminate(),
    async untilClosed(limitMs = 5000) {
      await until(() => ended !== null, 'the socket to close', limitMs);
      return ended as unknown as { code: number; reason: string };
    },
  };
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(peer));
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString('utf8');
      });
      response.on('end', () => reject(new Error(`HTTP ${response.statusCode} ${body}`)));
    });
    socket.on('error', reject);
  });
}

/** A cart that has said hello and was welcomed. */
export async function openCart(
  wsUrl: string,
  streamId: string,
  hello: object = {},
): Promise<RawPeer> {
  const peer = await openPeer(`${wsUrl}/v1/streams/${streamId}/frames`);
  peer.send({ type: 'hello', role: 'cart', protocol: { major: 1, minor: 0 }, ...hello });
  await peer.heard('welcome');
  return peer;
}

/** A display that has said hello and was welcomed. It acknowledges nothing by itself. */
export async function openDisplay(wsUrl: string, streamId: string, query = ''): Promise<RawPeer> {
  const peer = await openPeer(`${wsUrl}/v1/streams/${streamId}/overlays${query}`);
  peer.send({ type: 'hello', protocol: { major: 1, minor: 0 } });
  await peer.heard('welcome');
  return peer;
}

/** Makes a display acknowledge every overlay and frame at once. */
export function acknowledgeAll(peer: RawPeer): void {
  peer.socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) {
      const frameId = Number(data.readBigUInt64LE(16));
      peer.send({ type: 'ack', frameId, epoch: data.readUInt32LE(12), what: 'frame' });
      return;
    }
    const message = JSON.parse(data.toString('utf8')) as Heard;
    if (message.type !== 'overlay') return;
    peer.send({ type: 'ack', frameId: message.frameId, epoch: message.epoch });
  });
}
