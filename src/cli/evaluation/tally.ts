import { percentile, rounded } from '../demo/percentiles.js';
import type { FrameScore } from './score-frame.js';

/** Distances within which a tip counts as found. */
const FOUND_WITHIN_MM = 2;
const FOUND_WITHIN_PX = 5;

/** Median and 95th percentile of a sample; null when it is empty. */
export interface Spread {
  readonly median: number | null;
  readonly p95: number | null;
}

/** Figures over a set of frames. A share or error without any frame to be about is null. */
export interface Figures {
  readonly frames: number;
  readonly framesVisibleTip: number;
  readonly framesHiddenTip: number;
  readonly framesNeedleFree: number;
  /** Frames that the pipeline refused. They count as frames on which nothing was found. */
  readonly framesInvalid: number;
  /** Of every tip stated on a frame whose true tip can be seen, however far off. */
  readonly tipErrorMm: Spread;
  readonly tipErrorPx: Spread;
  /** Share of frames with a visible true tip on which a tip was stated within 2 mm of it. */
  readonly recallAt2mm: number | null;
  readonly recallAt5px: number | null;
  /** Share of needle-free frames on which a tip was stated. */
  readonly falseTipRate: number | null;
  /** Share of frames with a needle but no visible tip on which a tip was stated as seen. */
  readonly hallucinatedTipRate: number | null;
  readonly angleErrorDeg: Spread;
  /** Share of frames with a known shaft on which a shaft was stated. */
  readonly shaftRecall: number | null;
  /** Share of stated tips whose true tip lies within the stated 90 % radius. */
  readonly radius90Coverage: number | null;
  /** Per class, pooled over all pixels of all frames; only classes that the labels know. */
  readonly dice: Readonly<Record<string, number | null>>;
}

interface PixelCounts {
  both: number;
  predicted: number;
  truth: number;
}

/** Collects scores of frames and turns them into figures. */
export class Tally {
  #frames = 0;
  #invalid = 0;
  readonly #scores: Omit<FrameScore, 'overlaps'>[] = [];
  readonly #pixels = new Map<string, PixelCounts>();

  add({ overlaps, ...score }: FrameScore, isInvalid: boolean): void {
    this.#frames += 1;
    if (isInvalid) this.#invalid += 1;
    this.#scores.push(score);
    for (const overlap of overlaps) {
      const sum = this.#pixels.get(overlap.class) ?? { both: 0, predicted: 0, truth: 0 };
      sum.both += overlap.both;
      sum.predicted += overlap.predicted;
      sum.truth += overlap.truth;
      this.#pixels.set(overlap.class, sum);
    }
  }

  figures(): Figures {
    const visible = this.#scores.filter((score) => score.needle === 'visible');
    const hidden = this.#scores.filter((score) => score.needle === 'hidden');
    const free = this.#scores.filter((score) => score.needle === 'none');
    const visibleMm = visible.filter((score) => score.hasSpacing);
    const shafts = this.#scores.filter((score) => score.isShaftKnown);
    const radii = visible.filter((score) => score.isWithinRadius90 !== null);
    return {
      frames: this.#frames,
      framesVisibleTip: visible.length,
      framesHiddenTip: hidden.length,
      framesNeedleFree: free.length,
      framesInvalid: this.#invalid,
      tipErrorMm: spread(visible.map((score) => score.tipErrorMm)),
      tipErrorPx: spread(visible.map((score) => score.tipErrorPx)),
      recallAt2mm: share(visibleMm, (score) => isWithin(score.tipErrorMm, FOUND_WITHIN_MM)),
      recallAt5px: share(visible, (score) => isWithin(score.tipErrorPx, FOUND_WITHIN_PX)),
      falseTipRate: share(free, (score) => score.isTipStated),
      hallucinatedTipRate: share(hidden, (score) => score.isTipMeasured),
      angleErrorDeg: spread(this.#scores.map((score) => score.angleErrorDeg)),
      shaftRecall: share(shafts, (score) => score.angleErrorDeg !== null),
      radius90Coverage: share(radii, (score) => score.isWithinRadius90 === true),
      dice: Object.fromEntries([...this.#pixels].map(([name, counts]) => [name, dice(counts)])),
    };
  }
}

function dice({ both, predicted, truth }: PixelCounts): number | null {
  const all = predicted + truth;
  return all === 0 ? null : rounded((2 * both) / all, 4);
}

function isWithin(error: number | null, limit: number): boolean {
  return error !== null && error <= limit;
}

function share<Item>(items: readonly Item[], test: (item: Item) => boolean): number | null {
  return items.length === 0 ? null : rounded(items.filter(test).length / items.length, 4);
}

function spread(values: readonly (number | null)[]): Spread {
  const known = values.filter((value) => value !== null);
  return {
    median: rounded(percentile(known, 50), 3),
    p95: rounded(percentile(known, 95), 3),
  };
}
