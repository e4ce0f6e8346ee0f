import type { PointPx } from '../domain/geometry.js';
import type { FrameFindings } from '../domain/overlay.js';
import type { Structure } from '../domain/structure.js';

/** Parts of a pixel that outlines are written in: finer than any network sees. */
const PARTS = 100;
/** Above, hundredths of a pixel are no small integers to V8 any more; no image is as large. */
const SIMPLE_MAX = 1e6;

/**
 * Writes findings as JSON. Outlines are nearly all of it, and most digits of theirs say nothing:
 * their coordinates are rounded to 0.01 px and written by hand, in a third of the time that
 * `JSON.stringify` takes (docs/performance.md). All else is written as it is.
 */
export function findingsJson({ structures, ...rest }: FrameFindings): string {
  return `{"structures":[${structures.map(structureJson).join()}],${JSON.stringify(rest).slice(1)}`;
}

function structureJson({ contour, ...rest }: Structure): string {
  return `{"contour":[${contourJson(contour)}],${JSON.stringify(rest).slice(1)}`;
}

function contourJson(contour: readonly PointPx[]): string {
  let json = '';
  for (const { xPx, yPx } of contour) {
    json += `${json === '' ? '' : ','}{"xPx":${hundredths(xPx)},"yPx":${hundredths(yPx)}}`;
  }
  return json;
}

/** A finite number rounded to hundredths, as JSON; the same as of `Math.round(100 x) / 100`. */
export function hundredths(x: number): string {
  const parts = Math.round(x * PARTS);
  if (!(parts >= 0 && parts < SIMPLE_MAX * PARTS)) return JSON.stringify(parts / PARTS);
  const whole = Math.trunc(parts / PARTS);
  const rest = parts - whole * PARTS;
  if (rest === 0) return `${whole}`;
  if (rest % 10 === 0) return `${whole}.${rest / 10}`;
  return rest < 10 ? `${whole}.0${rest}` : `${whole}.${rest}`;
}
