import type { Overlay } from '../../../domain/overlay.js';
import { countPasses, NO_PASSES } from '../../../domain/pass-counter.js';
import { type ProcedureFrame, procedureFrameOf } from '../../../domain/procedure-frame.js';
import { fieldsOf } from '../fields.js';
import { REVIEW_WORDS } from '../words.js';
import type { RecordedEvent } from './recorded-line.js';

/** Something in a recording that is worth jumping to. Times in s from the first frame. */
export interface KeyMoment {
  /**
   * `view`: the needle was in view, without a gap of a second · `pass`: a stroke of it, counted as
   * in the procedure's figures (`pass-counter.ts`), until the next one or until it was out of view.
   */
  readonly kind: 'view' | 'pass' | 'advisory' | 'injection' | 'event';
  readonly fromS: number;
  readonly untilS: number;
  readonly words: string;
}

/** What the moments need of one overlay. */
export interface OverlayNote {
  readonly atS: number;
  readonly isNeedleSeen: boolean;
  /** How many passes had begun by then, and how many of them were redirections. */
  readonly passes: number;
  readonly redirections: number;
  readonly advisories: readonly { kind: string; sinceUs: number; text: string }[];
}

/** A needle that was out of view for longer than this came anew, s. */
const GAP_MAX_S = 1;

/** Takes the overlays of a recording in their order, and notes what the moments need of each. */
export function createOverlayNotes(): (overlay: Overlay, atS: number) => OverlayNote {
  let count = NO_PASSES;
  return (overlay, atS) => {
    const frame: ProcedureFrame = { ...procedureFrameOf(overlay), atUs: atS * 1e6 };
    count = countPasses(count, frame);
    const { passes, redirections } = count;
    const { state } = overlay.needle;
    const isNeedleSeen = state !== 'absent' && state !== 'lost' && state !== 'acquiring';
    const advisories = overlay.guidance.advisories.map(({ kind, sinceUs, text }) => ({
      kind,
      sinceUs,
      text,
    }));
    return { atS, isNeedleSeen, passes, redirections, advisories };
  };
}

/** All moments of a recording, in their order. */
export function keyMoments(
  notes: readonly OverlayNote[],
  events: readonly RecordedEvent[],
  startUs: number,
): readonly KeyMoment[] {
  const lastS = notes.at(-1)?.atS ?? 0;
  const moments = [
    ...needleViews(notes),
    ...needlePasses(notes),
    ...advisoryEpisodes(notes),
    ...injectionsAndEvents(events, startUs, lastS),
  ];
  return moments.sort((a, b) => a.fromS - b.fromS);
}

function needleViews(notes: readonly OverlayNote[]): readonly KeyMoment[] {
  const views: { fromS: number; untilS: number }[] = [];
  for (const { atS, isNeedleSeen } of notes) {
    if (!isNeedleSeen) continue;
    const last = views.at(-1);
    if (last !== undefined && atS - last.untilS <= GAP_MAX_S) last.untilS = atS;
    else views.push({ fromS: atS, untilS: atS });
  }
  return views.map((view) => ({ kind: 'view', words: '', ...view }));
}

function needlePasses(notes: readonly OverlayNote[]): readonly KeyMoment[] {
  const passes: { fromS: number; untilS: number; words: string }[] = [];
  let before = { passes: 0, redirections: 0, isUnderWay: false };
  for (const note of notes) {
    const { atS, isNeedleSeen } = note;
    const last = passes.at(-1);
    if (note.passes > before.passes) {
      const isRedirection = note.redirections > before.redirections;
      passes.push({
        fromS: atS,
        untilS: atS,
        words: REVIEW_WORDS.passNumber(note.passes, isRedirection),
      });
      before = { ...note, isUnderWay: true };
    } else if (last !== undefined && before.isUnderWay) {
      const isUnderWay = atS - last.untilS <= GAP_MAX_S;
      if (isUnderWay && isNeedleSeen) last.untilS = atS;
      before = { ...before, isUnderWay };
    }
  }
  return passes.map((pass) => ({ kind: 'pass', ...pass }));
}

function advisoryEpisodes(notes: readonly OverlayNote[]): readonly KeyMoment[] {
  const episodes = new Map<string, { fromS: number; untilS: number; words: string }>();
  for (const { atS, advisories } of notes) {
    for (const { kind, sinceUs, text } of advisories) {
      const key = `${kind} ${sinceUs}`;
      const episode = episodes.get(key);
      if (episode !== undefined) episode.untilS = atS;
      else episodes.set(key, { fromS: atS, untilS: atS, words: text });
    }
  }
  return [...episodes.values()].map((episode) => ({ kind: 'advisory', ...episode }));
}

/** Injections as bars from their start to their stop, everything else as a point in time. */
function injectionsAndEvents(
  events: readonly RecordedEvent[],
  startUs: number,
  lastS: number,
): readonly KeyMoment[] {
  const toS = (atUs: number) => Math.max(0, (atUs - startUs) / 1e6);
  const moments: KeyMoment[] = [];
  const running = new Map<unknown, { fromS: number; words: string }>();
  for (const { kind, atUs, details } of events) {
    const { injection, step } = fieldsOf(details.event);
    const atS = toS(atUs);
    if (kind === 'procedure-injection-started') {
      running.set(injection, { fromS: atS, words: String(step).replaceAll('-', ' ') });
    } else if (kind === 'procedure-injection-stopped') {
      const begun = running.get(injection) ?? { fromS: atS, words: '' };
      running.delete(injection);
      moments.push({ kind: 'injection', untilS: atS, ...begun });
    } else {
      const words = kind.replace(/^procedure-/, '').replaceAll('-', ' ');
      moments.push({ kind: 'event', fromS: atS, untilS: atS, words });
    }
  }
  for (const begun of running.values()) {
    moments.push({ kind: 'injection', untilS: Math.max(begun.fromS, lastS), ...begun });
  }
  return moments;
}
