import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/domain/frame.js';
import { referenceKernels } from '../../src/kernels/reference-kernels.js';
import { createDecodeState, decode } from '../../src/pipeline/decode/decode.js';
import { warmUp } from '../../src/pipeline/warm-up.js';

async function framesOf(count: number): Promise<{ frame: Frame; nowUs: number }[]> {
  const taken: { frame: Frame; nowUs: number }[] = [];
  await warmUp(count, async (frame, nowUs) => {
    taken.push({ frame, nowUs });
    return { kind: 'ok' };
  });
  return taken;
}

describe('warming up', () => {
  it('sends moving frames at 30 a second, and one through the image library', async () => {
    const taken = await framesOf(20);
    expect(taken.map(({ frame }) => frame.format)).toEqual([...Array(20).fill('gray8'), 'jpeg']);
    expect(taken[1]?.frame.payload).not.toEqual(taken[0]?.frame.payload);
    expect(taken[19]?.nowUs).toBe(19 * 33_333);
  });

  it('sends frames that decode', async () => {
    for (const { frame } of await framesOf(1)) {
      const decoded = await decode(createDecodeState(), frame, referenceKernels);
      expect(decoded).toMatchObject({ kind: 'image', colouredShare: 0 });
    }
  });

  it('does nothing where nothing is to be warmed up', async () => {
    expect(await framesOf(0)).toEqual([]);
  });

  it('fails when the pipeline does not take its frames', async () => {
    await expect(warmUp(1, async () => ({ kind: 'invalid' }))).rejects.toThrow(/warm up/);
  });
});
