import { describe, expect, it } from 'vitest';
import { createFrameSequence } from '../../src/display/frame-sequence.js';

const accepted = (...frames: readonly (readonly [epoch: number, frameId: number])[]) => {
  const sequence = createFrameSequence();
  return frames.map(([epoch, frameId]) => sequence.accepts({ epoch, frameId }));
};

describe('frame sequence', () => {
  it('accepts frames that rise, with gaps, and a raised epoch from the start', () => {
    expect(accepted([0, 5], [0, 6], [0, 90], [1, 0], [1, 1])).toEqual(Array(5).fill(true));
  });

  it('drops every frame that was sent twice', () => {
    expect(accepted([0, 5], [0, 5], [0, 6], [0, 6])).toEqual([true, false, true, false]);
  });

  it('drops frames that were overtaken', () => {
    expect(accepted([0, 5], [0, 4], [0, 7], [0, 6], [0, 8])).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
    expect(accepted([3, 5], [2, 6], [3, 6])).toEqual([true, false, true]);
  });

  it('believes a new numbering from its second frame on', () => {
    expect(accepted([0, 900], [0, 0], [0, 1], [0, 2])).toEqual([true, false, true, true]);
  });

  it('accepts any number after a restart', () => {
    const sequence = createFrameSequence();
    sequence.accepts({ epoch: 4, frameId: 900 });
    sequence.restart();
    expect(sequence.accepts({ epoch: 0, frameId: 0 })).toBe(true);
  });
});
