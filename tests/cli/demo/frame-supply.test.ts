import { describe, expect, it } from 'vitest';
import { atRate } from '../../../src/cli/demo/demo-frame.js';
import { supplyClip } from '../../../src/cli/demo/frame-supply.js';
import type { Clip, ClipFrame } from '../../../src/domain/clip.js';
import { frameOf } from '../../support/test-frame.js';

const IMAGE = { widthPx: 8, heightPx: 8, strideBytes: 8, data: new Uint8Array(64) };
const NEVER = new AbortController().signal;

function clipAt(timesUs: readonly number[]): Clip {
  return {
    name: 'own',
    frameCount: timesUs.length,
    widthPx: 8,
    heightPx: 8,
    isSimulated: false,
    async *frames(): AsyncGenerator<ClipFrame> {
      for (const [frameId, captureTimeUs] of timesUs.entries()) {
        yield { frame: frameOf(IMAGE, { frameId, captureTimeUs }), truth: null, file: null };
      }
    },
  };
}

async function offsetsUs(timesUs: readonly number[]): Promise<number[]> {
  return (await supplyClip(clipAt(timesUs), NEVER)).map((frame) => frame.offsetUs);
}

describe('frames of one’s own clip', () => {
  it('are due at the distances of the clip, from its first frame', async () => {
    expect(await offsetsUs([5_000_000, 5_040_000, 5_120_000])).toEqual([0, 40_000, 120_000]);
  });

  it('do not wait for more than two seconds, nor for a clock that goes back', async () => {
    expect(await offsetsUs([0, 600_000_000, 10, 40_010])).toEqual([
      0, 2_000_000, 2_000_000, 2_040_000,
    ]);
  });

  it('have no known truth where the clip has none', async () => {
    const [frame] = await supplyClip(clipAt([0]), NEVER);
    expect(frame?.truth).toEqual({ kind: 'unknown' });
  });

  it('can be at a rate of their own', async () => {
    const frames = atRate(await supplyClip(clipAt([0, 1, 2]), NEVER), 20);
    expect(frames.map((frame) => frame.offsetUs)).toEqual([0, 50_000, 100_000]);
  });

  it('are refused when there are none (ECHOLINE_CLIP_EMPTY), and not read after a stop', async () => {
    await expect(supplyClip(clipAt([]), NEVER)).rejects.toThrow('at least one frame');
    const stopped = AbortSignal.abort();
    expect(await supplyClip(clipAt([0, 1]), stopped)).toEqual([]);
  });
});
