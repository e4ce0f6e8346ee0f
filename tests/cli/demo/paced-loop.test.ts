import { describe, expect, it } from 'vitest';
import type { DemoFrame } from '../../../src/cli/demo/demo-frame.js';
import { runPacedPass } from '../../../src/cli/demo/paced-loop.js';

/** Only the offset matters to the pacing. */
function frameAt(offsetUs: number): DemoFrame {
  return { offsetUs } as unknown as DemoFrame;
}

describe('a paced pass', () => {
  it('offers every frame in order, never before it is due', async () => {
    const offered: { index: number; earlyMs: number; dueMs: number }[] = [];
    const frames = [0, 4_000, 8_000, 12_000].map(frameAt);
    const end = await runPacedPass(
      frames,
      (_frame, index, dueMs) => offered.push({ index, earlyMs: dueMs - performance.now(), dueMs }),
      new AbortController().signal,
    );

    expect(end).toBe('done');
    expect(offered.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(Math.max(...offered.map(({ earlyMs }) => earlyMs))).toBeLessThanOrEqual(0);
    const dueTimes = offered.map(({ dueMs }) => dueMs);
    expect((dueTimes[3] ?? 0) - (dueTimes[0] ?? 0)).toBeCloseTo(12, 6);
  });

  it('stops at once when it is aborted', async () => {
    const stop = new AbortController();
    let offered = 0;
    const pass = runPacedPass(
      [0, 60_000_000].map(frameAt),
      () => {
        offered += 1;
        stop.abort();
      },
      stop.signal,
    );

    expect(await pass).toBe('aborted');
    expect(offered).toBe(1);
  });
});
