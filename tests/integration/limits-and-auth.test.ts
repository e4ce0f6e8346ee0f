import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedEvent, RecordedVerdict, RecordingSink } from '../../src/domain/recording.js';
import { createEngines } from '../../src/server/engines.js';
import { createServer } from '../../src/server/server.js';
import { testMessage } from '../support/frames.js';
import {
  acknowledgeAll,
  openCart,
  openDisplay,
  openPeer,
  type RawPeer,
} from '../support/raw-peer.js';
import {
  ENGINE_ENTRY,
  startService,
  type TestService,
  testConfig,
  until,
} from '../support/service.js';

/** Where no frame is sent, a stand-in is engine enough, and ready at once. */
const FAKE_ENGINE = { engineEntry: new URL('../support/fake-engine.mjs', import.meta.url) };
const TOKENS = {
  cart: 'cart-token-0123456789',
  observer: 'observer-token-0123456789',
  operator: 'operator-token-0123456789',
  admin: 'admin-token-0123456789',
};
const HELLO = { type: 'hello', protocol: { major: 1, minor: 0 } };

function tokensFile(): string {
  const path = join(mkdtempSync(join(tmpdir(), 'echoline-')), 'tokens.json');
  const tokens = Object.entries(TOKENS).map(([role, token]) => ({
    token,
    role,
    ...(role === 'observer' && { streams: ['bed-3'] }),
  }));
  writeFileSync(path, JSON.stringify({ tokens }));
  return path;
}

function ignoringSink(): RecordingSink {
  return { frame() {}, overlay() {}, verdict() {}, event() {}, close: async () => {} };
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

describe('a service with tokens', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({ auth: 'tokens', tokens: tokensFile() }, FAKE_ENGINE);
  });
  afterAll(() => service.close());

  const open = (path: string, token?: string): Promise<RawPeer> =>
    openPeer(`${service.wsUrl}${path}`, token === undefined ? {} : { headers: bearer(token) });
  const ticketFor = (role: string, streamId: string, token: string): Promise<Response> =>
    fetch(`${service.url}/v1/tickets`, {
      method: 'POST',
      headers: { ...bearer(token), 'content-type': 'application/json' },
      body: JSON.stringify({ role, streamId }),
    });

  it('ECHOLINE_AUTH_REQUIRED: closes a socket without a token with 4001', async () => {
    const peer = await open('/v1/streams/bed-3/frames');
    expect((await peer.heard('error')).code).toBe('ECHOLINE_AUTH_REQUIRED');
    expect((await peer.untilClosed()).code).toBe(4001);
    const response = await service.get('/v1/streams');
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'ECHOLINE_AUTH_REQUIRED' });
    expect((await service.get('/metrics')).status).toBe(401);
  });

  it('ECHOLINE_AUTH_REFUSED: for a wrong token, role or stream', async () => {
    const refused = [
      ['/v1/streams/bed-3/frames', 'wrong-token-0123456789'],
      ['/v1/streams/bed-3/frames', TOKENS.observer],
      ['/v1/streams/bed-4/overlays', TOKENS.observer],
      ['/v1/streams/bed-3/overlays', TOKENS.cart],
    ] as const;
    for (const [path, token] of refused) {
      const peer = await open(path, token);
      expect((await peer.heard('error')).code).toBe('ECHOLINE_AUTH_REFUSED');
      expect((await peer.untilClosed()).code).toBe(4001);
    }
    const observer = await open('/v1/streams/bed-3/overlays', TOKENS.observer);
    observer.send({ ...HELLO, role: 'operator' });
    expect((await observer.heard('error')).code).toBe('ECHOLINE_AUTH_REFUSED');
  });

  it('lets the right token in, and shows an observer only its own streams', async () => {
    const cart = await open('/v1/streams/bed-9/frames', TOKENS.cart);
    cart.send({ ...HELLO, role: 'cart' });
    await cart.heard('welcome');
    const observer = await open('/v1/streams/bed-3/overlays', TOKENS.observer);
    observer.send(HELLO);
    expect((await observer.heard('welcome')).role).toBe('observer');

    const seen = await (await service.get('/v1/streams', bearer(TOKENS.observer))).json();
    const all = await (await service.get('/v1/streams', bearer(TOKENS.admin))).json();
    const names = (list: unknown) =>
      (list as { streams: { stream: string }[] }).streams.map(({ stream }) => stream);
    expect(names(seen)).toEqual(['bed-3']);
    expect(names(all)).toContain('bed-9');
    cart.close();
    observer.close();
  });

  it('ECHOLINE_AUTH_OPERATOR_TAKEN: one operator at a time; observers as many as like', async () => {
    const first = await open('/v1/streams/bed-5/overlays', TOKENS.operator);
    first.send({ ...HELLO, role: 'operator' });
    expect((await first.heard('welcome')).role).toBe('operator');
    const second = await open('/v1/streams/bed-5/overlays', TOKENS.operator);
    second.send({ ...HELLO, role: 'operator' });
    expect((await second.heard('error')).code).toBe('ECHOLINE_AUTH_OPERATOR_TAKEN');
    expect((await second.untilClosed()).code).toBe(1008);

    first.send({ type: 'bye', reason: 'done', reconnectAfterMs: null });
    expect((await first.untilClosed()).code).toBe(1000);
    const third = await open('/v1/streams/bed-5/overlays', TOKENS.operator);
    third.send({ ...HELLO, role: 'operator' });
    expect((await third.heard('welcome')).role).toBe('operator');
    third.close();
  });

  it('issues tickets that open one socket once', async () => {
    const response = await ticketFor('observer', 'bed-3', TOKENS.operator);
    expect(response.status).toBe(201);
    const { ticket, expiresInMs } = (await response.json()) as Record<string, string | number>;
    expect(expiresInMs).toBe(30_000);

    const display = await open(`/v1/streams/bed-3/overlays?ticket=${ticket}`);
    display.send(HELLO);
    await display.heard('welcome');
    const again = await open(`/v1/streams/bed-3/overlays?ticket=${ticket}`);
    expect((await again.heard('error')).code).toBe('ECHOLINE_AUTH_REFUSED');
    expect((await again.untilClosed()).code).toBe(4001);
    display.close();
  });

  it('issues no ticket above the role that asks, and none without a token', async () => {
    expect((await ticketFor('operator', 'bed-3', TOKENS.observer)).status).toBe(403);
    expect((await ticketFor('cart', 'bed-3', TOKENS.observer)).status).toBe(403);
    expect((await ticketFor('cart', 'bed-3', TOKENS.cart)).status).toBe(201);
    expect((await ticketFor('cart', 'no/slash', TOKENS.cart)).status).toBe(400);
    expect((await ticketFor('king', 'bed-3', TOKENS.admin)).status).toBe(400);
    expect((await ticketFor('observer', 'bed-3', 'wrong-token-0123456789')).status).toBe(403);
  });

  it('ECHOLINE_PROTOCOL_CONTROL_INVALID: says what is wrong with a ticket request', async () => {
    const post = (body: string) =>
      fetch(`${service.url}/v1/tickets`, {
        method: 'POST',
        headers: { ...bearer(TOKENS.admin), 'content-type': 'application/json' },
        body,
      });
    for (const [body, words] of [
      ['{"role":"king","streamId":"x"}', 'Body: role: expected "cart" or "observer"'],
      ['{"role":"cart"}', 'Body: streamId: expected string'],
      ['{"role":"cart","streamId":"x","streamid":"y"}', 'Did you mean "streamId"?'],
      ['null', 'Body'],
      ['{', 'JSON'],
      ['', 'empty'],
    ] as const) {
      const response = await post(body);
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({
        code: 'ECHOLINE_PROTOCOL_CONTROL_INVALID',
        message: expect.stringContaining(words),
      });
    }
    const huge = await post(JSON.stringify('a'.repeat(20_000)));
    expect(huge.status).toBe(413);
    expect(await huge.json()).toMatchObject({ code: 'ECHOLINE_PROTOCOL_CONTROL_TOO_LARGE' });
  });

  it('shows process ids to an admin only', async () => {
    const anonymous = (await (await service.get('/version')).json()) as { engines: unknown };
    const admin = (await (await service.get('/version', bearer(TOKENS.admin))).json()) as {
      engines: unknown;
    };
    expect(anonymous.engines).toBeNull();
    expect(admin.engines).not.toBeNull();
  });
});

describe('a service with limits', () => {
  const events: RecordedEvent[] = [];
  const verdicts: RecordedVerdict[] = [];
  const counts = { frames: 0, overlays: 0, closed: 0 };
  const sink: RecordingSink = {
    frame: () => {
      counts.frames += 1;
    },
    overlay: () => {
      counts.overlays += 1;
    },
    verdict: (verdict) => verdicts.push(verdict),
    event: (event) => events.push(event),
    close: async () => {
      counts.closed += 1;
    },
  };
  let service: TestService;
  beforeAll(async () => {
    service = await startService(
      {
        connectionsMax: 6,
        streamsMax: 2,
        displaysPerStreamMax: 2,
        origins: ['http://friend:9000'],
      },
      { openRecording: (stream) => (stream === 'record' ? sink : ignoringSink()) },
    );
  });
  afterAll(() => service.close());

  it('ECHOLINE_SESSION_LIMIT: one stream, display or connection too many', async () => {
    const peers = [await openCart(service.wsUrl, 'a'), await openCart(service.wsUrl, 'b')];
    const third = await openPeer(`${service.wsUrl}/v1/streams/c/frames`);
    third.send({ ...HELLO, role: 'cart' });
    expect((await third.heard('error')).code).toBe('ECHOLINE_SESSION_LIMIT');
    expect((await third.untilClosed()).code).toBe(1013);

    peers.push(await openDisplay(service.wsUrl, 'a'), await openDisplay(service.wsUrl, 'a'));
    const display = await openPeer(`${service.wsUrl}/v1/streams/a/overlays`);
    display.send(HELLO);
    expect((await display.heard('error')).code).toBe('ECHOLINE_SESSION_LIMIT');
    expect((await display.untilClosed()).code).toBe(1013);

    peers.push(await openDisplay(service.wsUrl, 'b'), await openDisplay(service.wsUrl, 'b'));
    const opening = openPeer(`${service.wsUrl}/v1/streams/b/overlays`);
    await expect(opening).rejects.toThrow(/HTTP 503 .*ECHOLINE_SESSION_LIMIT/s);
    for (const peer of peers) peer.close();
    await until(() => peers.every(({ ended }) => ended !== null), 'all gone');
  });

  it('ECHOLINE_AUTH_ORIGIN: refuses pages of other sites, lets its own and listed ones in', async () => {
    const url = `${service.wsUrl}/v1/streams/origin/overlays`;
    const refused = [
      'http://evil.example',
      `http://127.0.0.1:${service.port + 1}`,
      'null',
      'http://friend:9001',
    ];
    for (const origin of refused) {
      const opening = openPeer(url, { headers: { origin } });
      await expect(opening).rejects.toThrow(/HTTP 403 .*ECHOLINE_AUTH_ORIGIN/s);
    }
    const rebound = { origin: 'http://evil.example:80', host: 'evil.example:80' };
    await expect(openPeer(url, { headers: rebound })).rejects.toThrow(/HTTP 403/);
    const forbidden = await service.get('/v1/streams', { origin: 'http://evil.example' });
    expect(forbidden.status).toBe(403);
    for (const origin of [service.url, 'http://friend:9000']) {
      (await openPeer(url, { headers: { origin } })).close();
    }
  });

  it('gives a slow display fewer overlays and never older ones', async () => {
    const slow = await openDisplay(service.wsUrl, 'pace');
    const cart = await openCart(service.wsUrl, 'pace');
    const send = async (frameId: number) => {
      cart.send(testMessage(frameId));
      await cart.heard('verdict', frameId - 1);
    };
    for (let frameId = 1; frameId <= 6; frameId += 1) await send(frameId);
    const ids = () => slow.of('overlay').map(({ frameId }) => frameId);
    await until(() => ids().length === 2, 'two overlays');

    slow.send({ type: 'ack', frameId: 1 });
    await until(() => ids().length === 3, 'the newest one');
    slow.send({ type: 'ack', frameId: 6, epoch: 0 });
    await send(7);
    await send(8);
    await until(() => ids().length === 5, 'the next ones');

    expect(ids()).toEqual([1, 2, 6, 7, 8]);
    cart.close();
    slow.close();
  });

  it('gives a display that acknowledges frames at most four at a time', async () => {
    const display = await openDisplay(service.wsUrl, 'frames', '?frames=1');
    const cart = await openCart(service.wsUrl, 'frames');
    const ids = () => display.binaries.map((bytes) => Number(bytes.readBigUInt64LE(16)));
    const send = async (frameId: number) => {
      cart.send(testMessage(frameId));
      await cart.heard('verdict', frameId - 1);
    };
    await send(1);
    await until(() => ids().length === 1, 'the first frame');
    display.send({ type: 'ack', frameId: 1, what: 'frame' });
    display.send({ type: 'clock', t0Us: 0 });
    await display.heard('clock-reply');
    for (let frameId = 2; frameId <= 9; frameId += 1) await send(frameId);
    await until(() => ids().length === 5, 'four more');
    display.send({ type: 'ack', frameId: 5, what: 'frame' });
    await until(() => ids().length === 6, 'the newest');

    expect(ids()).toEqual([1, 2, 3, 4, 5, 9]);
    cart.close();
    display.close();
  });

  it('supersedes older frames of a cart that sends too much', async () => {
    const cart = await openCart(service.wsUrl, 'flood');
    for (let frameId = 1; frameId <= 8; frameId += 1) cart.send(testMessage(frameId));
    await until(() => cart.of('verdict').length === 8, 'a verdict for every frame');

    const kinds = new Set(cart.of('verdict').map(({ verdict }) => verdict));
    expect(kinds.has('superseded')).toBe(true);
    cart.close();
  });

  it('records what it sees and says', async () => {
    const cart = await openCart(service.wsUrl, 'record');
    cart.send(testMessage(1));
    await cart.heard('verdict');
    cart.close();
    await until(() => counts.closed === 1, 'the recording to close');

    expect(counts.frames).toBe(1);
    expect(counts.overlays).toBe(1);
    expect(verdicts).toMatchObject([{ verdict: 'ok', frameId: 1 }]);
    expect(events.map(({ kind }) => kind)).toEqual(['cart-attached', 'cart-detached']);
  });

  it('ECHOLINE_CONFIG_PORT_IN_USE: says so and leaves nothing behind', async () => {
    const taken = createTcpServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const config = testConfig({ port });
    const server = createServer(config, { engines: createEngines(config, ENGINE_ENTRY) });

    await expect(server.start()).rejects.toMatchObject({ code: 'ECHOLINE_CONFIG_PORT_IN_USE' });
    await server.close();
    await new Promise((resolve) => taken.close(resolve));
  });

  it('ECHOLINE_CONFIG_INSECURE_BIND: refuses an address others can reach without TLS', () => {
    expect(() => createServer(testConfig({ host: '0.0.0.0' }))).toThrow(
      expect.objectContaining({ code: 'ECHOLINE_CONFIG_INSECURE_BIND' }),
    );
  });

  it('ECHOLINE_MODEL_NOT_FOUND: does not start with a model that is not there', async () => {
    const config = testConfig({ model: '/nowhere' });
    const server = createServer(config, { engines: createEngines(config, ENGINE_ENTRY) });
    await expect(server.start()).rejects.toMatchObject({ code: 'ECHOLINE_MODEL_NOT_FOUND' });
    expect(server.engines().engines.every(({ state }) => state === 'dead')).toBe(true);
  });

  it('ECHOLINE_CONFIG_INVALID: names TLS files that are missing or no PEM', () => {
    const directory = mkdtempSync(join(tmpdir(), 'echoline-'));
    const nonsense = join(directory, 'nonsense.pem');
    writeFileSync(nonsense, 'this is no certificate');
    for (const tlsCert of [nonsense, join(directory, 'missing.pem')]) {
      const config = testConfig({ tlsCert, tlsKey: nonsense });
      expect(() => createServer(config)).toThrow(
        expect.objectContaining({
          code: 'ECHOLINE_CONFIG_INVALID',
          message: expect.stringContaining(tlsCert),
        }),
      );
    }
  });

  it('serves over TLS', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'echoline-'));
    const [tlsKey, tlsCert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
    execFileSync(
      'openssl',
      `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj
       /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout ${tlsKey} -out ${tlsCert}`.split(
        /\s+/,
      ),
      { stdio: 'ignore' },
    );
    const secure = await startService({ tlsCert, tlsKey }, FAKE_ENGINE);
    expect(secure.url).toMatch(/^https:/);
    const { WebSocket } = await import('ws');
    const socket = new WebSocket(`${secure.wsUrl}/v1/streams/a/overlays`, ['echoline.v1'], {
      rejectUnauthorized: false,
    });
    const welcome = new Promise((resolve) => socket.on('message', resolve));
    socket.on('open', () => socket.send(JSON.stringify(HELLO)));
    expect(String(await welcome)).toContain('"welcome"');
    socket.terminate();
    await secure.close();
  });

  it('gives a display that acknowledges at once every overlay and every frame', async () => {
    const display = await openDisplay(service.wsUrl, 'ack', '?frames=1');
    acknowledgeAll(display);
    const cart = await openCart(service.wsUrl, 'ack');
    for (let frameId = 1; frameId <= 8; frameId += 1) {
      cart.send(testMessage(frameId));
      await cart.heard('verdict', frameId - 1);
    }
    await until(() => display.of('overlay').length === 8, 'eight overlays');
    await until(() => display.binaries.length === 8, 'eight frames');
    cart.close();
    display.close();
  });
});
