import { afterEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_PLAN } from '../../src/domain/guidance-plan.js';
import type { EngineOptions, EngineResult } from '../../src/engine/engine-messages.js';
import { EnginePool, type EnginePoolOptions } from '../../src/engine/engine-pool.js';
import type { EnginePoolEvent, EngineStream } from '../../src/engine/engine-stream.js';
import { selectHop } from '../../src/engine/frame-hop.js';
import { readClockUs } from '../../src/engine/read-clock.js';
import { testFrame } from '../support/frames.js';
import { until } from '../support/service.js';

const ENTRY = new URL('../support/fake-engine.mjs', import.meta.url);
const pools: EnginePool[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

const ENGINE: EngineOptions = {
  modelDirectory: '',
  precision: 'auto',
  executionProvider: 'cpu',
  executionProviderFallback: 'none',
  secondOpinion: 'off',
  secondOpinionIntervalMs: 1000,
  intraOpThreads: 1,
  kernels: 'auto',
  warmUpRuns: 0,
  heartbeatMs: 50,
};

function createPool(behaviour = '', changes: Partial<EnginePoolOptions> = {}) {
  const events: EnginePoolEvent[] = [];
  const pool = new EnginePool({
    engines: 1,
    entry: ENTRY,
    engine: { ...ENGINE, modelDirectory: behaviour },
    sharedPayloadBytesMax: null,
    hangMs: 250,
    firstFrameMs: 1000,
    startMs: 10_000,
    restartsPerMinuteMax: 5,
    readClockUs,
    onEvent: (event) => events.push(event),
    ...changes,
  });
  pools.push(pool);
  return { pool, events, kinds: () => events.map(({ kind }) => kind) };
}

function openStream(pool: EnginePool) {
  const heard: string[] = [];
  const stream = pool.openStream({
    onEngineLost: () => heard.push('lost'),
    onEngineReady: () => heard.push('ready'),
  });
  return { stream, heard };
}

function submit(
  stream: EngineStream,
  frameId: number,
  heard: string[] = [],
): Promise<EngineResult> {
  return new Promise((resolve) => {
    stream.submit(testFrame(frameId), 0, (result) => {
      heard.push(`${result.kind} ${frameId}`);
      resolve(result);
    });
  });
}

/** What a stand-in of an engine says it was asked. */
function echoOf(result: EngineResult): { pid: number; bytes: number; limits: unknown } {
  if (result.kind !== 'ok') throw new Error(`expected ok, came ${result.kind}`);
  return JSON.parse(Buffer.from(result.findings.json).toString()).echo;
}

const pidOf = (result: EngineResult): number => echoOf(result).pid;

const spareIsReady = (pool: EnginePool) => () =>
  pool.status().engines.some(({ role, state }) => role === 'spare' && state === 'ready');

describe('a pool of engines', () => {
  it('lets the first engine choose the precision and starts all others in the same', async () => {
    const { pool } = createPool('', { engines: 3 });
    const identity = await pool.start();
    await until(spareIsReady(pool), 'a spare');
    // The stand-in says what it was asked for, and takes int8 where it may choose.
    expect(pool.identity?.inference).toMatchObject({ precision: 'int8', reason: 'auto' });
    expect(identity.inference).toMatchObject({ precision: 'int8', reason: 'int8' });
  });

  it('lets the first engine choose the number of threads for all', async () => {
    const engine = { ...ENGINE, intraOpThreads: { autoUpTo: 3 } };
    const { pool } = createPool('', { engines: 2, engine });
    const identity = await pool.start();
    expect(pool.identity?.inference.threads).toEqual({ count: 3, reason: 'measured' });
    expect(identity.inference.threads).toEqual({ count: 3, reason: 'configured' });
  });

  it('starts the serving engines first and the spare after them', async () => {
    const { pool, events } = createPool('', { engines: 2 });
    expect(pool.identity).toBeNull();
    const identity = await pool.start();
    expect(identity.model.id).toBe('fake');
    await until(spareIsReady(pool), 'a spare');

    const roles = events.map((event) => (event.kind === 'engine-ready' ? event.role : ''));
    expect(roles).toEqual(['serving', 'serving', 'spare']);
    expect(pool.isReady(1000)).toBe(true);
    expect(new Set(pool.status().engines.map(({ pid }) => pid)).size).toBe(3);
  });

  it.runIf(selectHop('auto').kind === 'shared-memory')(
    'puts pixels into shared memory, and what does not fit there into the socket',
    async () => {
      const { payload } = testFrame(1);
      for (const [sharedPayloadBytesMax, sentBytes] of [
        [payload.length, 0],
        [1, payload.length > 4096 ? payload.length : 0],
      ] as const) {
        const { pool } = createPool('', { sharedPayloadBytesMax });
        await pool.start();
        const { stream } = openStream(pool);
        for (let frameId = 1; frameId <= 10; frameId += 1) {
          expect(echoOf(await submit(stream, frameId)).bytes).toBe(sentBytes);
        }
      }
    },
  );

  it('pins streams to the engine with the fewest', async () => {
    const { pool } = createPool('', { engines: 2 });
    await pool.start();
    const [a, b] = [openStream(pool), openStream(pool)];
    const pids = [];
    for (const { stream } of [a, b, a, b]) pids.push(pidOf(await submit(stream, 1)));

    expect(pids[0]).toBe(pids[2]);
    expect(pids[1]).toBe(pids[3]);
    expect(pids[0]).not.toBe(pids[1]);
    a.stream.close();
    a.stream.close();
    const third = openStream(pool);
    expect(pidOf(await submit(third.stream, 1))).toBe(pids[0]);
  });

  it('ECHOLINE_INFERENCE_ENGINE_DIED: puts the spare in its place before the frame fails', async () => {
    const { pool } = createPool();
    await pool.start();
    await until(spareIsReady(pool), 'a spare');
    const { stream, heard } = openStream(pool);
    const before = pidOf(await submit(stream, 1, heard));
    const died = await submit(stream, 13, heard);
    const after = pidOf(await submit(stream, 2, heard));

    expect(died).toMatchObject({
      kind: 'failed',
      error: { code: 'ECHOLINE_INFERENCE_ENGINE_DIED' },
    });
    expect(after).not.toBe(before);
    expect(heard).toEqual(['ok 1', 'lost', 'failed 13', 'ready', 'ok 2']);
    await until(spareIsReady(pool), 'a new spare');
    expect(pool.status().restarts).toBe(1);
  });

  it("tells a stream's plan to its engine, and to the one that takes over", async () => {
    const { pool } = createPool();
    await pool.start();
    await until(spareIsReady(pool), 'a spare');
    const [a, b] = [openStream(pool), openStream(pool)];
    a.stream.setPlan({ ...DEFAULT_PLAN, limits: ['side-not-confirmed'] });
    const limitsOf = (result: EngineResult) => echoOf(result).limits;
    expect(limitsOf(await submit(a.stream, 1))).toEqual(['side-not-confirmed']);
    expect(limitsOf(await submit(b.stream, 1))).toBeNull();
    await submit(a.stream, 13);
    expect(limitsOf(await submit(a.stream, 2))).toEqual(['side-not-confirmed']);
  });

  it('ECHOLINE_INFERENCE_TIMEOUT: kills a hung engine, the first frame has longer', async () => {
    const { pool } = createPool('', { hangMs: 150, firstFrameMs: 600 });
    await pool.start();
    await until(spareIsReady(pool), 'a spare');
    const { stream } = openStream(pool);
    const timed = async (frameId: number) => {
      const startedMs = performance.now();
      const result = await submit(stream, frameId);
      return { result, ms: performance.now() - startedMs };
    };
    const first = await timed(14);
    await submit(stream, 1);
    await until(spareIsReady(pool), 'a spare');
    const later = await timed(14);

    for (const { result } of [first, later]) {
      expect(result).toMatchObject({ error: { code: 'ECHOLINE_INFERENCE_TIMEOUT' } });
    }
    expect(first.ms).toBeGreaterThan(590);
    expect(later.ms).toBeGreaterThan(140);
    expect(later.ms).toBeLessThan(450);
  });

  it('ECHOLINE_INFERENCE_FAILED: a frame that fails costs no engine', async () => {
    const { pool } = createPool();
    await pool.start();
    const { stream, heard } = openStream(pool);
    expect(await submit(stream, 15)).toMatchObject({
      error: { code: 'ECHOLINE_INFERENCE_FAILED' },
    });
    expect(await submit(stream, 1)).toMatchObject({ kind: 'ok' });
    expect(heard).toEqual([]);
  });

  it('is without an engine between a death and the next start, and says so', async () => {
    const { pool } = createPool();
    await pool.start();
    await until(spareIsReady(pool), 'a spare');
    const { stream, heard } = openStream(pool);
    await submit(stream, 13);
    await submit(stream, 13);
    expect(stream.isAvailable()).toBe(false);
    expect(pool.isReady(1000)).toBe(false);
    await until(() => stream.isAvailable(), 'an engine');
    expect(heard.filter((one) => one === 'ready')).toHaveLength(2);
  });

  it('stops restarting above the budget, and tells once', async () => {
    const { pool, kinds } = createPool('', { restartsPerMinuteMax: 2 });
    await pool.start();
    const { stream } = openStream(pool);
    for (let deaths = 0; deaths < 4; deaths += 1) {
      await until(() => stream.isAvailable(), 'an engine');
      await submit(stream, 13);
    }
    await until(() => pool.status().isExhausted, 'the end of the budget');

    expect(kinds().filter((kind) => kind === 'restarts-exhausted')).toHaveLength(1);
    expect(pool.status().restarts).toBe(2);
    expect(pool.isReady(1000)).toBe(false);
    expect(stream.isAvailable()).toBe(false);
  });

  it('ends a ready engine that says nothing', async () => {
    // The sweep and the clock run as the test tells them to; the engine is a real process.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let nowUs = 0;
    const { pool, kinds, events } = createPool('silent', { readClockUs: () => nowUs });
    await pool.start();
    const passHalfSeconds = (count: number) => {
      for (let index = 0; index < count; index += 1) {
        nowUs += 500_000;
        vi.advanceTimersByTime(500);
      }
    };
    passHalfSeconds(6);
    await new Promise((resolve) => setImmediate(resolve));
    expect(kinds()).not.toContain('engine-died');
    passHalfSeconds(1);
    await until(() => kinds().includes('engine-died'), 'the end');
    expect(events.find(({ kind }) => kind === 'engine-died')).toMatchObject({
      error: { message: expect.stringContaining('said nothing') },
    });
  });

  it('does not start with a wrong model, and tells why', async () => {
    const { pool } = createPool('wrong-model');
    await expect(pool.start()).rejects.toMatchObject({
      code: 'ECHOLINE_MODEL_HASH_MISMATCH',
      details: { a: 1 },
    });
  });

  it('gives up starting engines that die at once', async () => {
    const { pool } = createPool('dies-at-start', { restartsPerMinuteMax: 1 });
    await expect(pool.start()).rejects.toMatchObject({ code: 'ECHOLINE_INFERENCE_ENGINE_DIED' });
  });

  it('gives up starting an engine that is never ready', async () => {
    const { pool } = createPool('never-ready', { startMs: 300, restartsPerMinuteMax: 1 });
    await expect(pool.start()).rejects.toMatchObject({ code: 'ECHOLINE_INFERENCE_TIMEOUT' });
  });
});
