import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { captureOffsetsUs, dueOffsetsUs } from '../../../src/cli/bench/schedule.js';

const clip = { captureTimesUs: [100, 33_433, 66_766], fps: null, jitterMs: 0, seed: 1 };

describe('the schedule of a load', () => {
  it("keeps the clip's own times and loops with its usual pause", () => {
    const offsets = captureOffsetsUs({ ...clip, frames: 5 });
    expect([...offsets]).toEqual([0, 33_333, 66_666, 99_999, 133_332]);
  });

  it('shortens long pauses, and counts time that goes back as no pause', () => {
    const captureTimesUs = [0, 9_000_000, 5_000_000, 5_040_000];
    expect([...captureOffsetsUs({ ...clip, captureTimesUs, frames: 4 })]).toEqual([
      0, 2_000_000, 2_000_000, 2_040_000,
    ]);
  });

  it('uses a given rate instead, without accumulating rounding errors', () => {
    const offsets = captureOffsetsUs({ ...clip, fps: 30, frames: 3_001 });
    expect(offsets[3_000]).toBe(100_000_000);
  });

  it('gives a clip of one frame a pace', () => {
    const offsets = captureOffsetsUs({ ...clip, captureTimesUs: [7], frames: 3 });
    expect([...offsets]).toEqual([0, 33_333, 66_666]);
  });

  it('is never before the capture, never out of order, and the same for the same seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.double({ min: 0, max: 80 }), (seed, ms) => {
        const rhythm = { ...clip, frames: 40, jitterMs: Number.isNaN(ms) ? 0 : ms, seed };
        const due = dueOffsetsUs(rhythm);
        const captured = captureOffsetsUs(rhythm);
        expect([...due]).toEqual([...dueOffsetsUs(rhythm)]);
        for (let i = 0; i < due.length; i++) {
          expect(due[i]).toBeGreaterThanOrEqual(captured[i] ?? 0);
          expect(due[i]).toBeGreaterThanOrEqual(due[i - 1] ?? 0);
        }
      }),
      { numRuns: 30 },
    );
  });
});
