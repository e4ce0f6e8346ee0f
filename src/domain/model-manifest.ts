import type { LabelClass } from './ground-truth.js';
import type { OutlineErrors } from './outline-error.js';

/** Numbers that a network computes with. */
export type Precision = 'fp32' | 'int8';
/** What the deployer wants to run; `auto` = what is faster on the machine at hand. */
export type PrecisionChoice = 'auto' | Precision;
export const PRECISION_CHOICES: readonly PrecisionChoice[] = ['auto', 'fp32', 'int8'];

/** An ONNX file that the manifest vouches for. */
export interface ModelFile {
  /** Relative to the manifest. */
  readonly file: string;
  /** Lower-case hex SHA-256 of that file. */
  readonly sha256: string;
}

/**
 * What `manifest.json` beside an ONNX file says (`models/guidenet/manifest.json`). Sizes, classes
 * and thresholds come from here and from nowhere else in the code.
 */
export interface ModelManifest extends ModelFile {
  readonly format: 'echoline-model/1';
  readonly id: string;
  readonly version: string;
  /** Of `file`. */
  readonly precision: Precision;
  /** The same network in other precisions, with the same contract; absent where there is none. */
  readonly variants?: { readonly int8: ModelFile };
  readonly input: {
    readonly name: string;
    readonly dtype: 'uint8';
    /** [1, 3, height, width] */
    readonly shape: readonly [1, 3, number, number];
    readonly channels: readonly ['intensity', 'short-difference', 'slow-difference'];
    /** Value of the difference channels without history. */
    readonly neutral: number;
  };
  /** Input pixels per output cell; a cell's centre is at input pixel (i + 0.5) * stride − 0.5. */
  readonly stridePx: number;
  readonly outputs: {
    /** logits [1, classes.length, h, w] */
    readonly structures: string;
    /**
     * [1, 5, h, w]: heat logit; offset x, y from the cell's centre, in cells; ln sigma along,
     * across the shaft, in cells
     */
    readonly tip: string;
    /**
     * [1, 4, h, w]: mask logit; cos 2θ, sin 2θ (θ = angle of the shaft, x right, y down); signed
     * perpendicular offset from the cell's centre to the axis along the normal (−sin θ, cos θ) with
     * θ in [0, π), in cells
     */
    readonly shaft: string;
    /**
     * logits [1, 5]: needle present, tip in plane and visible, image quality, contact loss, probe
     * motion
     */
    readonly frame: string;
  };
  /** Index = channel of the structure logits; [0] is `background`. */
  readonly classes: readonly LabelClass[];
  readonly thresholds: {
    /** Probability above which a needle is present. */
    readonly needlePresent: number;
    /** Heat above which a peak is a tip candidate. */
    readonly tipHeat: number;
    /** sqrt(heat × present) above which a candidate is a visible tip. */
    readonly tipScore: number;
    readonly tipInPlane: number;
    /** Probability above which a cell belongs to the shaft. */
    readonly shaft: number;
    /** Farthest a tip may lie from the shaft that leads to it, bow included, mm. */
    readonly tipOffShaftMm: number;
    /** Shortest run of shaft cells that makes a line, mm. */
    readonly shaftLengthMm: number;
    /**
     * A line that speaks for a needle by itself, where the frame's own probability is below
     * `needlePresent`; absent where no line does.
     */
    readonly clearShaft?: {
      /** Probability that a needle is present, at least. */
      readonly needlePresent: number;
      /** Shortest such line, mm. */
      readonly lengthMm: number;
      /** Mean probability of its cells, at least. */
      readonly probability: number;
    };
    /** Mean probability above which a region is a structure. */
    readonly structure: number;
    /** Smallest structure, mm². */
    readonly structureAreaMm2: number;
    /** Below this probability artery and vein are called `vessel`. */
    readonly arteryVein: number;
    readonly contactLoss: number;
    /** Image quality below which guidance is degraded. */
    readonly imageQuality: number;
    /** When an image is not taken for an ultrasound image; absent where every image is. */
    readonly foreign?: {
      /** Correlation of horizontal neighbours below which it is noise or text. */
      readonly neighbourCorrelation: number;
      /** Share of even blocks above which it is a photograph, a drawing or a tomogram. */
      readonly evenShare: number;
      /** Longer side of the region of interest below which nothing can be seen, image pixels. */
      readonly regionSidePx: number;
    };
    /** Share of strongly coloured pixels above which it is no B-mode image; absent = any. */
    readonly colouredShare?: number;
  };
  readonly calibration: {
    /** radius90 = this × sqrt(sigmaAlong × sigmaAcross), conformal on the validation set. */
    readonly radius90PerSigma: number;
    /** Logit temperature of needle-present. */
    readonly needlePresentTemperature: number;
    /** Fitted where outlines are nearest to the tip; absent where nobody has. */
    readonly outlines?: OutlineErrors;
    /**
     * Share of the variance of a tip's error that stays from frame to frame, 0 to 1; absent where
     * nobody has measured it, and then all of it counts as staying.
     */
    readonly tipErrorLasting?: number;
  };
  /** Spacing of the network's input the weights were trained for, mm per input pixel. */
  readonly spacingRangeMm: { readonly min: number; readonly max: number };
  /** Where the weights come from: seeds, data with licences, steps, duration. */
  readonly provenance: Readonly<Record<string, unknown>>;
  /** Figures measured on the named sets. */
  readonly metrics: Readonly<Record<string, unknown>>;
}
