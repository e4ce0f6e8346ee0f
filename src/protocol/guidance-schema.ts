import Type from 'typebox';
import { ADVISORY_KINDS, ADVISORY_PRIORITIES } from '../domain/advisory.js';
import { GUIDANCE_REASONS } from '../domain/guidance.js';
import { STRUCTURE_CLASSES } from '../domain/structure.js';
import { Count, Finite, oneOf, orNull, Point, Segment, strict } from './overlay-parts.js';

const Reason = Type.Enum([...GUIDANCE_REASONS]);
const Class = Type.Enum([...STRUCTURE_CLASSES]);
const PointMm = Type.Object({ xMm: Finite, yMm: Finite }, strict);
const PointWorldMm = Type.Object({ xMm: Finite, yMm: Finite, zMm: Finite }, strict);

const Clearance = Type.Object(
  {
    structureId: orNull(Count),
    structureClass: Class,
    clearanceMm: orNull(Finite),
    lowerBoundMm: orNull(Finite),
    trajectoryClearanceMm: orNull(Finite),
    trajectoryLowerBoundMm: orNull(Finite),
    reason: orNull(Reason),
  },
  strict,
);

const Nearest = Type.Object(
  { structureId: Count, structureClass: Class, clearanceMm: Finite, lowerBoundMm: Finite },
  strict,
);

const TipPosition = Type.Object(
  {
    image: PointMm,
    world: orNull(PointWorldMm),
    depthMm: Finite,
    depthFrom: oneOf('face', 'arc', 'image-edge'),
  },
  strict,
);

const Insertion = Type.Object(
  {
    angleDeg: orNull(Finite),
    headingDeg: orNull(Finite),
    speedMmPerS: orNull(Finite),
    entry: orNull(Point),
  },
  strict,
);

const Target = Type.Object(
  {
    state: oneOf('held', 'moved', 'lost'),
    point: orNull(Point),
    toleranceMm: Finite,
    distanceMm: orNull(Finite),
    upperBoundMm: orNull(Finite),
    angleErrorDeg: orNull(Finite),
    reason: orNull(Reason),
  },
  strict,
);

const Meeting = Type.Object(
  {
    kind: oneOf('target', 'structure'),
    structureId: orNull(Count),
    structureClass: orNull(Class),
    point: Point,
    distanceMm: orNull(Finite),
  },
  strict,
);

const Advisory = Type.Object(
  {
    kind: Type.Enum([...ADVISORY_KINDS]),
    priority: Type.Enum([...ADVISORY_PRIORITIES]),
    text: Type.String(),
    structureId: orNull(Count),
    structureClass: orNull(Class),
    sinceUs: Count,
    isSilenced: Type.Boolean(),
  },
  strict,
);

/** `domain/guidance.ts` as it travels inside an overlay. */
export const GuidanceSchema = Type.Object(
  {
    validity: oneOf('valid', 'degraded', 'unavailable'),
    reasons: Type.Array(Reason),
    unseen: Type.Array(Class),
    clearances: Type.Array(Clearance),
    nearest: orNull(Nearest),
    tip: orNull(TipPosition),
    insertion: orNull(Insertion),
    target: orNull(Target),
    trajectory: orNull(Type.Object({ segment: Segment, meets: orNull(Meeting) }, strict)),
    advisories: Type.Array(Advisory),
  },
  strict,
);
