import { describe, expect, it } from 'vitest';
import { readFigures } from '../../../src/display/page/summary-card.js';

describe('summary card', () => {
  it('shows what is known and leaves out what is null', () => {
    const metrics = { passes: 3, redirections: null, tipVisibleShare: 0.456, frames: 900 };
    expect(readFigures({ durationMs: 61_000, metrics })).toEqual([
      ['Duration', '1.0 min'],
      ['Passes', '3'],
      ['of that, tip visible', '46 %'],
      ['Frames', '900'],
    ]);
  });

  it('shows nothing of an answer that makes no sense', () => {
    expect(readFigures({ durationMs: 'long', metrics: null })).toEqual([]);
  });
});
