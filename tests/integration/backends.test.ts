import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCart } from '../../src/cart/cart-client.js';
import type { SelectedProvider } from '../../src/domain/execution-provider.js';
import type { SecondOpinionStatus } from '../../src/domain/second-opinion.js';
import { testFrame } from '../support/frames.js';
import { startService, type TestService } from '../support/service.js';

interface Version {
  readonly inference: { readonly executionProvider: SelectedProvider };
  readonly secondOpinion: SecondOpinionStatus;
}

const versionOf = async (service: TestService) =>
  (await (await service.get('/version')).json()) as Version;

describe('a service whose execution provider is not installed', () => {
  // TensorRT is in no install, and no test machine has its libraries.
  const executionProvider = 'tensorrt';

  it('does not start, and says why: ECHOLINE_MODEL_PROVIDER_UNAVAILABLE', async () => {
    const starting = startService({ executionProvider });
    await expect(starting).rejects.toMatchObject({ code: 'ECHOLINE_MODEL_PROVIDER_UNAVAILABLE' });
  });
});

describe('a service that may fall back, with a second opinion', { timeout: 120_000 }, () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({
      executionProvider: 'tensorrt',
      executionProviderFallback: 'cpu',
      // In int8 the hottest place of these frames, which are noise, is now and then another one.
      precision: 'fp32',
      secondOpinion: 'tfjs-wasm',
      secondOpinionIntervalMs: 100,
      engineHangMs: 10_000,
    });
  });
  afterAll(() => service.close());

  it('runs on the CPU and tells so in /version', async () => {
    const { name, reason } = (await versionOf(service)).inference.executionProvider;
    expect(name).toBe('cpu');
    expect(reason).toContain('fallback: The execution provider tensorrt');
  });

  it('lets TensorFlow.js judge the engine, and tells so in /version and /metrics', async () => {
    const verdicts: string[] = [];
    let onVerdict = (): void => {};
    const cart = await connectCart({
      url: service.url,
      streamId: 'judged',
      name: 'test cart',
      isSimulated: true,
      onVerdict: ({ verdict }) => {
        verdicts.push(verdict);
        onVerdict();
      },
    });
    let status = (await versionOf(service)).secondOpinion;
    for (let frameId = 1; status.compared === 0; frameId++) {
      expect(status.state).not.toBe('unavailable');
      const answered = new Promise<void>((resolve) => {
        onVerdict = resolve;
      });
      const captureTimeUs = Math.floor(Number(process.hrtime.bigint() / 1000n));
      cart.offer(testFrame(frameId, { captureTimeUs, widthPx: 256, heightPx: 256 }));
      await answered;
      status = (await versionOf(service)).secondOpinion;
    }
    await cart.close('done');
    expect(verdicts).toContain('ok');
    expect(status).toMatchObject({ wanted: 'tfjs-wasm', state: 'ready', by: 'tfjs-wasm 4.22.0' });
    expect(status.last).toMatchObject({ isWithinTolerance: true });
    const metrics = await (await service.get('/metrics')).text();
    expect(metrics).toMatch(/echoline_second_opinions_total\{outcome="within"\} [1-9]/);
    expect(metrics).toContain('echoline_drift_labels_ratio_count');
  });
});
