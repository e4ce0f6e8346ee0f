import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/domain/errors.js';
import { HEADER_OFFSETS } from '../../src/protocol/frame-header.js';
import { testMessage } from '../support/frames.js';
import {
  acknowledgeAll,
  type Heard,
  openCart,
  openDisplay,
  openPeer,
  type RawPeer,
} from '../support/raw-peer.js';
import { startService, type TestService, until } from '../support/service.js';

const FRAME_BYTES_MAX = 600_000;

let service: TestService;
let streams = 0;
beforeAll(async () => {
  service = await startService({
    frameBytesMax: FRAME_BYTES_MAX,
    streamMemoryBytesMax: 1024 * 1024,
    helloTimeoutMs: 400,
    heartbeatMs: 200,
    cartStalledMs: 300,
    acknowledgeTimeoutMs: 500,
    controlMessagesPerSecondMax: 50,
    frameWidthMaxPx: 1024,
    frameHeightMaxPx: 1024,
  });
});
afterAll(async () => {
  await service.close();
});

function freshStream(): string {
  streams += 1;
  return `bad-${streams}`;
}

/** The message of frame 7 with something changed. */
function broken(change: (view: DataView) => void): Uint8Array {
  const message = testMessage(7);
  change(new DataView(message.buffer));
  return message;
}

async function reportOf(stream: string): Promise<Record<string, unknown>> {
  const { streams } = (await (await service.get('/v1/streams')).json()) as {
    streams: Record<string, unknown>[];
  };
  return streams.find((one) => one.stream === stream) ?? {};
}

function reasonOf(verdict: Heard): { code: string; [key: string]: unknown } {
  return verdict.reason as { code: string };
}

describe('a frame message that breaks the protocol', () => {
  const cases: readonly [ErrorCode, string, Uint8Array, number][] = [
    ['ECHOLINE_PROTOCOL_TRUNCATED', 'a cut header', testMessage(7).slice(0, 40), 1002],
    ['ECHOLINE_PROTOCOL_PAYLOAD_LENGTH', 'a cut payload', testMessage(7).slice(0, -5), 1002],
    ['ECHOLINE_PROTOCOL_BAD_MAGIC', 'a wrong magic', broken((v) => v.setUint8(0, 0)), 1002],
    ['ECHOLINE_PROTOCOL_VERSION', 'another major', broken((v) => v.setUint8(4, 2)), 4003],
    ['ECHOLINE_PROTOCOL_MESSAGE_TYPE', 'another type', broken((v) => v.setUint8(6, 9)), 1002],
    [
      'ECHOLINE_PROTOCOL_HEADER_LENGTH',
      'a lying header length',
      broken((v) => v.setUint16(HEADER_OFFSETS.headerLength, 65_535, true)),
      1002,
    ],
    [
      'ECHOLINE_PROTOCOL_PAYLOAD_LENGTH',
      'a lying payload length',
      broken((v) => v.setUint32(HEADER_OFFSETS.payloadLength, 5, true)),
      1002,
    ],
    ['ECHOLINE_PROTOCOL_TOO_LARGE', 'too many bytes', new Uint8Array(FRAME_BYTES_MAX + 1), 1009],
  ];

  it.each(cases)('%s: %s is invalid and closes the socket', async (code, _what, bytes, close) => {
    const stream = freshStream();
    const display = await openDisplay(service.wsUrl, stream);
    const cart = await openCart(service.wsUrl, stream);
    cart.send(bytes);

    const verdict = await cart.heard('verdict');
    expect(verdict.verdict).toBe('invalid');
    expect(reasonOf(verdict).code).toBe(code);
    expect(reasonOf(verdict).expected).toBeTypeOf('string');
    expect(reasonOf(verdict).offsetBytes).toBeTypeOf('number');
    expect((await cart.heard('error')).code).toBe(code);
    expect((await cart.untilClosed()).code).toBe(close);
    const report = await reportOf(stream);
    expect(report).toMatchObject({ offered: 1, pending: 0, verdicts: { invalid: 1 } });
    display.close();
  });

  it('ECHOLINE_PROTOCOL_TOO_LARGE: one that is not even read closes with 1009 and words', async () => {
    const cart = await openCart(service.wsUrl, freshStream());
    cart.send(new Uint8Array(FRAME_BYTES_MAX * 2));

    expect((await cart.heard('error')).code).toBe('ECHOLINE_PROTOCOL_TOO_LARGE');
    const reason = 'The message is larger than the welcome allows; it was not read.';
    expect(await cart.untilClosed()).toEqual({ code: 1009, reason });
    expect(cart.of('verdict')).toEqual([]);
  });

  it('ECHOLINE_PROTOCOL_NOT_BINARY: text where binary belongs is an invalid frame', async () => {
    const cart = await openCart(service.wsUrl, freshStream());
    cart.send('ECHO this was meant to be a frame');

    const verdict = await cart.heard('verdict');
    expect(verdict).toMatchObject({ verdict: 'invalid', epoch: null, frameId: null });
    expect(reasonOf(verdict).code).toBe('ECHOLINE_PROTOCOL_NOT_BINARY');
    expect((await cart.untilClosed()).code).toBe(1002);
  });
});

describe('a well-framed message that cannot be right', () => {
  const at = HEADER_OFFSETS;
  const cases: readonly [ErrorCode, string, Uint8Array][] = [
    ['ECHOLINE_FRAME_SIZE', 'no width', broken((v) => v.setUint16(at.widthPx, 0, true))],
    ['ECHOLINE_FRAME_SIZE', 'no height', broken((v) => v.setUint16(at.heightPx, 0, true))],
    ['ECHOLINE_FRAME_SIZE', 'a huge side', broken((v) => v.setUint16(at.widthPx, 65_535, true))],
    [
      'ECHOLINE_FRAME_STRIDE',
      'a small stride',
      broken((v) => v.setUint32(at.strideBytes, 3, true)),
    ],
    ['ECHOLINE_FRAME_FORMAT', 'an unknown format', broken((v) => v.setUint8(at.format, 99))],
    ['ECHOLINE_FRAME_FIELD', 'an unknown probe', broken((v) => v.setUint8(at.probeGeometry, 99))],
    [
      'ECHOLINE_FRAME_SPACING',
      'a negative spacing',
      broken((v) => v.setFloat32(at.spacingX, -0.1, true)),
    ],
    [
      'ECHOLINE_FRAME_SPACING',
      'a spacing known in one direction only',
      broken((v) => v.setFloat32(at.spacingX, Number.NaN, true)),
    ],
  ];

  it.each(cases)('%s: %s is invalid and the stream goes on', async (code, _what, bytes) => {
    const cart = await openCart(service.wsUrl, freshStream());
    cart.send(bytes);
    cart.send(testMessage(8));

    const [first, second] = [await cart.heard('verdict'), await cart.heard('verdict', 1)];
    expect(first).toMatchObject({ verdict: 'invalid', frameId: 7, credits: 1 });
    expect(reasonOf(first)).toMatchObject({ code, field: expect.any(String) });
    expect(second).toMatchObject({ verdict: 'ok', frameId: 8 });
    cart.close();
  });

  it('takes spacing NaN in both directions as unknown, without millimetres', async () => {
    const cart = await openCart(service.wsUrl, freshStream(), { wantOverlays: true });
    cart.send(testMessage(1, { spacing: null }));

    const overlay = await cart.heard('overlay');
    expect(overlay.spacing).toBeNull();
    cart.close();
  });

  it.each([
    ['a corrupt JPEG', 'jpeg', Uint8Array.of(0xff, 0xd8, 0xff, 0, 1, 2, 3)],
    ['a PNG that is none', 'png', Uint8Array.of(1, 2, 3, 4)],
  ] as const)(
    'ECHOLINE_FRAME_DECODE: %s is invalid, with an overlay that says so',
    async (...c) => {
      const [, format, payload] = c;
      const stream = freshStream();
      const display = await openDisplay(service.wsUrl, stream, '?frames=1');
      const cart = await openCart(service.wsUrl, stream);
      cart.send(testMessage(1, { format, payload }));

      const verdict = await cart.heard('verdict');
      expect(verdict.verdict).toBe('invalid');
      expect(reasonOf(verdict).code).toBe('ECHOLINE_FRAME_DECODE');
      const overlay = await display.heard('overlay');
      expect(overlay.guidance).toMatchObject({
        validity: 'unavailable',
        reasons: ['decode-failed'],
      });
      expect(overlay.needle).toMatchObject({ state: 'absent', tipReason: 'decode-failed' });
      await until(() => display.binaries.length === 1, 'the frame itself');
      cart.send(testMessage(2));
      expect(await cart.heard('verdict', 1)).toMatchObject({ verdict: 'ok' });
      cart.close();
      display.close();
    },
  );

  it('ECHOLINE_FRAME_OUT_OF_ORDER: frameIds that repeat or go back, and an older epoch', async () => {
    const cart = await openCart(service.wsUrl, freshStream());
    const send = async (bytes: Uint8Array, index: number) => {
      cart.send(bytes);
      return cart.heard('verdict', index);
    };
    expect((await send(testMessage(5, { epoch: 1 }), 0)).verdict).toBe('ok');
    const again = await send(testMessage(5, { epoch: 1 }), 1);
    const back = await send(testMessage(4, { epoch: 1 }), 2);
    const older = await send(testMessage(9, { epoch: 0 }), 3);
    const good = await send(testMessage(6, { epoch: 1 }), 4);

    for (const verdict of [again, back, older]) {
      expect(verdict.verdict).toBe('invalid');
      expect(reasonOf(verdict).code).toBe('ECHOLINE_FRAME_OUT_OF_ORDER');
    }
    expect(good.verdict).toBe('ok');
    cart.close();
  });

  it('ECHOLINE_FRAME_CAPTURE_TIME: a time that goes back costs that frame and the track', async () => {
    const cart = await openCart(service.wsUrl, freshStream(), { wantOverlays: true });
    cart.send(testMessage(1, { captureTimeUs: 5_000_000 }));
    await cart.heard('verdict');
    cart.send(testMessage(2, { captureTimeUs: 1_000_000 }));
    const back = await cart.heard('verdict', 1);
    cart.send(testMessage(3, { captureTimeUs: 1_033_333 }));
    const next = await cart.heard('verdict', 2);

    expect(back.verdict).toBe('invalid');
    expect(reasonOf(back).code).toBe('ECHOLINE_FRAME_CAPTURE_TIME');
    expect(next.verdict).toBe('ok');
    expect((await cart.heard('overlay', 1)).trackEpoch).toBe(1);
    cart.close();
  });

  it('ECHOLINE_SESSION_MEMORY: more than the stream may hold is invalid and closes 1013', async () => {
    const cart = await openCart(service.wsUrl, freshStream());
    const side = { widthPx: 740, heightPx: 740 };
    for (let frameId = 1; frameId <= 3; frameId += 1) cart.send(testMessage(frameId, side));

    expect((await cart.untilClosed()).code).toBe(1013);
    const invalid = cart.of('verdict').find(({ verdict }) => verdict === 'invalid') as Heard;
    expect(reasonOf(invalid).code).toBe('ECHOLINE_SESSION_MEMORY');
  });
});

describe('manners', () => {
  it('ECHOLINE_PROTOCOL_HELLO_TIMEOUT: silence after connecting closes with 4002', async () => {
    const peer = await openPeer(`${service.wsUrl}/v1/streams/${freshStream()}/frames`);
    expect((await peer.heard('error')).code).toBe('ECHOLINE_PROTOCOL_HELLO_TIMEOUT');
    expect((await peer.untilClosed()).code).toBe(4002);
  });

  it('ECHOLINE_PROTOCOL_HELLO_REQUIRED: a frame before hello closes with 1002', async () => {
    const peer = await openPeer(`${service.wsUrl}/v1/streams/${freshStream()}/frames`);
    peer.send(testMessage(1));
    expect((await peer.heard('error')).code).toBe('ECHOLINE_PROTOCOL_HELLO_REQUIRED');
    expect((await peer.untilClosed()).code).toBe(1002);
    const display = await openPeer(`${service.wsUrl}/v1/streams/${freshStream()}/overlays`);
    display.send({ type: 'ack', frameId: 1 });
    expect((await display.heard('error')).code).toBe('ECHOLINE_PROTOCOL_HELLO_REQUIRED');
  });

  it('ECHOLINE_PROTOCOL_VERSION: a hello of another major closes with 4003', async () => {
    const peer = await openPeer(`${service.wsUrl}/v1/streams/${freshStream()}/frames`);
    peer.send({ type: 'hello', role: 'cart', protocol: { major: 2, minor: 0 } });
    expect((await peer.heard('error')).code).toBe('ECHOLINE_PROTOCOL_VERSION');
    expect((await peer.untilClosed()).code).toBe(4003);
  });

  it('ECHOLINE_PROTOCOL_CONTROL_INVALID: unknown fields, unknown types, a second hello', async () => {
    const hello = { type: 'hello', role: 'cart', protocol: { major: 1, minor: 0 } };
    for (const message of [{ type: 'clock', t0Us: 1, extra: true }, { type: 'nonsense' }, hello]) {
      const cart = await openCart(service.wsUrl, freshStream());
      cart.send(message);
      expect((await cart.heard('error')).code).toBe('ECHOLINE_PROTOCOL_CONTROL_INVALID');
      expect((await cart.untilClosed()).code).toBe(1002);
    }
    const display = await openDisplay(service.wsUrl, freshStream());
    display.send(Uint8Array.of(1, 2, 3));
    expect((await display.heard('error')).code).toBe('ECHOLINE_PROTOCOL_CONTROL_INVALID');
  });

  it('ECHOLINE_PROTOCOL_CONTROL_TOO_LARGE: a huge control message closes with 1009', async () => {
    for (const characters of [20_000, 200_000]) {
      const display = await openDisplay(service.wsUrl, freshStream());
      display.send(JSON.stringify({ type: 'bye', reason: 'x'.repeat(characters) }));
      expect((await display.heard('error')).code).toBe('ECHOLINE_PROTOCOL_CONTROL_TOO_LARGE');
      expect((await display.untilClosed()).code).toBe(1009);
    }
  });

  it('ECHOLINE_PROTOCOL_RATE: a flood of control messages closes with 1008', async () => {
    const display = await openDisplay(service.wsUrl, freshStream());
    for (let index = 0; index < 200; index += 1) display.send({ type: 'ack', frameId: index });
    expect((await display.heard('error')).code).toBe('ECHOLINE_PROTOCOL_RATE');
    expect((await display.untilClosed()).code).toBe(1008);
  });

  it('ECHOLINE_SESSION_STREAM_TAKEN: a second cart is closed with 4009, the first stays', async () => {
    const stream = freshStream();
    const first = await openCart(service.wsUrl, stream);
    const second = await openPeer(`${service.wsUrl}/v1/streams/${stream}/frames`);
    second.send({ type: 'hello', role: 'cart', protocol: { major: 1, minor: 0 } });

    expect((await second.heard('error')).code).toBe('ECHOLINE_SESSION_STREAM_TAKEN');
    expect((await second.untilClosed()).code).toBe(4009);
    first.send(testMessage(1));
    expect((await first.heard('verdict')).verdict).toBe('ok');
    first.close();
  });

  it('ECHOLINE_SESSION_NO_ACKNOWLEDGEMENT: a display that never acknowledges: 4008', async () => {
    const stream = freshStream();
    const display = await openDisplay(service.wsUrl, stream);
    const cart = await openCart(service.wsUrl, stream);
    for (let frameId = 1; frameId <= 4; frameId += 1) {
      cart.send(testMessage(frameId));
      await cart.heard('verdict', frameId - 1);
    }

    expect((await display.heard('error')).code).toBe('ECHOLINE_SESSION_NO_ACKNOWLEDGEMENT');
    expect((await display.untilClosed()).code).toBe(4008);
    expect(display.of('overlay')).toHaveLength(2);
    cart.close();
  });

  it('ECHOLINE_SESSION_STALLED: a cart that stops in mid-frame stalls, then loses the stream', async () => {
    const stream = freshStream();
    const display = await openDisplay(service.wsUrl, stream);
    acknowledgeAll(display);
    const cart = await openCart(service.wsUrl, stream);
    cart.send(testMessage(1));
    await cart.heard('verdict');
    stopInMidFrame(cart);

    await until(() => lastState(display) === 'stalled', 'stalled', 3000);
    await until(() => lastState(display) === 'closed', 'the stream is free again', 4000);
    const second = await openCart(service.wsUrl, stream);
    second.close();
    display.close();
  });
});

/** Announces a binary message of 1000 bytes and sends 10 of them. */
function stopInMidFrame(cart: RawPeer): void {
  const raw = (cart.socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket;
  const header = Buffer.from([0x82, 0x80 | 126, 1000 >> 8, 1000 & 255, 0, 0, 0, 0]);
  raw.write(Buffer.concat([header, Buffer.alloc(10)]));
  cart.socket.pong = () => {};
  (cart.socket as unknown as { _autoPong: boolean })._autoPong = false;
}

function lastState(display: RawPeer): string {
  const info = display.of('stream').at(-1)?.info as { state: string } | undefined;
  return info?.state ?? '';
}
