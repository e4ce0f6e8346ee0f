import Type, { type Static } from 'typebox';

/**
 * Every control message of protocol version 1, as TypeBox schemas: one source for the types, for
 * the validation at the edges and for `docs/protocol.md`. Unknown fields are refused, so that a
 * misspelt field never passes silently; a newer minor announces its fields in `hello`.
 */
const strict = { additionalProperties: false } as const;

const Micros = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Name = Type.String({ minLength: 1, maxLength: 64 });
const Protocol = Type.Object(
  {
    major: Type.Integer({ minimum: 0, maximum: 255 }),
    minor: Type.Integer({ minimum: 0, maximum: 255 }),
  },
  strict,
);
const ClockNow = Type.Object({ nowUs: Micros }, strict);
const Format = Type.Union([
  Type.Literal('gray8'),
  Type.Literal('rgba8'),
  Type.Literal('bgra8'),
  Type.Literal('jpeg'),
  Type.Literal('png'),
]);

/** First message of a cart. `isSimulated`: displays then say SIMULATED. */
export const CartHello = Type.Object(
  {
    type: Type.Literal('hello'),
    role: Type.Literal('cart'),
    protocol: Protocol,
    name: Type.Optional(Name),
    formats: Type.Optional(Type.Array(Format, { minItems: 1, maxItems: 8 })),
    frameRateHz: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1000 })),
    clock: Type.Optional(ClockNow),
    wantOverlays: Type.Optional(Type.Boolean()),
    isSimulated: Type.Optional(Type.Boolean()),
  },
  strict,
);
export type CartHello = Static<typeof CartHello>;

/**
 * Asks for predicted tips. `afterPublishMs`: when the image that the display draws over is
 * captured, from the publication of the overlay: way and drawing, less the delay of its own video.
 */
const PredictionWish = Type.Object(
  { afterPublishMs: Type.Number({ minimum: -1000, maximum: 1000 }) },
  strict,
);

/** First message of a display. Without a role it is an observer. */
export const DisplayHello = Type.Object(
  {
    type: Type.Literal('hello'),
    role: Type.Optional(Type.Union([Type.Literal('observer'), Type.Literal('operator')])),
    protocol: Protocol,
    name: Type.Optional(Name),
    clock: Type.Optional(ClockNow),
    predict: Type.Optional(PredictionWish),
  },
  strict,
);
export type DisplayHello = Static<typeof DisplayHello>;

const Limits = Type.Object(
  {
    frameBytesMax: Type.Integer(),
    widthMaxPx: Type.Integer(),
    heightMaxPx: Type.Integer(),
    pixelsMax: Type.Integer(),
    controlBytesMax: Type.Integer(),
    frameAgeMaxMs: Type.Number(),
  },
  strict,
);

/** Answer to a cart's hello. The cart starts with `inFlightFramesMax` credits. */
export const CartWelcome = Type.Object(
  {
    type: Type.Literal('welcome'),
    protocol: Protocol,
    stream: Type.String(),
    limits: Limits,
    formats: Type.Array(Format),
    inFlightFramesMax: Type.Integer({ minimum: 1 }),
    clock: ClockNow,
    notice: Type.String(),
  },
  strict,
);
export type CartWelcome = Static<typeof CartWelcome>;

const Model = Type.Object({ id: Type.String(), sha256: Type.String() }, strict);

/** Life of a stream as displays see it. */
export const StreamState = Type.Union([
  Type.Literal('idle'),
  Type.Literal('streaming'),
  Type.Literal('stalled'),
  Type.Literal('closed'),
]);
export type StreamState = Static<typeof StreamState>;

/** Sent to displays in `welcome` and whenever it changes. */
export const StreamInfo = Type.Object(
  {
    stream: Type.String(),
    state: StreamState,
    isSimulated: Type.Boolean(),
    cartName: Type.Union([Type.String(), Type.Null()]),
    /** The display that may give commands, by its name; null while nobody may. */
    operatorName: Type.Union([Type.String(), Type.Null()]),
    engine: Type.Union([Type.Literal('ready'), Type.Literal('unavailable')]),
  },
  strict,
);
export type StreamInfo = Static<typeof StreamInfo>;

/** Answer to a display's hello. */
export const DisplayWelcome = Type.Object(
  {
    type: Type.Literal('welcome'),
    protocol: Protocol,
    role: Type.Union([Type.Literal('observer'), Type.Literal('operator')]),
    info: StreamInfo,
    unacknowledgedOverlaysMax: Type.Integer({ minimum: 1 }),
    unacknowledgedFramesMax: Type.Integer({ minimum: 1 }),
    acknowledgeTimeoutMs: Type.Number(),
    model: Model,
    clock: ClockNow,
    notice: Type.String(),
  },
  strict,
);
export type DisplayWelcome = Static<typeof DisplayWelcome>;

/** A stream changed state. */
export const StreamMessage = Type.Object(
  { type: Type.Literal('stream'), info: StreamInfo },
  strict,
);
export type StreamMessage = Static<typeof StreamMessage>;

/** Why a frame is not `ok`: a code, words, and where in the message. */
export const VerdictReason = Type.Object(
  {
    code: Type.String(),
    message: Type.String(),
    field: Type.Optional(Type.String()),
    offsetBytes: Type.Optional(Type.Integer()),
    expected: Type.Optional(Type.String()),
    received: Type.Optional(Type.String()),
  },
  strict,
);
export type VerdictReason = Static<typeof VerdictReason>;

const Verdict = Type.Union([
  Type.Literal('ok'),
  Type.Literal('superseded'),
  Type.Literal('expired'),
  Type.Literal('invalid'),
  Type.Literal('failed'),
]);

/**
 * What became of one offered frame. Identity is null where the header could not be read. `credits`
 * is how many frames the cart may send in addition because of this verdict (normally 1).
 */
export const VerdictMessage = Type.Object(
  {
    type: Type.Literal('verdict'),
    epoch: Type.Union([Type.Integer(), Type.Null()]),
    frameId: Type.Union([Type.Integer(), Type.Null()]),
    verdict: Verdict,
    reason: Type.Optional(VerdictReason),
    credits: Type.Integer({ minimum: 0 }),
  },
  strict,
);
export type VerdictMessage = Static<typeof VerdictMessage>;

/** Advice to a cart whose frames are superseded for seconds. */
export const RateMessage = Type.Object(
  {
    type: Type.Literal('rate'),
    suggestedFps: Type.Number({ exclusiveMinimum: 0 }),
    maxWidthPx: Type.Integer({ minimum: 1 }),
    formats: Type.Array(Format),
    reason: Type.String(),
  },
  strict,
);
export type RateMessage = Static<typeof RateMessage>;

/**
 * A display acknowledges an overlay (or, with `what: "frame"`, a relayed frame) once it handled it;
 * everything older counts as acknowledged too. Without `epoch` the newest sent one is meant.
 */
export const Acknowledgement = Type.Object(
  {
    type: Type.Literal('ack'),
    frameId: Type.Integer({ minimum: 0 }),
    epoch: Type.Optional(Type.Integer({ minimum: 0 })),
    what: Type.Optional(Type.Union([Type.Literal('overlay'), Type.Literal('frame')])),
  },
  strict,
);
export type Acknowledgement = Static<typeof Acknowledgement>;

/** Asks for the other side's time; either side may ask. `t0Us`: sender's clock when sent. */
export const ClockRequest = Type.Object({ type: Type.Literal('clock'), t0Us: Micros }, strict);
export type ClockRequest = Static<typeof ClockRequest>;

/** Answer: `t1Us` when the request arrived, `t2Us` when this was sent (answerer's clock). */
export const ClockReply = Type.Object(
  { type: Type.Literal('clock-reply'), t0Us: Micros, t1Us: Micros, t2Us: Micros },
  strict,
);
export type ClockReply = Static<typeof ClockReply>;

/** Said before a socket closes on purpose. null = do not come back by yourself. */
export const Bye = Type.Object(
  {
    type: Type.Literal('bye'),
    reason: Type.String(),
    reconnectAfterMs: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
  },
  strict,
);
export type Bye = Static<typeof Bye>;

/** Said before a socket closes because of an error. */
export const ErrorMessage = Type.Object(
  {
    type: Type.Literal('error'),
    code: Type.String(),
    message: Type.String(),
    details: Type.Record(
      Type.String(),
      Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
    ),
  },
  strict,
);
export type ErrorMessage = Static<typeof ErrorMessage>;
