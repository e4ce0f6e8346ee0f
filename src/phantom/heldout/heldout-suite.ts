import { createHeldoutClip, type HeldoutClip } from './heldout-clip.js';
import { type HeldoutStratum, heldoutStratum } from './heldout-stratum.js';

/** How large the suite is. The default covers each of the 42 strata three times. */
export interface HeldoutSuiteOptions {
  readonly clips: number;
  readonly framesPerClip: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameRateHz: number;
  /** Whether clips with a needle get a second, resting one; everything else stays the same. */
  readonly hasRestingNeedle: boolean;
}

export const HELDOUT_SUITE_DEFAULTS: HeldoutSuiteOptions = {
  clips: 126,
  framesPerClip: 24,
  widthPx: 384,
  heightPx: 384,
  frameRateHz: 25,
  hasRestingNeedle: false,
};

/** One clip of the suite. Take `framesPerClip` frames of it; every one of them is deterministic. */
export interface HeldoutSuiteEntry {
  readonly seed: number;
  readonly stratum: HeldoutStratum;
  readonly framesPerClip: number;
  readonly clip: HeldoutClip;
}

/** First seed of the suite; a multiple of 42, so that suites start at the first stratum. */
const FIRST_SEED = 42_000;

/**
 * The evaluation suite: fixed seeds, strata in turn. Clips are built when the iteration reaches
 * them (0.2 to 0.4 s each), so only one is held at a time.
 */
export function* heldoutSuite(
  options: Partial<HeldoutSuiteOptions> = {},
): Generator<HeldoutSuiteEntry> {
  const { clips, framesPerClip, ...clipOptions } = { ...HELDOUT_SUITE_DEFAULTS, ...options };
  for (let index = 0; index < clips; index++) {
    const seed = FIRST_SEED + index;
    yield {
      seed,
      stratum: heldoutStratum(seed),
      framesPerClip,
      clip: createHeldoutClip({ seed, ...clipOptions }),
    };
  }
}
