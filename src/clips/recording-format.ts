import Type, { type Static } from 'typebox';
import { IMAGING_MODES, ORIENTATIONS, PIXEL_FORMATS, PROBE_GEOMETRIES } from '../domain/frame.js';
import { STRUCTURE_CLASSES } from '../domain/structure.js';

/**
 * Echoline's own clip folder. Frames are payloads one after the other in `frames.bin` and one line
 * each in `frames.jsonl`, written after its payload: a line is good when its payload is complete,
 * so a folder can be read after a crash up to the last complete line.
 */
export const CLIP_FILE = 'clip.json';
export const FRAMES_FILE = 'frames.jsonl';
export const PAYLOADS_FILE = 'frames.bin';
export const OVERLAYS_FILE = 'overlays.jsonl';
export const VERDICTS_FILE = 'verdicts.jsonl';
export const EVENTS_FILE = 'events.jsonl';
/** Only where the truth is known; label maps are deflated in `labels.bin`. */
export const TRUTH_FILE = 'truth.jsonl';
export const LABELS_FILE = 'labels.bin';

export const RECORDING_FORMAT = 'echoline-clip/1';

function oneOf<const Value extends string>(values: readonly Value[]) {
  return Type.Unsafe<Value>(Type.Union(values.map((value) => Type.Literal(value))));
}
function orNull<Schema extends Type.TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

const Whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Side = Type.Integer({ minimum: 1, maximum: 65_535 });
const SpacingSchema = Type.Object({
  xMm: Type.Number({ exclusiveMinimum: 0 }),
  yMm: Type.Number({ exclusiveMinimum: 0 }),
});
const Point = Type.Object({ xPx: Type.Number(), yPx: Type.Number() });
const Rect = Type.Object({ xPx: Whole, yPx: Whole, widthPx: Whole, heightPx: Whole });

/** `clip.json` */
export const ClipInfoSchema = Type.Object({
  format: Type.Literal(RECORDING_FORMAT),
  name: Type.String({ maxLength: 200 }),
  isSimulated: Type.Boolean(),
  /** Wall clock, ISO 8601; null for clips that were not recorded live. */
  startedAt: orNull(Type.String()),
});
export type ClipInfo = Static<typeof ClipInfoSchema>;

/** Where a payload lies in its `.bin` file. */
const Extent = Type.Object({ offsetBytes: Whole, lengthBytes: Whole });

const ExtensionsSchema = Type.Object({
  probePose: orNull(Type.Array(Type.Number(), { minItems: 16, maxItems: 16 })),
  depthMm: orNull(Type.Number()),
  gainDb: orNull(Type.Number()),
  imagingMode: orNull(oneOf(IMAGING_MODES)),
  panes: Type.Array(Type.Object({ rect: Rect, spacing: orNull(SpacingSchema) })),
  sourceLatency: orNull(Type.Object({ latencyMs: Type.Number(), uncertaintyMs: Type.Number() })),
  sector: orNull(
    Type.Object({
      apexXPx: Type.Number(),
      apexYPx: Type.Number(),
      radiusMinPx: Type.Number(),
      radiusMaxPx: Type.Number(),
      angleMinDeg: Type.Number(),
      angleMaxDeg: Type.Number(),
    }),
  ),
  deviceText: orNull(Type.String()),
});

/** A line of `frames.jsonl`. */
export const FrameLineSchema = Type.Object({
  payload: Extent,
  /** Service clock, µs; null for clips that were not recorded live. */
  receivedAtUs: orNull(Whole),
  frame: Type.Object({
    epoch: Whole,
    frameId: Whole,
    captureTimeUs: Whole,
    flags: Type.Object({
      isFrozen: Type.Boolean(),
      geometryChanged: Type.Boolean(),
      mayCarryText: Type.Boolean(),
    }),
    format: oneOf(PIXEL_FORMATS),
    probeGeometry: oneOf(PROBE_GEOMETRIES),
    orientation: oneOf(ORIENTATIONS),
    widthPx: Side,
    heightPx: Side,
    strideBytes: Whole,
    spacing: orNull(SpacingSchema),
    extensions: ExtensionsSchema,
  }),
});
export type FrameLine = Static<typeof FrameLineSchema>;

/** A line of `events.jsonl`; see `domain/recording.ts`. */
export const EventLineSchema = Type.Object({
  kind: Type.String(),
  atUs: Type.Number(),
  details: Type.Record(Type.String(), Type.Unknown()),
});

const TrueNeedle = Type.Object({
  tip: Point,
  tipVisible: Type.Boolean(),
  approach: oneOf(['in-plane', 'out-of-plane']),
  shaft: orNull(Type.Object({ from: Point, to: Point })),
  shaftMiddle: Type.Optional(Point),
  shaftVisibility: Type.Array(Type.Number()),
});

/** A line of `truth.jsonl`. */
export const TruthLineSchema = Type.Object({
  /** Position of the frame in `frames.jsonl`, from 0. */
  position: Whole,
  needle: orNull(TrueNeedle),
  restingNeedle: Type.Optional(TrueNeedle),
  labels: Type.Object({
    widthPx: Side,
    heightPx: Side,
    classes: Type.Array(oneOf(['background', ...STRUCTURE_CLASSES]), { maxItems: 256 }),
    data: Extent,
  }),
  spacing: SpacingSchema,
  injectateAreaMm2: Type.Number(),
  probeShiftPx: Point,
  contact: Type.Number(),
  imageQuality: Type.Number(),
});
export type TruthLine = Static<typeof TruthLineSchema>;
