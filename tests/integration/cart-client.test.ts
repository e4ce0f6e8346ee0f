import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { type CartOptions, type ConnectionEnd, connectCart } from '../../src/cart/cart-client.js';
import { connectOverlays } from '../../src/cart/overlay-client.js';
import type { EcholineError } from '../../src/domain/errors.js';
import type { Overlay } from '../../src/domain/overlay.js';
import { encodeControl } from '../../src/protocol/control-codec.js';
import type { CartWelcome, VerdictMessage } from '../../src/protocol/control-messages.js';
import { decodeFrameMessage, encodeFrameMessage } from '../../src/protocol/frame-message.js';
import { DEFAULT_FRAME_LIMITS } from '../../src/protocol/limits.js';
import { encodeOverlay } from '../../src/protocol/overlay-message.js';
import { grayFrame } from '../protocol/arbitrary-frame.js';
import { sampleOverlay } from '../protocol/sample-overlay.js';

const WELCOME: CartWelcome = {
  type: 'welcome',
  protocol: { major: 1, minor: 0 },
  stream: 'demo',
  limits: { ...DEFAULT_FRAME_LIMITS, controlBytesMax: 16_384, frameAgeMaxMs: 200 },
  formats: ['gray8'],
  inFlightFramesMax: 2,
  clock: { nowUs: 0 },
  notice: 'not a medical device',
};
const DISPLAY_WELCOME = {
  type: 'welcome',
  protocol: { major: 1, minor: 0 },
  role: 'observer',
  info: {
    stream: 'demo',
    state: 'idle',
    isSimulated: true,
    cartName: null,
    operatorName: null,
    engine: 'ready',
  },
  unacknowledgedOverlaysMax: 2,
  unacknowledgedFramesMax: 2,
  acknowledgeTimeoutMs: 5000,
  model: { id: 'm', sha256: 'ab' },
  clock: { nowUs: 0 },
  notice: 'not a medical device',
} as const;

interface Heard {
  readonly request: IncomingMessage;
  /** Text messages as JSON, binary ones as frames. */
  readonly messages: unknown[];
}

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A service that records what it hears and answers by `answer`. */
async function startPeer(
  answer: (socket: WebSocket, message: { type: string; [field: string]: unknown }) => void,
): Promise<{ url: string; heard: Heard[] }> {
  const heard: Heard[] = [];
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: true });
  sockets.on('connection', (socket, request) => {
    const messages: unknown[] = [];
    heard.push({ request, messages });
    socket.on('message', (data, isBinary) => {
      const bytes = data as Buffer;
      const message = isBinary
        ? { type: 'frame', ...decodeFrameMessage(bytes, DEFAULT_FRAME_LIMITS) }
        : JSON.parse(bytes.toString('utf8'));
      messages.push(message);
      answer(socket, message);
    });
  });
  return { url: await listen(server), heard };
}

/** Sends welcome to hello and `ok` to every frame. */
function obligingPeer(socket: WebSocket, message: { type: string; [field: string]: unknown }) {
  if (message.type === 'hello') socket.send(encodeControl(WELCOME));
  if (message.type === 'frame') {
    const { epoch, frameId } = message as unknown as { epoch: number; frameId: number };
    socket.send(encodeControl({ type: 'verdict', epoch, frameId, verdict: 'ok', credits: 1 }));
  }
}

function connect(url: string, options: Partial<CartOptions> = {}) {
  return connectCart({ url, streamId: 'demo', onVerdict: () => {}, ...options });
}

async function refusal(promise: Promise<unknown>): Promise<EcholineError> {
  try {
    await promise;
  } catch (error) {
    return error as EcholineError;
  }
  throw new Error('expected the connection to be refused');
}

describe('the cart client', () => {
  it('says hello, sends frames while it has credits, and gets a verdict for each', async () => {
    const { url, heard } = await startPeer(obligingPeer);
    const verdicts: VerdictMessage[] = [];
    const cart = await connect(url, {
      name: 'Cart 3',
      formats: ['gray8'],
      frameRateHz: 30,
      isSimulated: true,
      token: 'secret',
      readClockUs: () => 77,
      onVerdict: (verdict) => verdicts.push(verdict),
    });
    expect(cart.welcome).toEqual(WELCOME);
    expect(cart.credits).toBe(2);
    const sent = [1, 2, 3].map((frameId) => cart.trySend(grayFrame({ frameId })));
    expect(sent).toEqual([true, true, false]);
    cart.offer(grayFrame({ frameId: 4 }));
    await cart.waitForVerdicts();
    expect(verdicts.map(({ frameId }) => frameId)).toEqual([1, 2, 4]);
    expect(cart.counts).toEqual({
      sent: 3,
      skipped: 0,
      pending: 0,
      verdicts: { ok: 3, superseded: 0, expired: 0, invalid: 0, failed: 0 },
    });
    await cart.close('clip ended');
    await cart.close('clip ended');
    const [first] = heard;
    expect(first?.request.url).toBe('/v1/streams/demo/frames');
    expect(first?.request.headers.authorization).toBe('Bearer secret');
    expect(first?.request.headers['sec-websocket-protocol']).toBe('echoline.v1');
    expect(first?.request.headers['sec-websocket-extensions']).toBeUndefined();
    expect(first?.messages.at(0)).toEqual({
      type: 'hello',
      role: 'cart',
      protocol: { major: 1, minor: 0 },
      name: 'Cart 3',
      formats: ['gray8'],
      frameRateHz: 30,
      isSimulated: true,
      clock: { nowUs: 77 },
    });
    expect(first?.messages.at(1)).toEqual({ type: 'frame', ...grayFrame({ frameId: 1 }) });
    expect(first?.messages.at(-1)).toEqual({
      type: 'bye',
      reason: 'clip ended',
      reconnectAfterMs: null,
    });
    expect(cart.trySend(grayFrame())).toBe(false);
  });

  it('answers clock requests and hands on overlays, rate advice and bye', async () => {
    const { url, heard } = await startPeer((socket, message) => {
      obligingPeer(socket, message);
      if (message.type === 'hello') {
        // All in one go: nothing may be lost between the welcome and the promise.
        socket.send(encodeControl({ type: 'clock', t0Us: 5 }));
        socket.send('{"type":"of a newer minor","x":1}');
        socket.send(encodeOverlay(sampleOverlay()));
        const formats = ['jpeg' as const];
        socket.send(
          encodeControl({ type: 'rate', suggestedFps: 9, maxWidthPx: 64, formats, reason: 'slow' }),
        );
      }
      if (message.type === 'clock-reply') {
        socket.send(encodeControl({ type: 'bye', reason: 'restart', reconnectAfterMs: 500 }));
        socket.close(1001, 'restart');
      }
    });
    const overlays: Overlay[] = [];
    const said: string[] = [];
    const ended = new Promise<ConnectionEnd>((resolve) => {
      void connect(url, {
        wantOverlays: true,
        readClockUs: () => 123,
        onOverlay: (overlay) => overlays.push(overlay),
        onRate: (rate) => said.push(`rate ${rate.suggestedFps}`),
        onBye: (bye) => said.push(`bye ${bye.reconnectAfterMs}`),
        onClose: resolve,
      });
    });
    const end = await ended;
    expect(end).toMatchObject({ code: 1001, reason: 'restart' });
    expect(end.error).toMatchObject({ code: 'ECHOLINE_SESSION_GOING_AWAY' });
    expect(overlays).toEqual([sampleOverlay()]);
    expect(said).toEqual(['rate 9', 'bye 500']);
    expect(heard[0]?.messages).toContainEqual({
      type: 'clock-reply',
      t0Us: 5,
      t1Us: 123,
      t2Us: 123,
    });
  });

  it('tells those who wait that the connection broke', async () => {
    const { url } = await startPeer((socket, message) => {
      if (message.type === 'hello') socket.send(encodeControl(WELCOME));
      else socket.terminate();
    });
    const cart = await connect(url);
    cart.trySend(grayFrame());
    const error = await refusal(cart.waitForVerdicts());
    expect(error.code).toBe('ECHOLINE_SESSION_ENDED');
    expect(error.message).toContain('the connection broke');
    await cart.close('too late');
  });

  it('closes and says why when the service does not keep to the protocol', async () => {
    const { url } = await startPeer((socket, message) => {
      if (message.type !== 'hello') return;
      socket.send(encodeControl(WELCOME));
      socket.send('{"type":"verdict","verdict":"splendid"}');
    });
    const end = await new Promise<ConnectionEnd>((resolve) => {
      void connect(url, { onClose: resolve });
    });
    expect(end.code).toBe(1002);
    expect(end.error).toMatchObject({ code: 'ECHOLINE_PROTOCOL_CONTROL_INVALID' });
  });
});

describe('the cart client is refused in words', () => {
  /** A service that answers every upgrade with a status. */
  async function refusing(status: number, body: string): Promise<string> {
    const server = createServer();
    server.on('upgrade', (_request, socket) => {
      const length = Buffer.byteLength(body);
      const headers = `Content-Length: ${length}\r\nConnection: close\r\n\r\n`;
      socket.end(`HTTP/1.1 ${status} Refused\r\n${headers}${body}`);
    });
    return listen(server);
  }

  it.each([
    [401, 'a token is needed', 'ECHOLINE_AUTH_REQUIRED', 'HTTP 401: a token is needed'],
    [403, '', 'ECHOLINE_AUTH_REFUSED', 'HTTP 403: Refused'],
    [426, 'no', 'ECHOLINE_PROTOCOL_SUBPROTOCOL', 'HTTP 426'],
    [404, 'not found', 'ECHOLINE_SESSION_UNREACHABLE', 'HTTP 404: not found'],
    [
      400,
      '{"code":"ECHOLINE_SESSION_STREAM_ID","message":"Stream id: expected letters."}',
      'ECHOLINE_SESSION_STREAM_ID',
      'expected letters',
    ],
    [500, '{"code":"FST_ERR","message":"boom"}', 'ECHOLINE_SESSION_UNREACHABLE', 'boom'],
  ])('by HTTP %i %s: %s', async (status, body, code, words) => {
    const error = await refusal(connect(await refusing(status, body)));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(error.details.status).toBe(status);
  });

  it('by nobody listening', async () => {
    const server = createServer();
    const url = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    servers.length = 0;
    const error = await refusal(connect(url));
    expect(error.code).toBe('ECHOLINE_SESSION_UNREACHABLE');
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('by a service that never says welcome', async () => {
    const { url } = await startPeer(() => {});
    const error = await refusal(connect(url, { connectTimeoutMs: 100 }));
    expect(error.code).toBe('ECHOLINE_SESSION_UNREACHABLE');
    expect(error.message).toContain('no welcome within 100 ms');
  });

  it('by a WebSocket server of another subprotocol', async () => {
    const server = createServer();
    new WebSocketServer({ server, handleProtocols: () => false });
    const error = await refusal(connect(await listen(server)));
    expect(error.code).toBe('ECHOLINE_PROTOCOL_SUBPROTOCOL');
    expect(error.message).toContain('echoline.v1');
  });

  it.each([
    ['ECHOLINE_SESSION_STREAM_TAKEN', 4009],
    ['ECHOLINE_PROTOCOL_VERSION', 4003],
  ] as const)('by an error message %s', async (code, closeCode) => {
    const { url } = await startPeer((socket) => {
      socket.send(encodeControl({ type: 'error', code, message: 'In words.', details: { a: 1 } }));
      socket.close(closeCode);
    });
    const error = await refusal(connect(url));
    expect(error.code).toBe(code);
    expect(error.message).toBe('In words.');
    expect(error.details).toEqual({ a: 1, closeCode });
  });

  it.each([
    [1001, 'ECHOLINE_SESSION_GOING_AWAY'],
    [1008, 'ECHOLINE_SESSION_ENDED'],
    [1013, 'ECHOLINE_SESSION_LIMIT'],
    [4001, 'ECHOLINE_AUTH_REFUSED'],
    [4002, 'ECHOLINE_PROTOCOL_HELLO_TIMEOUT'],
    [4003, 'ECHOLINE_PROTOCOL_VERSION'],
    [4008, 'ECHOLINE_SESSION_NO_ACKNOWLEDGEMENT'],
    [4009, 'ECHOLINE_SESSION_STREAM_TAKEN'],
  ])('by close code %i alone: %s', async (closeCode, code) => {
    const { url } = await startPeer((socket) => socket.close(closeCode, 'because'));
    const error = await refusal(connect(url));
    expect(error.code).toBe(code);
    expect(error.message).toContain('because');
  });

  it('by a service of another major version', async () => {
    const { url } = await startPeer((socket) => {
      socket.send(JSON.stringify({ ...WELCOME, protocol: { major: 2, minor: 0 } }));
    });
    expect((await refusal(connect(url))).code).toBe('ECHOLINE_PROTOCOL_VERSION');
  });
});

describe('the overlay client', () => {
  it('acknowledges overlays and frames after their callbacks, and keeps the clock', async () => {
    const { url, heard } = await startPeer((socket, message) => {
      if (message.type === 'hello') {
        socket.send(encodeControl({ ...DISPLAY_WELCOME, info: { ...DISPLAY_WELCOME.info } }));
        socket.send(encodeOverlay(sampleOverlay()));
        socket.send(encodeFrameMessage(grayFrame()));
      }
      if (message.type === 'clock') {
        const t0Us = message.t0Us as number;
        const t1Us = t0Us + 1_000_000;
        socket.send(encodeControl({ type: 'clock-reply', t0Us, t1Us, t2Us: t1Us }));
        const info = { ...DISPLAY_WELCOME.info, state: 'streaming' as const };
        socket.send(encodeControl({ type: 'stream', info }));
      }
    });
    const events: string[] = [];
    const isStreaming = new Promise<void>((resolve) => {
      const streams = connectOverlays({
        url,
        streamId: 'demo',
        frames: true,
        onOverlay: (overlay) => events.push(`overlay ${overlay.frameId}`),
        onFrame: (frame) => events.push(`frame ${frame.frameId} ${frame.payload.byteLength}`),
        onStream(info) {
          events.push(info.state);
          if (info.state === 'streaming') resolve();
        },
        onClose: (end) => events.push(`closed ${end.code} ${end.error}`),
      });
      connections.push(streams);
    });
    await isStreaming;
    const display = await connections[0];
    const estimate = display?.clock();
    expect(Math.abs((estimate?.offsetUs ?? 0) - 1_000_000)).toBeLessThanOrEqual(
      estimate?.uncertaintyUs ?? 0,
    );
    await display?.close();
    expect(events).toEqual(['idle', 'overlay 7', 'frame 7 12', 'streaming', 'closed 1000 null']);
    expect(heard[0]?.request.url).toBe('/v1/streams/demo/overlays?frames=1');
    const [hello, ...rest] = heard[0]?.messages ?? [];
    expect(hello).toMatchObject({ type: 'hello', role: 'observer' });
    expect(rest).toContainEqual({ type: 'ack', epoch: 0, frameId: 7, what: 'overlay' });
    expect(rest).toContainEqual({ type: 'ack', epoch: 1, frameId: 7, what: 'frame' });
  });

  const connections: Array<ReturnType<typeof connectOverlays>> = [];

  it('closes and says why when a relayed frame is broken', async () => {
    const { url } = await startPeer((socket, message) => {
      if (message.type !== 'hello') return;
      socket.send(encodeControl({ ...DISPLAY_WELCOME, info: { ...DISPLAY_WELCOME.info } }));
      socket.send(new Uint8Array(5));
    });
    const end = await new Promise<ConnectionEnd>((resolve) => {
      void connectOverlays({ url, streamId: 'demo', onOverlay: () => {}, onClose: resolve });
    });
    expect(end.error).toMatchObject({ code: 'ECHOLINE_PROTOCOL_BAD_MAGIC' });
  });
});
