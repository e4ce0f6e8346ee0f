import type { AdvisoryKind } from '../domain/advisory.js';
import type { Affine } from '../domain/affine.js';
import type { GrayImage, Reduction } from '../domain/frame.js';
import type { PointPx, RectPx, SegmentPx } from '../domain/geometry.js';
import type { Needle } from '../domain/needle.js';
import type { NeedleMotion } from '../domain/needle-motion.js';
import type { OutlineErrors } from '../domain/outline-error.js';
import type { Spacing } from '../domain/spacing.js';
import type { Structure, StructureClass } from '../domain/structure.js';
import type { TransducerFace } from '../domain/transducer-face.js';

/** What preprocess will look at in a frame. What it does not need, decode may leave out. */
export interface DecodeWish {
  readonly isWholeNeeded: boolean;
  /** How many times smaller the image may be that the network's input is made of. */
  readonly reduction: Reduction;
}

/** For a frame of which nothing is known: every pixel. */
export const WHOLE_IMAGE: DecodeWish = { isWholeNeeded: true, reduction: 1 };

/** An image that was made smaller while it was decoded. */
export interface ReducedImage {
  /** Each pixel stands for a square of the whole image; the first square begins in its corner. */
  readonly image: GrayImage;
  readonly reduction: Reduction;
}

/** What every stage after preprocess may know about the frame at hand. Image pixels = as sent. */
export interface FrameContext {
  /** Unrelated to the frames before it, or frozen: nothing may be expected to have moved. */
  readonly isStill: boolean;
  readonly isFrozen: boolean;
  /** No content: a flat picture, a probe in the air. */
  readonly isFlat: boolean;
  /** Not taken for an ultrasound image: nothing in it means anything. */
  readonly isForeign: boolean;
  /** mm per image pixel; null when unknown, and then no millimetre may be published. */
  readonly spacing: Spacing | null;
  /**
   * mm per image pixel for thresholds only: the spacing, or a region of interest 40 mm high where
   * it is unknown. Never leaves the engine.
   */
  readonly gateSpacing: Spacing;
  /** Image pixels as sent → tensor pixels. May mirror. */
  readonly imageToTensor: Affine;
  /** Size of the image as sent. */
  readonly image: { readonly widthPx: number; readonly heightPx: number };
  /** Where echo data is, image pixels. */
  readonly region: RectPx;
  /** Convex outline of the echo data where it does not fill the region (a sector), or null. */
  readonly outline: readonly PointPx[] | null;
  /** What depths are measured from. */
  readonly face: TransducerFace;
  /** Image plane → world, 4 × 4 row-major, mm; null when the frame has none. */
  readonly probePose: readonly number[] | null;
  /** Displacement of the tissue since the previous frame, image pixels. */
  readonly tissueShiftPx: PointPx;
}

/** What the network says about one frame, row-major; what each channel means is in the manifest. */
export interface HeadOutputs {
  /** logits [classes, h, w] */
  readonly structures: Float32Array;
  /** [5, h, w] */
  readonly tip: Float32Array;
  /** [4, h, w] */
  readonly shaft: Float32Array;
  /** logits [5] */
  readonly frame: Float32Array;
}

/** One place where the tip may be, image pixels. */
export interface TipCandidate {
  readonly point: PointPx;
  /** Other end of the visible shaft that leads to it, the entry side; null without one. */
  readonly shaftFrom: PointPx | null;
  /** sqrt(heat × needle present), 0 to 1. */
  readonly score: number;
  /** Whether it passes every threshold of a visible in-plane tip, taken by itself. */
  readonly isTip: boolean;
  /** Standard deviations of the position along and across the shaft. */
  readonly sigmaAlongPx: number;
  readonly sigmaAcrossPx: number;
  /** Holds the true tip with 90 % probability. */
  readonly radius90Px: number;
}

/**
 * What one frame by itself says about the needle: `tip` a visible tip on a shaft and no other place
 * that might as well be it · `shaft` a shaft whose visible end need not be the tip · `dot` an echo
 * without a shaft, the needle crosses the plane · `none`.
 */
export type NeedleEvidence = 'tip' | 'shaft' | 'dot' | 'none';

/** The needle as one frame shows it, before any tracking. */
export interface NeedleReading {
  readonly evidence: NeedleEvidence;
  /** Calibrated probability that a needle is there. */
  readonly present: number;
  /** Best first. */
  readonly candidates: readonly TipCandidate[];
  /** From the entry side to the visible end, image pixels; null without a shaft. */
  readonly shaft: SegmentPx | null;
  /** Below the horizontal, 0 to 90; null without a shaft. */
  readonly angleDeg: number | null;
}

/** A structure before the protocol has said what it means. */
export type SeenStructure = Omit<Structure, 'rule' | 'keepOffMm'>;

/** What postprocess reads from one frame. */
export interface FrameReading {
  readonly needle: NeedleReading;
  readonly structures: readonly SeenStructure[];
  /** How far outlines by this reader may be off. */
  readonly outlineErrors: OutlineErrors;
  /**
   * Share of the variance of a tip's error that is still there in the next frames, 0 to 1: what
   * following the tip does not average out.
   */
  readonly tipErrorLasting: number;
  /** 0 to 1. */
  readonly imageQuality: number;
  readonly isImageQualityLow: boolean;
  readonly isContactLost: boolean;
}

/** A structure that is followed: its `id` stays the same within a track epoch. */
export interface TrackedStructure extends SeenStructure {
  readonly isCoasting: boolean;
}

/** What the track stage says of one frame, in image pixels. */
export interface FrameTrack {
  readonly needle: Needle;
  /** null where nothing is followed, and in stills. */
  readonly motion: NeedleMotion | null;
  readonly structures: readonly TrackedStructure[];
}

/**
 * How a condition stands in one frame: `on` it holds · `between` it neither holds nor is it over
 * (inside its hysteresis) · `off` it is over · `unknown` this frame cannot tell.
 */
export type ConditionLevel = 'on' | 'between' | 'off' | 'unknown';

/** What one frame says about one kind of advisory. */
export interface Condition {
  readonly kind: AdvisoryKind;
  readonly level: ConditionLevel;
  /** What is so, in words; never what to do next. */
  readonly text: string;
  readonly structureId: number | null;
  readonly structureClass: StructureClass | null;
}
