import { describe, expect, it } from 'vitest';
import { keyMoments } from '../../../../src/display/page/review/key-moments.js';

const note = (atS: number, isNeedleSeen: boolean, kinds: readonly string[] = []) => ({
  atS,
  isNeedleSeen,
  advisories: kinds.map((kind) => ({ kind, sinceUs: 1, text: kind })),
});

describe('key moments', () => {
  it('join what is seen of the needle across short gaps only', () => {
    const notes = [note(0, true), note(0.5, false), note(1, true), note(4, true)];
    expect(keyMoments(notes, [], 0)).toEqual([
      { kind: 'pass', fromS: 0, untilS: 1, words: '1' },
      { kind: 'pass', fromS: 4, untilS: 4, words: '2' },
    ]);
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
