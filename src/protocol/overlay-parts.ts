import Type from 'typebox';

/** What the schemas of an overlay are made of: the same few shapes everywhere. */
export const strict = { additionalProperties: false } as const;

/** Any number but NaN and infinities. */
export const Finite = Type.Number();
/** A whole number from 0 that JSON carries exactly. */
export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** 0 to 1. */
export const Probability = Type.Number({ minimum: 0, maximum: 1 });
/** Image pixels. */
export const Point = Type.Object({ xPx: Finite, yPx: Finite }, strict);
/** Directed, image pixels. */
export const Segment = Type.Object({ from: Point, to: Point }, strict);

/** One of a few words. */
export function oneOf<const T extends string[]>(...names: T) {
  return Type.Enum<T>(names);
}

/** A value, or null where it is not known. */
export function orNull<T extends Type.TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}
