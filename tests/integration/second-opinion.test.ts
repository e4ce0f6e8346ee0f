import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { SecondOpinionReport } from '../../src/domain/second-opinion.js';
import { startOpinion } from '../../src/engine/second-opinion/start-opinion.js';
import { loadManifest, loadModel } from '../../src/pipeline/infer/load-model.js';
import { allocateHeads, allocateInput } from '../../src/pipeline/infer/model-contract.js';
import { createOrtBackend } from '../../src/pipeline/infer/ort-backend.js';
import { TEST_MANIFEST } from '../support/test-manifest.js';

const FAKE = new URL('../support/fake-opinion.mjs', import.meta.url);
const COMPILED = new URL('../../dist/engine/second-opinion/opinion-process.js', import.meta.url);
const SHIPPED = fileURLToPath(new URL('../../models/guidenet', import.meta.url));
const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

/** Starts a second opinion and lets reports be waited for, in their order. */
function start(options: Omit<Parameters<typeof startOpinion>[0], 'onReport'>) {
  const reports: SecondOpinionReport[] = [];
  let wake = (): void => {};
  const opinion = startOpinion({
    ...options,
    onReport: (report) => {
      reports.push(report);
      wake();
    },
  });
  endings.push(() => opinion.close());
  const next = async (): Promise<SecondOpinionReport> => {
    for (;;) {
      const report = reports.shift();
      if (report !== undefined) return report;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { opinion, next };
}

const fake = (modelDirectory: string) =>
  start({
    runtime: 'auto',
    modelDirectory,
    manifest: TEST_MANIFEST,
    intervalMs: 1000,
    entry: FAKE,
  });
const network = { input: allocateInput(TEST_MANIFEST), outputs: allocateHeads(TEST_MANIFEST) };

describe('the process of a second opinion', () => {
  it('gets what the network saw and answers how far it is apart', async () => {
    const { opinion, next } = fake('');
    expect(await next()).toEqual({ kind: 'ready', by: 'fake 1.0' });
    opinion.offer(network, 0);
    expect(await next()).toMatchObject({ kind: 'compared', tookMs: network.input.length });
  });

  it('is reported once where it cannot be loaded: ECHOLINE_MODEL_RUNTIME_MISSING', async () => {
    const { next } = fake('not-installed');
    expect(await next()).toMatchObject({
      kind: 'unavailable',
      code: 'ECHOLINE_MODEL_RUNTIME_MISSING',
    });
  });

  it('is reported when it ends by itself, and nothing else happens', async () => {
    const { opinion, next } = fake('dies-at-start');
    expect(await next()).toMatchObject({
      kind: 'unavailable',
      message: 'The process of the second opinion ended (4).',
    });
    opinion.offer(network, 0);
  });

  it('holds nobody up while it hangs: samples are skipped', async () => {
    const { opinion, next } = fake('hangs');
    await next();
    for (let second = 0; second < 3; second++) opinion.offer(network, second * 1_000_000);
    expect(await next()).toEqual({ kind: 'skipped' });
    expect(await next()).toEqual({ kind: 'skipped' });
  });

  it('agrees with the engine on the shipped model', { timeout: 120_000 }, async () => {
    const manifest = await loadManifest(SHIPPED);
    const model = await loadModel(SHIPPED, manifest, 'fp32');
    const onCpu = { executionProvider: 'cpu', intraOpThreads: 1, warmUpRuns: 1 } as const;
    const backend = await createOrtBackend({ model, ...onCpu });
    const { opinion, next } = start({
      runtime: 'tfjs-wasm',
      modelDirectory: SHIPPED,
      manifest,
      intervalMs: 1000,
      entry: COMPILED,
    });
    expect(await next()).toMatchObject({ kind: 'ready', by: 'tfjs-wasm 4.22.0' });
    opinion.offer(backend, 0);
    const report = await next();
    expect(report).toMatchObject({ kind: 'compared', drift: { isWithinTolerance: true } });
    await backend.close();
  });
});
