import type { Recording } from './recording.js';

/** Where the review stands, as an image of the recording. */
export interface ReviewPosition {
  index(): number;
  /** Of that image, s from the first. */
  timeS(): number;
  isPlaying(): boolean;
  togglePlay(nowMs: number): void;
  /** Goes to an image; stops playing. */
  goTo(index: number): void;
  /** Goes to the image that was current at a time; stops playing. */
  goToTime(timeS: number): void;
  /** Goes to the beginning of the next (1) or previous (−1) key moment; stops playing. */
  jump(direction: 1 | -1): void;
  /** Lets time pass while playing, at the pace of the recording. */
  advance(nowMs: number): void;
}

/** Stands at the first image. */
export function createReviewPosition({
  timesS,
  moments,
}: Pick<Recording, 'timesS' | 'moments'>): ReviewPosition {
  const last = Math.max(0, timesS.length - 1);
  let index = 0;
  /** When image time 0 would have been shown, ms of the page's clock; null while it stands. */
  let playingSinceMs: number | null = null;
  const timeOf = (at: number) => timesS[at] ?? 0;

  /** The last image that is not later than a time. */
  function indexAt(timeS: number): number {
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (timeOf(middle) <= timeS) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  function goTo(next: number): void {
    playingSinceMs = null;
    index = Math.min(last, Math.max(0, Math.round(next)));
  }

  return {
    index: () => index,
    timeS: () => timeOf(index),
    isPlaying: () => playingSinceMs !== null,
    togglePlay(nowMs) {
      if (playingSinceMs !== null) {
        playingSinceMs = null;
        return;
      }
      if (index === last) index = 0;
      playingSinceMs = nowMs - timeOf(index) * 1000;
    },
    goTo,
    goToTime: (timeS) => goTo(indexAt(timeS)),
    jump(direction) {
      const starts = [...new Set(moments.map(({ fromS }) => indexAt(fromS)))].sort((a, b) => a - b);
      const next =
        direction === 1
          ? starts.find((start) => start > index)
          : starts.findLast((start) => start < index);
      if (next !== undefined) goTo(next);
    },
    advance(nowMs) {
      if (playingSinceMs === null) return;
      index = indexAt((nowMs - playingSinceMs) / 1000);
      if (index === last) playingSinceMs = null;
    },
  };
}
