import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCart } from '../../src/cart/cart-client.js';
import { connectOverlays } from '../../src/cart/overlay-client.js';
import type { Frame } from '../../src/domain/frame.js';
import type { Overlay } from '../../src/domain/overlay.js';
import type { VerdictMessage } from '../../src/protocol/control-messages.js';
import { testFrame, testMessage } from '../support/frames.js';
import { acknowledgeAll, openCart, openDisplay, openPeer } from '../support/raw-peer.js';
import { startService, type TestService, until } from '../support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(async () => {
  await service.close();
});

describe('a cart and a display through the real service', () => {
  it('gives each frame its verdict and each processed frame its overlay', async () => {
    const verdicts: VerdictMessage[] = [];
    const overlays: Overlay[] = [];
    const frames: Frame[] = [];
    const display = await connectOverlays({
      url: service.url,
      streamId: 'happy',
      frames: true,
      onOverlay: (overlay) => overlays.push(overlay),
      onFrame: (frame) => frames.push(frame),
    });
    const cart = await connectCart({
      url: service.url,
      streamId: 'happy',
      name: 'test cart',
      isSimulated: true,
      onVerdict: (verdict) => verdicts.push(verdict),
    });
    for (let frameId = 1; frameId <= 20; frameId += 1) {
      const captureTimeUs = Math.floor(Number(process.hrtime.bigint() / 1000n));
      cart.offer(testFrame(frameId, { captureTimeUs, widthPx: 256, heightPx: 256 }));
      await until(() => verdicts.length === frameId, `verdict of frame ${frameId}`);
    }

    expect(verdicts.map(({ verdict }) => verdict)).toEqual(Array(20).fill('ok'));
    // Asked at once: a cart that sends no more soon counts as stalled.
    const { streams } = (await (await service.get('/v1/streams')).json()) as {
      streams: { stream: string; offered: number; verdicts: object; displays: number }[];
    };
    const happy = streams.find(({ stream }) => stream === 'happy');
    expect(happy).toMatchObject({
      state: 'streaming',
      isSimulated: true,
      cartName: 'test cart',
      displays: 1,
      offered: 20,
      pending: 0,
      verdicts: { ok: 20, superseded: 0, expired: 0, invalid: 0, failed: 0 },
    });
    await until(() => overlays.length === 20, 'all overlays');
    expect(overlays.map(({ frameId }) => frameId)).toEqual(verdicts.map(({ frameId }) => frameId));
    const overlay = overlays.at(-1);
    expect(overlay?.stream).toBe('happy');
    expect(overlay?.model.id).toBe('guidenet');
    expect(overlay?.image).toEqual({ widthPx: 256, heightPx: 256 });
    expect(overlay?.stageMs.infer).toBeGreaterThan(0);
    expect(overlay?.clock.cartOffsetUs).not.toBeNull();
    expect(Math.abs(overlay?.clock.cartOffsetUs ?? 1e9)).toBeLessThan(5000);
    expect(frames.map(({ frameId }) => frameId)).toEqual(verdicts.map(({ frameId }) => frameId));
    expect(frames[0]?.payload).toEqual(testFrame(1, { widthPx: 256, heightPx: 256 }).payload);
    await cart.close('done');
    await display.close();
  });

  it('sends a cart its overlays when it asks for them', async () => {
    const cart = await openCart(service.wsUrl, 'own', { wantOverlays: true });
    cart.send(testMessage(1));

    const overlay = await cart.heard('overlay');

    expect(overlay).toMatchObject({ stream: 'own', frameId: 1, epoch: 0, trackEpoch: 0 });
    cart.close();
  });

  it('tells displays when a cart comes, streams, stalls and leaves', async () => {
    const display = await openDisplay(service.wsUrl, 'life');
    expect((await display.heard('welcome')).info).toMatchObject({ state: 'idle', cartName: null });
    const cart = await openCart(service.wsUrl, 'life', { name: 'cart 1', isSimulated: true });
    cart.send(testMessage(1));
    const states = () => display.of('stream').map(({ info }) => (info as { state: string }).state);

    await until(() => states().includes('stalled'), 'stalled', 3000);
    cart.send(testMessage(2));
    await until(() => states().at(-1) === 'streaming', 'streaming again');
    cart.close();
    await until(() => states().at(-1) === 'closed', 'closed');

    expect(states()).toEqual(['idle', 'streaming', 'stalled', 'streaming', 'closed']);
    display.close();
  });

  it('raises the track epoch on freeze, geometry change, a jump in time, and a new cart', async () => {
    const display = await openDisplay(service.wsUrl, 'epochs');
    acknowledgeAll(display);
    const overlays = () => display.of('overlay');
    let sent = 0;
    const send = async (cart: { send(bytes: Uint8Array): void }, bytes: Uint8Array) => {
      cart.send(bytes);
      sent += 1;
      await until(() => overlays().length === sent, `overlay ${sent}`);
    };
    const cart = await openCart(service.wsUrl, 'epochs');
    await send(cart, testMessage(1));
    await send(cart, testMessage(2));
    const flags = { isFrozen: true, geometryChanged: false, mayCarryText: false };
    await send(cart, testMessage(3, { flags }));
    await send(cart, testMessage(4));
    await send(cart, testMessage(5, { widthPx: 120 }));
    await send(cart, testMessage(6, { widthPx: 120, captureTimeUs: 90_000_000 }));
    await send(cart, testMessage(1, { widthPx: 120, epoch: 1 }));
    cart.close();
    const isGone = () => display.of('stream').some(({ info }) => isClosed(info));
    await until(isGone, 'the first cart to be gone');
    const second = await openCart(service.wsUrl, 'epochs');
    await send(second, testMessage(1, { widthPx: 120 }));

    expect(overlays().map(({ trackEpoch }) => trackEpoch)).toEqual([0, 0, 1, 2, 3, 4, 5, 6]);
    second.close();
    display.close();
  });

  it('answers clock requests of both sides and asks the cart for its time', async () => {
    const cart = await openCart(service.wsUrl, 'clock');
    cart.send({ type: 'clock', t0Us: 5 });
    const reply = await cart.heard('clock-reply');
    expect(reply.t0Us).toBe(5);
    expect(reply.t2Us).toBeGreaterThanOrEqual(Number(reply.t1Us));

    await cart.heard('clock', 3, 2000);
    cart.close();
  });

  it('refuses an upgrade without the subprotocol, in words', async () => {
    const opening = openPeer(`${service.wsUrl}/v1/streams/a/frames`, { protocols: [] });

    await expect(opening).rejects.toThrow(/HTTP 400 .*ECHOLINE_PROTOCOL_SUBPROTOCOL.*echoline.v1/s);
  });

  it('refuses a path that names no stream', async () => {
    const opening = openPeer(`${service.wsUrl}/v1/streams/a%20b/frames`);
    await expect(opening).rejects.toThrow(/HTTP 400 .*ECHOLINE_SESSION_STREAM_ID/s);
    const elsewhere = openPeer(`${service.wsUrl}/elsewhere`);
    await expect(elsewhere).rejects.toThrow(/HTTP 400 .*ECHOLINE_SESSION_STREAM_ID/s);
  });

  it('relays a raw frame above 512 x 512 as JPEG and everything else byte for byte', async () => {
    const display = await openDisplay(service.wsUrl, 'relay', '?frames=1');
    const cart = await openCart(service.wsUrl, 'relay');
    const small = testMessage(1, { widthPx: 512, heightPx: 512 });
    const large = testMessage(2, { widthPx: 640, heightPx: 520 });
    cart.send(small);
    cart.send(large);

    await until(() => display.binaries.length === 2, 'two frames');

    expect(Buffer.compare(display.binaries[0] as Buffer, small)).toBe(0);
    const relayed = display.binaries[1] as Buffer;
    expect(relayed.byteLength).toBeLessThan(large.byteLength);
    expect(relayed[10]).toBe(3);
    expect(relayed.readUInt16LE(32)).toBe(640);
    cart.close();
    display.close();
  });
});

describe('the HTTP side', () => {
  it('is alive and ready once the engines are warm', async () => {
    expect((await service.get('/livez')).status).toBe(200);
    const ready = await service.get('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ ready: true, reasons: [] });
  });

  it('says which build, model and kernels run, and which processes', async () => {
    const version = (await (await service.get('/version')).json()) as {
      model: { id: string; sha256: string };
      inference: { precision: string; reason: string };
      kernels: { origin: string };
      engines: { engines: { pid: number; role: string }[] };
    };
    expect(version.model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(['fp32', 'int8']).toContain(version.inference.precision);
    expect(version.inference.reason).not.toBe('');
    expect(['native', 'reference']).toContain(version.kernels.origin);
    expect(version.engines.engines[0]).toMatchObject({
      role: 'serving',
      pid: service.servingPid(),
    });
  });

  it('publishes metrics with bounded labels', async () => {
    const text = await (await service.get('/metrics')).text();
    expect(text).toContain('echoline_frames_offered_total');
    expect(text).toContain('echoline_verdicts_total{verdict="ok"}');
    expect(text).not.toContain('happy');
  });

  it('serves the page under a strict content security policy', async () => {
    const response = await service.get('/');
    const policy = response.headers.get('content-security-policy') ?? '';
    if (response.status === 200) expect(policy).toContain("default-src 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  });
});

function isClosed(info: unknown): boolean {
  return (info as { state: string }).state === 'closed';
}
