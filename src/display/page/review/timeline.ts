import { elementById, makeElement } from '../element.js';
import { REVIEW_WORDS } from '../words.js';
import type { KeyMoment } from './key-moments.js';

/** The time of a recording as a bar with its moments. */
export interface Timeline {
  at(timeS: number): void;
}

const KIND_WORDS: Readonly<Record<KeyMoment['kind'], string>> = {
  view: REVIEW_WORDS.view,
  pass: REVIEW_WORDS.pass,
  advisory: REVIEW_WORDS.advisory,
  injection: REVIEW_WORDS.injection,
  event: REVIEW_WORDS.event,
};

/** A moment in words. */
export function momentWords({ kind, words }: KeyMoment): string {
  return words === '' ? KIND_WORDS[kind] : `${KIND_WORDS[kind]}: ${words}`;
}

/** Makes the bar; a click goes to that time. */
export function createTimeline(
  moments: readonly KeyMoment[],
  lengthS: number,
  onSeek: (timeS: number) => void,
): Timeline {
  const bar = elementById('timeline', HTMLElement);
  const share = (timeS: number) => `${lengthS > 0 ? (100 * timeS) / lengthS : 0}%`;
  const cursor = makeElement('div', 'cursor');
  const marks = moments.map((moment) => {
    const mark = makeElement('div', `mark mark-${moment.kind}`);
    mark.title = momentWords(moment);
    mark.style.left = share(moment.fromS);
    if (moment.untilS > moment.fromS) mark.style.width = share(moment.untilS - moment.fromS);
    return mark;
  });
  bar.replaceChildren(...marks, cursor);
  bar.onclick = (event) => {
    const { left, width } = bar.getBoundingClientRect();
    onSeek(((event.clientX - left) / width) * lengthS);
  };
  return {
    at(timeS) {
      cursor.style.left = share(timeS);
    },
  };
}
