import type { Curve } from './anatomy.js';

/** What a scanner shows beside tissue proper. Echo levels are dB relative to muscle. */
export type Artefact = Gas | Wall | Septum | Column;

/** A surface that reflects everything (pleura, bowel, trachea): only repeats of it lie below. */
export interface Gas {
  readonly kind: 'gas';
  readonly curve: Curve;
  readonly fromXMm: number;
  readonly toXMm: number;
  readonly levelDb: number;
  /** 0 even, 1 broken into pieces. */
  readonly breakup: number;
  /** Haze right below, and the depth over which it falls by 8.7 dB. */
  readonly hazeDb: number;
  readonly decayMm: number;
  /** Repeats of the surface at multiples of its depth, each weaker by `aLineLossDb`. */
  readonly aLines: number;
  readonly aLineLossDb: number;
  /** Bright columns down to the bottom. */
  readonly bLines: readonly {
    readonly xMm: number;
    readonly halfWidthMm: number;
    readonly levelDb: number;
  }[];
}

/** A flat mirror, straight on the screen: the wall of a container, the surface of a gel. */
export interface Wall {
  readonly kind: 'wall';
  /** Depth under the middle of the probe, mm. */
  readonly zMm: number;
  readonly slope: number;
  readonly fromXMm: number;
  readonly toXMm: number;
  readonly levelDb: number;
  readonly breakup: number;
  /** Parallel repeats, the first one included, `gapMm` apart. */
  readonly repeats: number;
  readonly gapMm: number;
  /** Echo of what lies behind; null leaves what is there. */
  readonly behindDb: number | null;
}

/** A diffuse sheet at any slope: bright and nearly straight, but soft and without a tip. */
export interface Septum {
  readonly kind: 'septum';
  readonly xMm: number;
  readonly zMm: number;
  readonly angleRad: number;
  readonly halfLengthMm: number;
  /** Height of its arc, mm. */
  readonly bowMm: number;
  /** Standard deviation across, mm. */
  readonly thicknessMm: number;
  readonly levelDb: number;
  readonly breakup: number;
  readonly isFascia: boolean;
}

/** A beam-wise streak: shadow (edge, gap of air) or bright tail (ring-down, comet). */
export interface Column {
  readonly kind: 'column';
  /** Where along the transducer face, mm. */
  readonly xMm: number;
  readonly halfWidthMm: number;
  readonly fromMm: number;
  /** Two-way loss, reached `onsetMm` below; 0 for none. */
  readonly lossDb: number;
  readonly onsetMm: number;
  /** Echo of the tail at its top; null for a mere shadow. */
  readonly echoDb: number | null;
  /** Depth over which the tail falls by 8.7 dB, and the period of its bars (0 for none), mm. */
  readonly decayMm: number;
  readonly periodMm: number;
}
