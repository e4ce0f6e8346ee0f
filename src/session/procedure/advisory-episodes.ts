import type { Advisory } from '../../domain/advisory.js';
import type { ProcedureFrame } from '../../domain/procedure-frame.js';

/** Episodes of one procedure that are kept; a longer one says how many it left out. */
const EPISODES_MAX = 500;

/** One advisory from its onset to its end. */
export interface AdvisoryEpisode {
  readonly kind: Advisory['kind'];
  readonly text: string;
  readonly startedAtUs: number;
  /** When it was no longer shown; null while it is. */
  readonly endedAtUs: number | null;
}

/** Adds one frame: advisories that came and went. */
export function addEpisodes(
  episodes: readonly AdvisoryEpisode[],
  frame: ProcedureFrame,
): readonly AdvisoryEpisode[] {
  const { advisories } = frame.guidance;
  const isOpen = (episode: AdvisoryEpisode): boolean => episode.endedAtUs === null;
  const open = episodes.filter(isOpen);
  const isShown = ({ kind }: AdvisoryEpisode): boolean =>
    advisories.some((advisory) => advisory.kind === kind);
  const onsets = advisories.filter(({ kind }) => !open.some((episode) => episode.kind === kind));
  if (onsets.length === 0 && open.every(isShown)) return episodes;
  const kept = episodes.map((episode) =>
    isOpen(episode) && !isShown(episode) ? { ...episode, endedAtUs: frame.atUs } : episode,
  );
  const added = onsets.map(({ kind, text }) => ({
    kind,
    text,
    startedAtUs: frame.atUs,
    endedAtUs: null,
  }));
  return [...kept, ...added].slice(0, EPISODES_MAX);
}
