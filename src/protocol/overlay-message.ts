import Type, { type Static } from 'typebox';
import { NEEDLE_STATES } from '../domain/needle.js';
import type { Overlay } from '../domain/overlay.js';
import { PREDICTION_MAX_MS } from '../domain/predicted-tip.js';
import { SPREAD_STATES } from '../domain/spread.js';
import { STRUCTURE_CLASSES } from '../domain/structure.js';
import { GuidanceSchema } from './guidance-schema.js';
import {
  Count,
  Finite,
  oneOf,
  orNull,
  Point,
  Probability,
  Segment,
  strict,
} from './overlay-parts.js';

/**
 * The overlay as it travels (interfaces.md section 5): one JSON text message, and one line of
 * `infer --jsonl`. The schema mirrors `domain/overlay.ts`; the compiler proves that the two agree.
 */
const Spacing = Type.Object(
  { xMm: Type.Number({ exclusiveMinimum: 0 }), yMm: Type.Number({ exclusiveMinimum: 0 }) },
  strict,
);

const Needle = Type.Object(
  {
    state: Type.Enum([...NEEDLE_STATES]),
    tip: orNull(Point),
    tipReason: orNull(
      oneOf(
        'no-needle',
        'not-confirmed',
        'tip-not-visible',
        'out-of-plane',
        'track-lost',
        'frozen',
        'image-quality',
        'imaging-mode',
        'several-panes',
        'engine-unavailable',
        'decode-failed',
      ),
    ),
    confidence: Probability,
    radius90Px: orNull(Finite),
    radius90Mm: orNull(Finite),
    shaft: orNull(Segment),
    angleDeg: orNull(Finite),
    approach: oneOf('in-plane', 'out-of-plane', 'unknown'),
  },
  strict,
);

/**
 * Hundreds of points an overlay, so `findBadPoint` checks them by hand: interpreting the schema of
 * each took 20 times as long as parsing the JSON.
 */
const Contour = Type.Unsafe<Static<typeof Point>[]>({ type: 'array', minItems: 3 });

const Structure = Type.Object(
  {
    id: Count,
    class: Type.Enum([...STRUCTURE_CLASSES]),
    rule: oneOf('none', 'beside', 'do-not-enter', 'enter', 'contact', 'keep-off'),
    keepOffMm: orNull(Finite),
    confidence: Probability,
    contour: Contour,
    areaMm2: orNull(Finite),
    isCoasting: Type.Optional(Type.Boolean()),
  },
  strict,
);

const StageMs = Type.Object(
  {
    decode: Finite,
    preprocess: Finite,
    infer: Finite,
    postprocess: Finite,
    track: Finite,
    guide: Finite,
    spread: Type.Optional(Finite),
  },
  strict,
);

const SpreadResearch = Type.Object(
  {
    nerveId: Count,
    contactAngleDeg: orNull(Type.Number({ minimum: 0, maximum: 360 })),
    nerveAreaRatio: orNull(Type.Number({ minimum: 0 })),
  },
  strict,
);

/** Of the injection that is watched: see `domain/spread.ts`. */
const Spread = Type.Object(
  {
    injection: Count,
    state: Type.Enum([...SPREAD_STATES]),
    onsetUs: orNull(Count),
    areaMm2: orNull(Finite),
    rateMm2PerS: orNull(Finite),
    centroid: orNull(Point),
    vesselId: orNull(Count),
    research: Type.Optional(orNull(SpreadResearch)),
  },
  strict,
);

/** Only to a display whose hello asked for it. */
const PredictedTip = Type.Object(
  {
    tip: Point,
    aheadMs: Type.Number({ exclusiveMinimum: 0, maximum: PREDICTION_MAX_MS }),
    radius90Px: Finite,
    radius90Mm: Finite,
  },
  strict,
);

/** One overlay message. Times in µs, see `domain/overlay.ts` for what null means. */
export const OverlayMessage = Type.Object(
  {
    type: Type.Literal('overlay'),
    stream: Type.String(),
    epoch: Count,
    trackEpoch: Count,
    frameId: Count,
    captureTimeUs: Count,
    image: Type.Object({ widthPx: Count, heightPx: Count }, strict),
    spacing: orNull(Spacing),
    needle: Needle,
    structures: Type.Array(Structure),
    imageQuality: orNull(Probability),
    guidance: GuidanceSchema,
    spread: Type.Optional(Spread),
    stageMs: StageMs,
    clock: Type.Object(
      {
        receivedAtUs: Finite,
        publishedAtUs: Finite,
        cartOffsetUs: orNull(Finite),
        uncertaintyUs: orNull(Finite),
      },
      strict,
    ),
    model: Type.Object({ id: Type.String(), sha256: Type.String() }, strict),
    prediction: Type.Optional(orNull(PredictedTip)),
  },
  strict,
);
export type OverlayMessage = Static<typeof OverlayMessage>;

/** Path of the first contour point that is not two finite numbers; null when all are. */
export function findBadPoint(overlay: OverlayMessage): string | null {
  for (const [index, structure] of overlay.structures.entries()) {
    const { contour } = structure;
    for (let at = 0; at < contour.length; at += 1) {
      const point: Partial<Static<typeof Point>> | null | undefined = contour[at];
      if (Number.isFinite(point?.xPx) && Number.isFinite(point?.yPx)) continue;
      return `structures.${index}.contour.${at}`;
    }
  }
  return null;
}

/** The text message of an overlay. */
export function encodeOverlay(overlay: Overlay): string {
  return JSON.stringify(overlay satisfies DeepReadonly<OverlayMessage>);
}

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
