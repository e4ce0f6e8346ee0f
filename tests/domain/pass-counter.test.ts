import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unavailableGuidance } from '../../src/domain/guidance.js';
import { countPasses, NO_PASSES, type PassCount } from '../../src/domain/pass-counter.js';
import type { ProcedureFrame } from '../../src/domain/procedure-frame.js';
import { type ScriptedNeedle, scriptedFrame, strokes } from '../support/procedure-frames.js';

function count(frames: readonly ProcedureFrame[]): PassCount {
  return frames.reduce(countPasses, NO_PASSES);
}

/** Passes and redirections of a needle seen in every frame. */
function counted(path: readonly ScriptedNeedle[]): readonly [number, number] {
  const { passes, redirections } = count(path.map((needle, index) => scriptedFrame(index, needle)));
  return [passes, redirections];
}

describe('passes', () => {
  it('are none before a needle has been in sight for a while', () => {
    expect(counted([])).toEqual([0, 0]);
    expect(counted(strokes([2, 4]))).toEqual([0, 0]);
    expect(counted([{ depthMm: 20 }, { depthMm: 20 }])).toEqual([0, 0]);
  });

  it('is one for a needle that goes in, also when it is first seen deep', () => {
    expect(counted(strokes([25]))).toEqual([1, 0]);
    expect(counted(Array.from({ length: 30 }, () => ({ depthMm: 30 })))).toEqual([1, 0]);
  });

  it('rises when the needle is drawn back by 5 mm and advanced by 5 mm', () => {
    expect(counted(strokes([25, 19, 25]))).toEqual([2, 0]);
    expect(counted(strokes([25, 19, 22]))).toEqual([1, 0]);
    expect(counted(strokes([25, 18, 25, 17, 24]))).toEqual([3, 0]);
  });

  it('takes 30 % of the depth for a shallow needle', () => {
    expect(counted(strokes([12, 8.2, 14]))).toEqual([2, 0]);
    expect(counted(strokes([25, 21.2, 27]))).toEqual([1, 0]);
  });

  it('counts a turn of 5 degrees after a withdrawal as a redirection', () => {
    expect(counted(strokes([25, 21, 25], { headingsDeg: [30, 30, 37] }))).toEqual([2, 1]);
    expect(counted(strokes([25, 21, 25], { headingsDeg: [30, 30, 33] }))).toEqual([1, 0]);
    expect(counted(strokes([25, 17, 25], { headingsDeg: [30, 30, 37] }))).toEqual([2, 1]);
  });

  it('ignores to-and-fro below 3 mm', () => {
    const toAndFro = [20, 17.5, 20, 17.5, 20, 17.5, 20, 17.5, 20];
    expect(counted(strokes(toAndFro))).toEqual([1, 0]);
  });

  it('survives a loss of sight, and sees what was done meanwhile', () => {
    const path = strokes([25]);
    const frames = (index: number, depthMm: number) =>
      Array.from({ length: 12 }, (_, at) => scriptedFrame(index + at, { depthMm }));
    const before = path.map((needle, index) => scriptedFrame(index, needle));
    const hidden = scriptedFrame(80, { depthMm: 25, state: 'shaft-only' });
    expect(count([...before, hidden, ...frames(100, 25)]).passes).toBe(1);
    expect(count([...before, ...frames(300, 10), ...frames(320, 25)]).passes).toBe(2);
  });

  it('counts another puncture when another line comes after seconds out of sight', () => {
    const first = strokes([25]).map((needle, index) => scriptedFrame(index, needle));
    const second = strokes([20], { headingsDeg: [60] }).map((needle, index) =>
      scriptedFrame(200 + index, needle),
    );
    expect(count([...first, ...second])).toMatchObject({ passes: 2, redirections: 0 });
  });

  it('does not take a change of depth for a movement of the needle', () => {
    const before = strokes([25]).map((needle, index) => scriptedFrame(index, needle));
    const changed = { trackEpoch: 1, spacing: { xMm: 0.05, yMm: 0.1 } };
    const after = Array.from({ length: 20 }, (_, at) =>
      scriptedFrame(before.length + at, { depthMm: 25 }, changed),
    );
    expect(count([...before, ...after]).passes).toBe(1);
  });

  it('are not counted in a frozen picture, whatever is read in it', () => {
    const still = strokes([25]).map((needle, index) => scriptedFrame(index, needle));
    const guidance = unavailableGuidance(['frozen']);
    const frozen = strokes([10, 25, 10, 25]).map((needle, index) =>
      scriptedFrame(still.length + index, needle, { guidance }),
    );
    expect(count([...still, ...frozen]).passes).toBe(1);
  });

  it('rises when a shaft without its tip reaches beyond where the needle was drawn back to', () => {
    const seen = strokes([25, 15]).map((needle, index) => scriptedFrame(index, needle));
    const shaftTo = (depthMm: number, frames: number, headingDeg = 30) =>
      Array.from({ length: frames }, (_, at) =>
        scriptedFrame(seen.length + at, { depthMm, headingDeg, state: 'shaft-only' }),
      );
    expect(count([...seen, ...shaftTo(22, 20)])).toMatchObject({ passes: 2, redirections: 0 });
    expect(count([...seen, ...shaftTo(22, 20, 36)])).toMatchObject({ passes: 2, redirections: 1 });
    // Not by less, not at a glance, and not once it was never drawn back.
    expect(count([...seen, ...shaftTo(18, 20)]).passes).toBe(1);
    expect(count([...seen, ...shaftTo(22, 5)]).passes).toBe(1);
    const deep = seen.slice(0, strokes([25]).length);
    expect(count([...deep, ...shaftTo(32, 20)]).passes).toBe(1);
    // The tip that comes back where the shaft was is the same stroke.
    const back = strokes([25]).slice(-10);
    const again = back.map((needle, index) => scriptedFrame(seen.length + 20 + index, needle));
    expect(count([...seen, ...shaftTo(22, 20), ...again]).passes).toBe(2);
  });

  it('is one for a shaft that stays in sight for two seconds though its tip is never seen', () => {
    const shaftFor = (frames: number, depthMm: number, headingDeg = 30) =>
      Array.from({ length: frames }, (_, at) =>
        scriptedFrame(at, { depthMm, headingDeg, state: 'shaft-only' }),
      );
    expect(count(shaftFor(70, 20))).toMatchObject({ passes: 1, redirections: 0 });
    expect(count(shaftFor(50, 20)).passes).toBe(0);
    expect(count(shaftFor(70, 4)).passes).toBe(0);
    // A line that rises is no needle.
    expect(count(shaftFor(70, 20, -20)).passes).toBe(0);
  });

  it('is none for a shaft of which the network is hardly sure', () => {
    const hardly = Array.from({ length: 90 }, (_, at) => {
      const frame = scriptedFrame(at, { depthMm: 20, state: 'shaft-only' });
      return { ...frame, needle: { ...frame.needle, confidence: 0.85 } };
    });
    expect(count(hardly).passes).toBe(0);
  });

  it('is none for a shaft that shows now and then, however long', () => {
    const nowAndThen = Array.from({ length: 12 }, (_, at) =>
      scriptedFrame(12 * at, { depthMm: 20, state: 'shaft-only' }),
    );
    expect(count(nowAndThen).passes).toBe(0);
  });

  it('rises when a shaft without its tip lies another way', () => {
    const seen = strokes([25]).map((needle, index) => scriptedFrame(index, needle));
    const shaftAt = (headingOf: (at: number) => number, depthMm = 20) =>
      Array.from({ length: 20 }, (_, at) =>
        scriptedFrame(seen.length + at, {
          depthMm,
          headingDeg: headingOf(at),
          state: 'shaft-only',
        }),
      );
    expect(count([...seen, ...shaftAt(() => 45)])).toMatchObject({ passes: 2, redirections: 1 });
    // Not by less, not while it is being turned, not for a line across, not for what is short.
    expect(count([...seen, ...shaftAt(() => 38)]).passes).toBe(1);
    expect(count([...seen, ...shaftAt((at) => 42 + 2 * at)]).passes).toBe(1);
    expect(count([...seen, ...shaftAt(() => 130)]).passes).toBe(1);
    expect(count([...seen, ...shaftAt(() => 45, 4)]).passes).toBe(1);
  });

  it('does not rise when a tip comes back on the shaft that stayed in sight', () => {
    const seen = strokes([25]).map((needle, index) => scriptedFrame(index, needle));
    const later = (index: number, needle: ScriptedNeedle) =>
      scriptedFrame(seen.length + index, needle);
    const shaft = Array.from({ length: 70 }, (_, at) =>
      later(at, { depthMm: 20, headingDeg: 34, state: 'shaft-only' }),
    );
    const back = Array.from({ length: 20 }, (_, at) =>
      later(70 + at, { depthMm: 25, headingDeg: 37 }),
    );
    expect(count([...seen, ...shaft, ...back]).passes).toBe(1);
    expect(count([...seen, ...back]).passes).toBe(2);
  });

  it('counts nothing from a tip that was not measured', () => {
    const coasting = strokes([25, 10, 25]).map((needle, index) =>
      scriptedFrame(index, { ...needle, state: 'tip-coasting' }),
    );
    expect(count(coasting).passes).toBe(0);
  });
});

describe('passes, whatever the procedure', () => {
  const script = fc.array(fc.double({ min: 8, max: 14, noNaN: true }), {
    minLength: 0,
    maxLength: 5,
  });
  /** In, and then back by each distance and in again. */
  const pathOf = (withdrawals: readonly number[]) =>
    strokes([25, ...withdrawals.flatMap((backMm) => [25 - backMm, 25])]);

  it('are as many as the strokes, through jitter of a third of a millimetre', () => {
    fc.assert(
      fc.property(
        script,
        fc.infiniteStream(fc.double({ min: -0.3, max: 0.3, noNaN: true })),
        (withdrawals, jitter) => {
          const path = pathOf(withdrawals).map((needle) => {
            const noise: number = jitter.next().value ?? 0;
            return { ...needle, depthMm: needle.depthMm + noise };
          });
          expect(counted(path)).toEqual([1 + withdrawals.length, 0]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are the same in a mirrored picture and at half the speed', () => {
    fc.assert(
      fc.property(script, (withdrawals) => {
        const path = pathOf(withdrawals);
        const mirrored = path.map((needle) => ({ ...needle, headingDeg: 180 - 30 }));
        const slow = path.flatMap((needle) => [needle, needle]);
        expect(counted(mirrored)).toEqual(counted(path));
        expect(counted(slow)).toEqual(counted(path));
      }),
      { numRuns: 50 },
    );
  });
});
