import type { NeedleState } from '../../domain/needle.js';
import {
  advanceMm,
  type MeasuredNeedle,
  measuredNeedle,
  type ProcedureFrame,
} from '../../domain/procedure-frame.js';
import { TRACK_GAP_MAX_US } from '../../domain/track-epoch.js';

/** States in which no needle is believed to be in the picture. */
const NOT_IN_VIEW: readonly NeedleState[] = ['absent', 'acquiring', 'lost'];

/** How long the needle and its tip were seen, and what was done while the tip was not. */
export interface Visibility {
  readonly last: { readonly atUs: number; readonly state: NeedleState } | null;
  readonly needleInViewUs: number;
  readonly tipVisibleUs: number;
  /** Advance between measured tips with frames without one in between, mm. */
  readonly unseenAdvanceMm: number;
  /** Last measured tip; null before the first and after the picture changed. */
  readonly tip: { readonly needle: MeasuredNeedle; readonly trackEpoch: number } | null;
  /** Frames without a measured tip since then. */
  readonly isTipMissed: boolean;
  /** How far the visible end has come beyond that tip since, mm. */
  readonly openAdvanceMm: number;
}

export const NOTHING_SEEN: Visibility = {
  last: null,
  needleInViewUs: 0,
  tipVisibleUs: 0,
  unseenAdvanceMm: 0,
  tip: null,
  isTipMissed: false,
  openAdvanceMm: 0,
};

/**
 * Adds one frame. What a frame shows counts until the next one comes, for at most 500 ms: during a
 * gap nothing was seen. Coasting is a prediction, so the tip does not count as seen.
 */
export function addVisibility(before: Visibility, frame: ProcedureFrame): Visibility {
  return { ...before, ...addTimes(before, frame), ...addAdvance(before, frame) };
}

/** Advance while the tip was not seen, mm: also of a gap that has not ended yet. */
export function unseenAdvanceMm(visibility: Visibility): number {
  return visibility.unseenAdvanceMm + visibility.openAdvanceMm;
}

type Times = Pick<Visibility, 'last' | 'needleInViewUs' | 'tipVisibleUs'>;
type Advance = Pick<Visibility, 'unseenAdvanceMm' | 'tip' | 'isTipMissed' | 'openAdvanceMm'>;

function addTimes(before: Visibility, { atUs, needle }: ProcedureFrame): Times {
  const last = { atUs, state: needle.state };
  if (before.last === null) return { ...before, last };
  const { state } = before.last;
  const lastedUs = Math.min(Math.max(0, atUs - before.last.atUs), TRACK_GAP_MAX_US);
  return {
    last,
    needleInViewUs: before.needleInViewUs + (NOT_IN_VIEW.includes(state) ? 0 : lastedUs),
    tipVisibleUs: before.tipVisibleUs + (state === 'tip-visible' ? lastedUs : 0),
  };
}

function addAdvance(before: Visibility, frame: ProcedureFrame): Advance {
  const { trackEpoch } = frame;
  const known = before.tip?.trackEpoch === trackEpoch ? before.tip.needle : null;
  const tip = measuredNeedle(frame, 'tip');
  if (tip !== null) {
    const wasUnseen = known !== null && before.isTipMissed;
    const cameMm = wasUnseen ? Math.max(before.openAdvanceMm, advanceMm(known, tip)) : 0;
    return {
      unseenAdvanceMm: before.unseenAdvanceMm + cameMm,
      tip: { needle: tip, trackEpoch },
      isTipMissed: false,
      openAdvanceMm: 0,
    };
  }
  const end = measuredNeedle(frame, 'visible-end');
  const beyondMm = known === null || end === null ? 0 : Math.max(0, advanceMm(known, end));
  return {
    unseenAdvanceMm: before.unseenAdvanceMm,
    tip: before.tip,
    isTipMissed: true,
    openAdvanceMm: Math.max(before.openAdvanceMm, beyondMm),
  };
}
