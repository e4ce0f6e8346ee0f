import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { testMessage } from '../support/frames.js';
import {
  acknowledgeAll,
  type Heard,
  openCart,
  openDisplay,
  type RawPeer,
} from '../support/raw-peer.js';
import { startService, type TestService, until, untilSpareIsWarm } from '../support/service.js';

const INTERVAL_MS = 33;

interface Overlay extends Heard {
  readonly frameId: number;
  readonly trackEpoch: number;
  readonly guidance: { readonly validity: string; readonly reasons: readonly string[] };
  readonly needle: { readonly state: string; readonly tip: unknown; readonly tipReason: string };
}

/** A cart at 30 fps with a display that acknowledges everything and notes when it came. */
async function stream(running: TestService, name: string) {
  const display = await openDisplay(running.wsUrl, name, '?frames=1');
  acknowledgeAll(display);
  const cart = await openCart(running.wsUrl, name);
  const arrivals: { readonly atMs: number; readonly isUnavailable: boolean }[] = [];
  const frameTimes: number[] = [];
  const sendTimes: number[] = [];
  display.socket.on('message', (data: Buffer, isBinary) => {
    const atMs = performance.now();
    if (isBinary) frameTimes.push(atMs);
    else if (data.includes('"type":"overlay"')) {
      // What the network makes of noise is no matter here: only what the service says of an engine.
      arrivals.push({
        atMs,
        isUnavailable: /"engine-unavailable"|"inference-failed"/.test(`${data}`),
      });
    }
  });
  let frameId = 0;
  const timer = setInterval(() => {
    frameId += 1;
    sendTimes.push(performance.now());
    cart.send(testMessage(frameId));
  }, INTERVAL_MS);
  return {
    display,
    cart,
    arrivals,
    frameTimes,
    /** How much longer the picture paused than the cart itself did (the machine is shared), ms. */
    pauseMs: () => longestGapMs(frameTimes) - longestGapMs(sendTimes),
    sent: () => frameId,
    halt: () => clearInterval(timer),
    async stop() {
      clearInterval(timer);
      await until(() => cart.of('verdict').length === frameId, 'a verdict for every frame');
    },
    end() {
      cart.close();
      display.close();
    },
  };
}

/** The longest time between neighbours, ms. */
function longestGapMs(times: readonly number[]): number {
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}

function verdictsOf(cart: RawPeer): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { verdict } of cart.of('verdict')) {
    counts[String(verdict)] = (counts[String(verdict)] ?? 0) + 1;
  }
  return counts;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

describe('an engine of a service', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  it('is replaced by the spare while the picture goes on, when it dies', async () => {
    await untilSpareIsWarm(service);
    const running = await stream(service, 'kill');
    await until(() => running.arrivals.length > 10, 'overlays', 10_000);
    const killed = service.servingPid();
    const killedAtMs = performance.now();
    process.kill(killed, 'SIGKILL');

    const since = () => running.arrivals.filter(({ atMs }) => atMs > killedAtMs);
    await until(() => since().some(({ isUnavailable }) => isUnavailable), 'unavailable', 2000);
    const unavailableMs = (since().find((one) => one.isUnavailable)?.atMs ?? 0) - killedAtMs;
    const recovered = () => {
      const index = since().findIndex(({ isUnavailable }) => isUnavailable);
      return since().find((one, at) => at > index && !one.isUnavailable);
    };
    await until(() => recovered() !== undefined, 'overlays again', 3000);
    const recoveredMs = (recovered()?.atMs ?? 0) - killedAtMs;
    const recoveredAt = running.sent();
    await until(() => running.sent() > recoveredAt + 10, 'the picture after it');
    await running.stop();
    await until(() => running.frameTimes.length === running.sent(), 'every frame');

    expect(unavailableMs).toBeLessThan(300);
    expect(recoveredMs).toBeLessThan(1500);
    expect(service.servingPid()).not.toBe(killed);
    expect(running.pauseMs()).toBeLessThan(150);
    const { failed = 0, ok = 0, superseded = 0, expired = 0 } = verdictsOf(running.cart);
    expect(failed).toBeGreaterThanOrEqual(1);
    expect(failed).toBeLessThan(6);
    expect(ok + failed + superseded + expired).toBe(running.sent());
    const reasons = running.cart.of('verdict').filter(({ verdict }) => verdict === 'failed');
    expect(reasons[0]?.reason).toMatchObject({ code: 'ECHOLINE_INFERENCE_ENGINE_DIED' });
    const epochs = running.display.of('overlay').map((one) => (one as Overlay).trackEpoch);
    expect(epochs[0]).toBe(0);
    expect(epochs.at(-1)).toBe(1);
    running.end();
  });

  it.skipIf(process.platform === 'win32')(
    'ECHOLINE_INFERENCE_TIMEOUT: is killed when it hangs, and its frame fails',
    async () => {
      await untilSpareIsWarm(service);
      const running = await stream(service, 'hang');
      await until(() => running.arrivals.length > 5, 'overlays', 10_000);
      const hung = service.servingPid();
      const hungAtMs = performance.now();
      process.kill(hung, 'SIGSTOP');

      const since = () => running.arrivals.filter(({ atMs }) => atMs > hungAtMs);
      await until(() => since().some(({ isUnavailable }) => isUnavailable), 'unavailable', 2000);
      const unavailableMs = (since().find((one) => one.isUnavailable)?.atMs ?? 0) - hungAtMs;
      await until(() => since().at(-1)?.isUnavailable === false, 'overlays again', 3000);
      await running.stop();

      expect(unavailableMs).toBeLessThan(250 + INTERVAL_MS + 100);
      await until(() => !isAlive(hung), 'the hung engine to be gone');
      const failed = running.cart.of('verdict').filter(({ verdict }) => verdict === 'failed');
      expect(failed).toHaveLength(1);
      expect(failed[0]?.reason).toMatchObject({ code: 'ECHOLINE_INFERENCE_TIMEOUT' });
      expect(running.pauseMs()).toBeLessThan(150);
      running.end();
    },
  );

  it('ends last, in order: bye and verdicts first, then the sockets with 1001', async () => {
    const running = await stream(service, 'end');
    await until(() => running.arrivals.length > 5, 'overlays', 10_000);
    const pids = service.engines().engines.map(({ pid }) => pid ?? 0);
    const startedMs = performance.now();
    const closing = service.close();

    expect((await service.get('/readyz')).status).toBe(503);
    await closing;
    const cartEnd = await running.cart.untilClosed();
    const displayEnd = await running.display.untilClosed();

    expect(performance.now() - startedMs).toBeLessThan(3000);
    expect([cartEnd.code, displayEnd.code]).toEqual([1001, 1001]);
    expect(running.cart.of('bye')[0]).toMatchObject({ reconnectAfterMs: expect.any(Number) });
    expect(running.cart.of('error')[0]).toMatchObject({ code: 'ECHOLINE_SESSION_GOING_AWAY' });
    expect(running.display.of('bye')).toHaveLength(1);
    await until(() => pids.every((pid) => !isAlive(pid)), 'no engine left');
    running.halt();
  });
});

describe('a service whose engines are all gone', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({ engineRestartsPerMinuteMax: 1 });
  });
  afterAll(() => service.close());

  it('gives displays every frame with an unavailable overlay each', async () => {
    await untilSpareIsWarm(service);
    const running = await stream(service, 'all-dead');
    await until(() => running.arrivals.length > 5, 'overlays', 10_000);

    const pids = new Set<number>();
    await until(
      () => {
        const { engines, isExhausted } = service.engines();
        for (const { pid } of engines) {
          if (pid !== null && !pids.has(pid)) process.kill(pid, 'SIGKILL');
          if (pid !== null) pids.add(pid);
        }
        return engines.length === 0 && isExhausted;
      },
      'no engine left',
      10_000,
    );
    const from = running.sent() + 1;
    await until(() => running.sent() > from + 10, 'frames without an engine');
    await running.stop();
    await until(() => running.frameTimes.length === running.sent(), 'every frame');

    const late = running.display.of('overlay').filter((one) => Number(one.frameId) > from);
    expect(late.length).toBe(running.sent() - from);
    for (const overlay of late as Overlay[]) {
      expect(overlay.guidance).toMatchObject({
        validity: 'unavailable',
        reasons: ['engine-unavailable'],
      });
      expect(overlay.needle).toMatchObject({
        state: 'absent',
        tip: null,
        tipReason: 'engine-unavailable',
      });
    }
    const last = running.cart.of('verdict').at(-1);
    expect(last).toMatchObject({
      verdict: 'failed',
      reason: { code: 'ECHOLINE_INFERENCE_UNAVAILABLE' },
    });
    expect(running.pauseMs()).toBeLessThan(150);
    const ready = await service.get('/readyz');
    expect(ready.status).toBe(503);
    expect((await running.cart.heard('bye')).reconnectAfterMs).toBeGreaterThan(0);
    await running.display.heard('bye');
    expect(running.cart.ended).toBeNull();
    running.end();
  });
});

describe('a service that is killed', () => {
  it.skipIf(process.platform === 'win32')('leaves no engine behind', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'echoline-'));
    const script = join(directory, 'service.mjs');
    const server = new URL('../../dist/server/server.js', import.meta.url).href;
    const loader = new URL('../../dist/config/load.js', import.meta.url).href;
    writeFileSync(
      script,
      `import { createServer } from ${JSON.stringify(server)};
       import { loadConfig } from ${JSON.stringify(loader)};
       const flags = { port: '0', 'log-level': 'silent' };
       const { config } = loadConfig({ filePath: null, env: {}, flags });
       const server = createServer(config);
       await server.start();
       setInterval(() => {
         const ready = server.engines().engines.filter(({ state }) => state === 'ready');
         console.log(JSON.stringify(ready.map(({ pid }) => pid)));
       }, 50);`,
    );
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    let pids: number[] = [];
    child.stdout.on('data', (data: Buffer) => {
      const line = data.toString('utf8').trim().split('\n').at(-1) ?? '[]';
      pids = JSON.parse(line) as number[];
    });
    await until(() => pids.length === 2, 'two ready engines', 20_000);
    for (const pid of pids) process.kill(pid, 'SIGTERM');
    for (const pid of pids) process.kill(pid, 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(pids.every(isAlive)).toBe(true);

    child.kill('SIGKILL');

    await until(() => pids.every((pid) => !isAlive(pid)), 'no engine left', 8000);
  });
});
