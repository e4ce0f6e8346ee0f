import type { Advisory } from '../../../domain/advisory.js';

/** Advisories about the tip being too near to, or in, what must not be entered. */
const KINDS: readonly Advisory['kind'][] = ['tip-inside', 'rule-at-risk'];
/** Margin of the free-hand protocol, and how far beyond it an advisory is false, mm. */
const FALSE_BEYOND_MM = 3 + 4;
/** Nearer than this for this long has to be said. */
const MUST_SAY_MM = 2;
const MUST_SAY_US = 300_000;

/** What the advisories of one procedure come to. */
export interface AdvisoryScore {
  readonly episodes: number;
  readonly falseEpisodes: number;
  /** Stretches in which one was due. */
  readonly due: number;
  readonly missed: number;
}

/** Takes in frames in the order of their times. */
export interface AdvisoryScorer {
  /** @param clearanceMm - true distance of the tip; null where it is not known or not in view */
  add(atUs: number, clearanceMm: number | null, advisories: readonly Advisory[]): void;
  score(): AdvisoryScore;
}

/** Judges the proximity advisories of one procedure against the true distances. */
export function createAdvisoryScorer(): AdvisoryScorer {
  /** By episode: the smallest true distance while it was shown. */
  const episodes = new Map<string, number>();
  let near: { fromUs: number; isSaid: boolean; isDue: boolean } | null = null;
  let due = 0;
  let missed = 0;
  const close = (): void => {
    if (near?.isDue === true) {
      due += 1;
      if (!near.isSaid) missed += 1;
    }
    near = null;
  };
  return {
    add(atUs, clearanceMm, advisories) {
      const shown = advisories.filter(({ kind }) => KINDS.includes(kind));
      for (const { kind, sinceUs } of shown) {
        const key = `${kind} ${sinceUs}`;
        const least = episodes.get(key) ?? Number.POSITIVE_INFINITY;
        episodes.set(key, Math.min(least, clearanceMm ?? Number.POSITIVE_INFINITY));
      }
      if (clearanceMm === null || clearanceMm >= MUST_SAY_MM) {
        close();
        return;
      }
      near ??= { fromUs: atUs, isSaid: false, isDue: false };
      if (shown.length > 0) near.isSaid = true;
      if (atUs - near.fromUs >= MUST_SAY_US) near.isDue = true;
    },
    score() {
      close();
      const isFalse = (leastMm: number): boolean => leastMm > FALSE_BEYOND_MM;
      const falseEpisodes = [...episodes.values()].filter(isFalse).length;
      return { episodes: episodes.size, falseEpisodes, due, missed };
    },
  };
}
