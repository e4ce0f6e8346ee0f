import type { PixelFormat } from '../../domain/frame.js';

/** Where the frames of a load come from. Made or read before the clock starts. */
export type LoadClip =
  | {
      readonly kind: 'phantom';
      readonly widthPx: number;
      readonly heightPx: number;
      readonly format: Extract<PixelFormat, 'gray8' | 'jpeg'>;
      readonly seed: number;
      /** Images in the loop. */
      readonly images: number;
    }
  | { readonly kind: 'file'; readonly path: string };

/** What a cart does that has used up its credits. */
export type CreditRule =
  /** As the cart SDK: the newest frame waits, an older waiting one is skipped and counted. */
  | 'respect'
  /** Sends nevertheless: the network and the target's own queue take what comes. */
  | 'ignore';

/**
 * An open-loop load: when frames are due is settled before the first is sent and does not depend on
 * any answer (no coordinated omission).
 */
export interface LoadPlan {
  readonly clip: LoadClip;
  /** Frames of each stream that count. */
  readonly frames: number;
  /** Frames of each stream before them that do not. */
  readonly warmUpFrames: number;
  /** Frame rate; null = the clip's own timestamps. */
  readonly fps: number | null;
  /** Frames are due up to this much later than the clip says, evenly spread, seeded, ms. */
  readonly jitterMs: number;
  readonly seed: number;
  /** Carts; their frames are due evenly staggered within one frame interval. */
  readonly streams: number;
  /** Displays of each stream; figures are those of the first one. */
  readonly displays: number;
  /** How many of them (the last ones) read nothing from the socket after their welcome. */
  readonly stalledDisplays: number;
  readonly credits: CreditRule;
  /**
   * Frames a cart has on the way at most where it respects credits. A target may grant fewer; one
   * that grants more gets no deeper queue than the others.
   */
  readonly inFlightMax: number;
  /**
   * `open`: frames are due by the clock. `closed`: each when the one before has its verdict and its
   * overlay, so that nothing is ever lost; its times say how fast the target can be, not how late
   * it is. Frames are captured `fps` apart either way, so that trackers see the same clip.
   */
  readonly pace: 'open' | 'closed';
  /** Bearer token of a remote service; null = none. */
  readonly token: string | null;
  /** First part of the streams' names. */
  readonly streamName: string;
  /** Keep one record a frame (`FrameRecord`), for CSV and comparisons; costs memory. */
  readonly keepRecords: boolean;
}

/** The plan of the figure table: one cart, one display, 30 frames/s. Change what differs. */
export const PLAIN_PLAN: LoadPlan = {
  clip: { kind: 'phantom', widthPx: 512, heightPx: 512, format: 'gray8', seed: 7, images: 30 },
  frames: 300,
  warmUpFrames: 30,
  fps: 30,
  jitterMs: 0,
  seed: 1,
  streams: 1,
  displays: 1,
  stalledDisplays: 0,
  credits: 'respect',
  inFlightMax: 4,
  pace: 'open',
  token: null,
  streamName: 'bench',
  keepRecords: false,
};

/** The epoch of every load: one connection, one numbering. */
export const BENCH_EPOCH = 1;
