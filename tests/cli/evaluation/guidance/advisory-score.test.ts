import { describe, expect, it } from 'vitest';
import { createAdvisoryScorer } from '../../../../src/cli/evaluation/guidance/advisory-score.js';
import type { Advisory } from '../../../../src/domain/advisory.js';

const advisory = (sinceUs: number): Advisory => ({
  kind: 'rule-at-risk',
  priority: 'medium',
  text: '',
  structureId: null,
  structureClass: null,
  sinceUs,
  isSilenced: false,
});

describe('the score of advisories', () => {
  it('counts an episode as false where nothing was within the margin and 4 mm', () => {
    const scorer = createAdvisoryScorer();
    scorer.add(0, 9, [advisory(0)]);
    scorer.add(100_000, 8, [advisory(0)]);
    scorer.add(200_000, 9, []);
    scorer.add(300_000, 8, [advisory(300_000)]);
    scorer.add(400_000, 6, [advisory(300_000)]);
    expect(scorer.score()).toEqual({ episodes: 2, falseEpisodes: 1, due: 0, missed: 0 });
  });

  it('misses one where the tip was nearer than 2 mm for 300 ms without it', () => {
    const scorer = createAdvisoryScorer();
    for (let at = 0; at <= 400_000; at += 100_000) scorer.add(at, 1.5, []);
    scorer.add(500_000, 5, []);
    for (let at = 600_000; at <= 1_000_000; at += 100_000) scorer.add(at, 1.5, [advisory(600_000)]);
    scorer.add(1_100_000, null, []);
    scorer.add(1_200_000, 1, []);
    expect(scorer.score()).toEqual({ episodes: 1, falseEpisodes: 0, due: 2, missed: 1 });
  });
});
