import { describe, expect, it } from 'vitest';
import { createOverlayNotes, keyMoments } from '../../../../src/display/page/review/key-moments.js';
import { sampleFrame, sampleOverlay } from '../../../support/display-samples.js';
import { scriptedFrame, strokes } from '../../../support/procedure-frames.js';

const note = (atS: number, isNeedleSeen: boolean, kinds: readonly string[] = []) => ({
  atS,
  isNeedleSeen,
  passes: 0,
  redirections: 0,
  advisories: kinds.map((kind) => ({ kind, sinceUs: 1, text: kind })),
});

describe('key moments', () => {
  it('join what is seen of the needle across short gaps only', () => {
    const notes = [note(0, true), note(0.5, false), note(1, true), note(4, true)];
    expect(keyMoments(notes, [], 0)).toEqual([
      { kind: 'view', fromS: 0, untilS: 1, words: '' },
      { kind: 'view', fromS: 4, untilS: 4, words: '' },
    ]);
  });

  it('are passes as the figures of a procedure count them, though the needle never left', () => {
    const takeNote = createOverlayNotes();
    const notes = strokes([12, 6, 12], { mmPerFrame: 0.3 }).map((needle, index) => {
      const { needle: seen, spacing, atUs } = scriptedFrame(index, needle);
      const base = sampleOverlay(sampleFrame(index));
      const overlay = { ...base, spacing, needle: { ...base.needle, ...seen } };
      return takeNote(overlay, atUs / 1e6);
    });
    const moments = keyMoments(notes, [], 0);
    expect(moments.filter(({ kind }) => kind === 'view').length).toBe(1);
    const passes = moments.filter(({ kind }) => kind === 'pass');
    expect(passes.map(({ words }) => words)).toEqual(['1', '2']);
    expect(passes[0]?.untilS).toBeLessThan(passes[1]?.fromS ?? 0);
  });

  it('call a pass in another direction redirected', () => {
    const counted = [0, 1, 1, 2, 2].map((passes, index) => ({
      ...note(index / 10, true),
      passes,
      redirections: passes > 1 ? 1 : 0,
    }));
    const passes = keyMoments(counted, [], 0).filter(({ kind }) => kind === 'pass');
    expect(passes.map(({ words }) => words)).toEqual(['1', '2, redirected']);
  });

  it('are episodes of advisories, injections from start to stop, and events', () => {
    const notes = [note(0, false, ['a']), note(1, false, ['a']), note(3, false)];
    const event = (kind: string, atUs: number, inner: object = {}) => ({
      kind,
      atUs,
      details: { event: inner },
    });
    const events = [
      event('procedure-started', 10_000_000),
      event('procedure-injection-started', 11_000_000, { injection: 1, step: 'test-bolus' }),
      event('procedure-injection-stopped', 12_000_000, { injection: 1 }),
      event('procedure-injection-started', 12_500_000, { injection: 2, step: 'injection' }),
    ];
    expect(keyMoments(notes, events, 10_000_000)).toEqual([
      { kind: 'advisory', fromS: 0, untilS: 1, words: 'a' },
      { kind: 'event', fromS: 0, untilS: 0, words: 'started' },
      { kind: 'injection', fromS: 1, untilS: 2, words: 'test bolus' },
      { kind: 'injection', fromS: 2.5, untilS: 3, words: 'injection' },
    ]);
  });
});
