import type { Guidance } from './guidance.js';
import type { Needle } from './needle.js';
import type { PredictedTip } from './predicted-tip.js';
import type { Spacing } from './spacing.js';
import type { Spread } from './spread.js';
import type { Structure } from './structure.js';

/** Time spent in each stage, ms. */
export interface StageMs {
  readonly decode: number;
  readonly preprocess: number;
  readonly infer: number;
  readonly postprocess: number;
  readonly track: number;
  readonly guide: number;
  /** Absent where no injection is watched. */
  readonly spread?: number;
}
/** The stages that every frame goes through. */
export type FrameStage = Exclude<keyof StageMs, 'spread'>;
/** The same in the order of a frame's way. */
export const FRAME_STAGES: readonly FrameStage[] = [
  'decode',
  'preprocess',
  'infer',
  'postprocess',
  'track',
  'guide',
];
export const NO_STAGE_MS: StageMs = {
  decode: 0,
  preprocess: 0,
  infer: 0,
  postprocess: 0,
  track: 0,
  guide: 0,
};

/**
 * When the service handled the frame (service clock, µs) and how the cart's clock relates to it.
 */
export interface OverlayClock {
  readonly receivedAtUs: number;
  readonly publishedAtUs: number;
  /** Service clock − cart clock, µs; null while unknown. */
  readonly cartOffsetUs: number | null;
  readonly uncertaintyUs: number | null;
}

/** Which weights produced an overlay. */
export interface ModelIdentity {
  readonly id: string;
  readonly sha256: string;
}

/** What the pipeline says about exactly one frame, in the pixels of the image as it was sent. */
export interface FrameFindings {
  readonly needle: Needle;
  readonly structures: readonly Structure[];
  /** 0 to 1; null when it was not computed. */
  readonly imageQuality: number | null;
  readonly guidance: Guidance;
  /** Of the injection that is watched; absent while none is. */
  readonly spread?: Spread;
}

/** What a display draws for exactly one frame (interfaces.md section 5). */
export interface Overlay extends FrameFindings {
  readonly type: 'overlay';
  readonly stream: string;
  readonly epoch: number;
  readonly trackEpoch: number;
  readonly frameId: number;
  readonly captureTimeUs: number;
  readonly image: { readonly widthPx: number; readonly heightPx: number };
  readonly spacing: Spacing | null;
  readonly stageMs: StageMs;
  readonly clock: OverlayClock;
  readonly model: ModelIdentity;
  /** Only for a display that asked for it; null where there is nothing to predict from. */
  readonly prediction?: PredictedTip | null;
}
