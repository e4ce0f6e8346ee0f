import { describe, expect, it } from 'vitest';
import { createFrameSlots } from '../../src/engine/frame-slots.js';

describe('slots for frames', () => {
  it('gives the lowest free one, so that few streams use little memory', () => {
    const slots = createFrameSlots(3);
    expect([slots.take(), slots.take()]).toEqual([0, 1]);
    slots.free(0);
    expect([slots.take(), slots.take()]).toEqual([0, 2]);
  });

  it('gives none while all are taken', () => {
    const slots = createFrameSlots(1);
    expect([slots.take(), slots.take()]).toEqual([0, null]);
    slots.free(0);
    expect(slots.take()).toBe(0);
  });
});
