import { describe, expect, it } from 'vitest';
import { measureSpeedRatio } from '../../../src/cli/evaluation/speed-ratio.js';
import { SHIPPED_MODEL, YARDSTICK_MODEL } from '../../../src/cli/package-root.js';
import { loadManifest, loadModel } from '../../../src/pipeline/infer/load-model.js';

const int8 = async (directory: string) =>
  loadModel(directory, await loadManifest(directory), 'int8');

describe('the time of the network against the recommended one', () => {
  it('is the ratio of the 10th percentiles of runs by turns', async () => {
    const models = { model: await int8(SHIPPED_MODEL), yardstick: await int8(YARDSTICK_MODEL) };
    // A run of the first takes 3 ms, of the second 2 ms; one of the first is held up for a second.
    let reads = 0;
    let nowUs = 0;
    const readClockUs = () => {
      nowUs += reads === 4 ? 1e6 : ([0, 3000, 2000][reads % 3] ?? 0);
      reads += 1;
      return nowUs;
    };
    const speed = await measureSpeedRatio(models, readClockUs, AbortSignal.abort());
    expect(speed).toEqual({
      runs: 10,
      modelMs: { p10: 3, median: 3 },
      yardstickMs: { p10: 2, median: 2 },
      ratio: 1.5,
    });
  });

  it('is taken of networks that promise the same', async () => {
    const [model, yardstick] = [
      await loadManifest(SHIPPED_MODEL),
      await loadManifest(YARDSTICK_MODEL),
    ];
    expect(yardstick.input).toEqual(model.input);
    expect(yardstick.classes).toEqual(model.classes);
    expect(yardstick.outputs).toEqual(model.outputs);
    expect(yardstick.provenance).toEqual({ trained: false });
  });
});
