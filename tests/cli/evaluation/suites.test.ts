import { describe, expect, it } from 'vitest';
import {
  type EvaluationFrame,
  type EvaluationSequence,
  entryStratum,
} from '../../../src/cli/evaluation/evaluation-frame.js';
import { SUITES } from '../../../src/cli/evaluation/suites.js';

async function firstFrame(sequence: EvaluationSequence): Promise<EvaluationFrame> {
  for await (const frame of sequence.frames()) return frame;
  throw new Error('a sequence without frames');
}

describe('the suite of both sides', () => {
  const suite = SUITES.find(({ name }) => name === 'entry-side');
  const options = { dataDirectory: null, clips: 8, framesPerClip: 1 };

  it('shows each clip with a visible tip from the left and from the right', async () => {
    const sequences = suite?.open(options) ?? [];
    const seen: (string | null)[] = [];
    const blocks: (string | null)[] = [];
    for (const sequence of sequences) {
      expect(sequence.strata).toContain('needle: in-plane-visible-tip');
      const { frame, needle } = await firstFrame(sequence);
      expect(frame.payload.length).toBe(frame.widthPx * frame.heightPx);
      seen.push(entryStratum(needle));
      blocks.push(sequence.block);
    }
    expect(seen.length).toBeGreaterThanOrEqual(2);
    for (let pair = 0; pair < seen.length; pair += 2) {
      const sides = seen.slice(pair, pair + 2).sort();
      expect(sides).toEqual(['entry: left', 'entry: right']);
      expect(blocks[pair]).toBe(blocks[pair + 1]);
    }
  });
});
