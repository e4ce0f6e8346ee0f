import type { PointPx } from './geometry.js';

/**
 * What is known of an injection's spread: `watching` nothing seen yet · `seen` · `not-seen` nothing
 * for as long as the protocol allows · `interrupted` the picture changed (freeze, depth, a gap)
 * while the injection went on, so there is no picture from before it to compare with.
 */
export const SPREAD_STATES = ['watching', 'seen', 'not-seen', 'interrupted'] as const;
export type SpreadState = (typeof SPREAD_STATES)[number];

/**
 * Where the fluid of one injection shows in the image plane. `docs/guidance.md` says how it is
 * measured. All but the state is null unless the spread is `seen`.
 */
export interface Spread {
  /** Which injection of the procedure: 1, 2, … */
  readonly injection: number;
  readonly state: SpreadState;
  /** Capture time of the first frame that shows it, µs. */
  readonly onsetUs: number | null;
  /** Area in the image plane; null also when the spacing is unknown. */
  readonly areaMm2: number | null;
  /** Growth of that area over the last half second, < 0 where it shrinks; null as the area. */
  readonly rateMm2PerS: number | null;
  readonly centroid: PointPx | null;
  /** The vessel that holds most of it, as it was outlined before the injection. */
  readonly vesselId: number | null;
  /** Null without `research` and without a nerve; absent in recordings from before it. */
  readonly research?: SpreadResearch | null;
}

/**
 * Research, not validated: how the fluid lies round a nerve. Only with the configuration's
 * `research`; `docs/guidance.md` says how it is computed and what it cannot tell.
 */
export interface SpreadResearch {
  /** The nerve nearest to the tip. */
  readonly nerveId: number;
  /** Degrees of its outline that fluid touches, seen from its centroid, 0 to 360. */
  readonly contactAngleDeg: number | null;
  /** Area of its outline against that before the injection; null when it was not outlined then. */
  readonly nerveAreaRatio: number | null;
}
