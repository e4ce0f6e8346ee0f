import type { PointPx } from '../../../domain/geometry.js';
import type { EvaluationFrame, NeedleKnowledge } from '../evaluation-frame.js';

/** A change that leaves alone what is true: the needle is found again in the same tissue. */
export interface Perturbation {
  /** As in the table: `gain +12 dB`. */
  readonly name: string;
  /**
   * Changes one clip. Frames are gray8 without padding, in order of time, and are not written to.
   *
   * @param random - numbers in [0, 1), seeded for this clip
   * @returns the frames as a cart would send them
   */
  apply(
    frames: readonly EvaluationFrame[],
    random: () => number,
  ): Promise<readonly EvaluationFrame[]> | readonly EvaluationFrame[];
}

/** A gray image without padding. */
export interface PlainImage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8Array;
}

/** Changes the pixels of each frame and nothing else. */
export function pixelPerturbation(
  name: string,
  change: (image: PlainImage) => Uint8Array,
): Perturbation {
  return {
    name,
    apply: (frames) =>
      frames.map((evaluationFrame) => {
        const { frame } = evaluationFrame;
        const { widthPx, heightPx, payload } = frame;
        const data = change({ widthPx, heightPx, data: payload });
        return { ...evaluationFrame, frame: { ...frame, payload: data } };
      }),
  };
}

/**
 * Moves what is known of a needle along with the pixels. A tip that leaves the image makes the
 * frame say nothing of the needle.
 */
export function movedNeedle(
  needle: NeedleKnowledge,
  move: (point: PointPx) => PointPx,
  size: { readonly widthPx: number; readonly heightPx: number },
): NeedleKnowledge {
  if (needle.kind !== 'visible' && needle.kind !== 'hidden') return needle;
  const shaft = needle.shaft && { from: move(needle.shaft.from), to: move(needle.shaft.to) };
  const tip = needle.tip && move(needle.tip);
  const isInside =
    tip === null ||
    (tip.xPx >= 0 && tip.yPx >= 0 && tip.xPx < size.widthPx && tip.yPx < size.heightPx);
  if (!isInside) return { kind: 'unknown' };
  if (needle.kind === 'hidden') return { kind: 'hidden', tip, shaft };
  return tip === null ? { kind: 'unknown' } : { kind: 'visible', tip, shaft };
}
