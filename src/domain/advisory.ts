import type { StructureClass } from './structure.js';

/**
 * What the operator may be told about. Each kind has one condition (`pipeline/guide/conditions/`,
 * the two `spread-…` kinds in the spread stage), and `docs/guidance.md` defines each.
 *
 * The order is the rank: of two active kinds with the same priority the earlier one comes first.
 */
export const ADVISORY_KINDS = [
  'tip-inside',
  'rule-at-risk',
  'advancing-unseen',
  'spread-in-vessel',
  'stream-stalled',
  'stream-frozen',
  'contact-lost',
  'trajectory-crosses',
  'probe-moved',
  'needle-out-of-plane',
  'spread-not-seen',
  'image-quality-low',
] as const;
export type AdvisoryKind = (typeof ADVISORY_KINDS)[number];

/**
 * How much it matters. These are information signals: nothing here is an alarm system's priority
 * (IEC 60601-1-8), there is no "safe" state, and no text tells anyone to advance.
 */
export const ADVISORY_PRIORITIES = ['low', 'medium', 'high'] as const;
export type AdvisoryPriority = (typeof ADVISORY_PRIORITIES)[number];

/** How one kind of advisory behaves. */
export interface AdvisorySettings {
  readonly isOn: boolean;
  readonly priority: AdvisoryPriority;
  /** Whether displays may sound it at its onset. */
  readonly hasSound: boolean;
  /** How long its condition has to hold before it comes on, ms. */
  readonly onsetDelayMs: number;
  /** How long it stays on at least, ms. */
  readonly minOnMs: number;
  /**
   * Least time from one onset to the next, ms. When the condition returns earlier the advisory is
   * shown again at once, but as the same episode: same `sinceUs`, no new sound.
   */
  readonly onsetIntervalMs: number;
}

/** Something the operator is told, as long as it is active. */
export interface Advisory {
  readonly kind: AdvisoryKind;
  readonly priority: AdvisoryPriority;
  /** What is so, in words; never what to do next. */
  readonly text: string;
  /** What it is about; null when it is about no single structure, or that one is not seen now. */
  readonly structureId: number | null;
  readonly structureClass: StructureClass | null;
  /**
   * Capture time of its onset, µs. Names the episode: a display sounds once for each new
   * (`kind`, `sinceUs`) that is not silenced, whichever of its overlays it gets to see.
   */
  readonly sinceUs: number;
  /** No sound: acknowledged within the last 10 s, or without sound by its settings. */
  readonly isSilenced: boolean;
}

/** Least time between onsets and least time on, ms (notes on human factors: 500 ms, 1 per 3 s). */
const STEADY = { minOnMs: 500, onsetIntervalMs: 3000 } as const;

/**
 * What an advisory does when the protocol does not say otherwise.
 *
 * Priorities: low for all but what is about the tip where it must not be, and `medium` for these;
 * `high` is for sites that have a risk file which says so. Delays: what is measured in one frame
 * against a bound comes at once; what is judged from an image by itself has to hold for a while.
 */
export const ADVISORY_DEFAULTS: Readonly<Record<AdvisoryKind, AdvisorySettings>> = {
  'tip-inside': quick('medium', true),
  'rule-at-risk': quick('medium', true),
  'advancing-unseen': { ...quick('medium', true), onsetDelayMs: 300 },
  'spread-in-vessel': quick('medium', true),
  'stream-stalled': quick('low', true),
  'stream-frozen': quick('low', false),
  'contact-lost': delayed(500),
  'trajectory-crosses': delayed(300),
  'probe-moved': quick('low', false),
  'needle-out-of-plane': delayed(500),
  'spread-not-seen': quick('low', false),
  'image-quality-low': delayed(1000),
};

function quick(priority: AdvisoryPriority, hasSound: boolean): AdvisorySettings {
  return { isOn: true, priority, hasSound, onsetDelayMs: 0, ...STEADY };
}

function delayed(onsetDelayMs: number): AdvisorySettings {
  return { isOn: true, priority: 'low', hasSound: false, onsetDelayMs, ...STEADY };
}
