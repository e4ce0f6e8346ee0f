import { describe, expect, it } from 'vitest';
import { tuneThreads } from '../../../src/pipeline/infer/tune-threads.js';

/** A network that takes so long with 1, 2 and 4 threads, ms. */
function network(times: Readonly<Record<number, number>>, threadsMax = 8) {
  const open = new Set<number>();
  const compared: string[] = [];
  const tuned = tuneThreads<number>({
    threadsMax,
    open: async (threads) => {
      open.add(threads);
      return threads;
    },
    close: async (threads) => {
      open.delete(threads);
    },
    compare: async (a, b) => {
      compared.push(`${a} ${b}`);
      const [aMs, bMs] = [times[a], times[b]];
      if (aMs === undefined || bMs === undefined) throw new Error('broken');
      return { aMs, bMs };
    },
  });
  return { tuned, open, compared };
}

describe('the number of threads', () => {
  it('is doubled as long as that is clearly faster', async () => {
    const { tuned, open } = network({ 1: 8, 2: 4.5, 4: 3 });
    expect((await tuned).threads.count).toBe(4);
    expect([...open]).toEqual([4]);
  });

  it('stays where twice as many gain too little', async () => {
    const { tuned, open, compared } = network({ 1: 2.1, 2: 1.9, 4: 0.1 });
    const { threads } = await tuned;
    expect(threads.count).toBe(1);
    expect(threads.reason).toContain('1 thread(s) take 2.10 ms, 2 1.90');
    expect(compared).toEqual(['1 2']);
    expect([...open]).toEqual([1]);
  });

  it('is one without a measurement where there is no other processor', async () => {
    const { tuned, compared } = network({ 1: 2 }, 1);
    const { threads } = await tuned;
    expect(threads).toEqual({ count: 1, reason: 'no other processor is free for this engine' });
    expect(compared).toEqual([]);
  });

  it('leaves nothing open when a measurement fails', async () => {
    const { tuned, open } = network({ 1: 2 });
    await expect(tuned).rejects.toThrow('broken');
    expect([...open]).toEqual([]);
  });
});
