import type { Orientation } from '../domain/frame.js';
import type { Spacing } from '../domain/spacing.js';
import { type DrawingContext, strokeCased, textWidth, writeCased } from './drawing-context.js';
import { type Viewport, visibleRect } from './viewport.js';

const SCALE_COLOUR = '#C7D0D9';
const MARKER_COLOUR = '#7FE0B0';
/** A mirrored image is easily forgotten: its words are louder. */
const MIRRORED_COLOUR = '#FFC247';

/**
 * Where the probe's marked side lies on the screen. Orientation is PLUS's: first letter, where +x
 * points (M = marked side); second letter, whether +y points away from the transducer (F) or to it.
 */
interface MarkerPlace {
  readonly side: 'left' | 'right';
  readonly edge: 'top' | 'bottom';
}

/** Place of the marker; null when the orientation is unknown, and then the display says so. */
function markerPlace(orientation: Orientation, isMirrored: boolean): MarkerPlace | null {
  if (orientation === 'unknown') return null;
  const isRight = (orientation === 'MF' || orientation === 'MN') !== isMirrored;
  const isTop = orientation === 'MF' || orientation === 'UF';
  return { side: isRight ? 'right' : 'left', edge: isTop ? 'top' : 'bottom' };
}

/** The marker's words and how they are written, device pixels. */
interface MarkerWords {
  readonly words: string;
  readonly size: number;
  readonly align: 'left' | 'right';
  readonly x: number;
  readonly y: number;
}

function markerWords(place: MarkerPlace | null, viewport: Viewport): MarkerWords {
  const { unit, isMirrored } = viewport;
  const visible = visibleRect(viewport);
  if (place === null) {
    const words = isMirrored ? 'marker unknown, MIRRORED' : 'marker unknown';
    const y = visible.top - 12 * unit;
    return { words, size: 13 * unit, align: 'left', x: visible.left + 6 * unit, y };
  }
  const isLeft = place.side === 'left';
  return {
    words: isMirrored ? 'marker MIRRORED' : 'marker',
    size: (isMirrored ? 14 : 12) * unit,
    align: isLeft ? 'left' : 'right',
    x: isLeft ? visible.left + 24 * unit : visible.right - 24 * unit,
    y: place.edge === 'top' ? visible.top - 12 * unit : visible.bottom + 12 * unit,
  };
}

/**
 * The stretch that the marker and its words take above the picture, device pixels; null where it
 * stands below.
 */
export function markerSpanAbove(
  orientation: Orientation,
  viewport: Viewport,
): { readonly from: number; readonly to: number } | null {
  const place = markerPlace(orientation, viewport.isMirrored);
  if (place?.edge === 'bottom') return null;
  const { words, size, align, x } = markerWords(place, viewport);
  const width = textWidth(words, size);
  const dot = place === null ? 0 : 18 * viewport.unit;
  return align === 'left' ? { from: x - dot, to: x + width } : { from: x - width, to: x + dot };
}

/**
 * Draws the probe marker at the transducer's edge of the image, on the marked side; or the words
 * "marker unknown" where scanners put it. A mirrored image says MIRRORED beside it.
 */
export function drawMarker(
  context: DrawingContext,
  orientation: Orientation,
  viewport: Viewport,
): void {
  const { unit, isMirrored } = viewport;
  const place = markerPlace(orientation, isMirrored);
  const { words, size, align, x, y } = markerWords(place, viewport);
  context.globalAlpha = 1;
  if (place !== null) {
    context.beginPath();
    context.arc(x + (align === 'left' ? -12 : 12) * unit, y, 6 * unit, 0, 2 * Math.PI);
    context.fillStyle = MARKER_COLOUR;
    context.fill();
  }
  writeCased(context, words, x, y, {
    colour: isMirrored ? MIRRORED_COLOUR : MARKER_COLOUR,
    size,
    weight: isMirrored ? 700 : 600,
    align,
    baseline: 'middle',
  });
}

/**
 * Draws a millimetre ruler beside the image. It is a scale, not a depth: where the transducer's
 * face lies in the image is not known here, so only the distance between ticks is labelled. Not
 * called at all while the spacing is unknown.
 */
export function drawRuler(context: DrawingContext, spacing: Spacing, viewport: Viewport): void {
  const { unit } = viewport;
  const visible = visibleRect(viewport);
  const devicePxPerMm = viewport.scaleY / spacing.yMm;
  const stepMm = rulerStepMm(devicePxPerMm / unit);
  const step = stepMm * devicePxPerMm;
  const x = visible.left - 8 * unit;
  const count = Math.floor((visible.bottom - visible.top) / step + 1e-9);
  context.globalAlpha = 1;
  context.beginPath();
  context.moveTo(x, visible.top);
  context.lineTo(x, visible.top + count * step);
  for (let index = 0; index <= count; index += 1) {
    const y = visible.top + index * step;
    const isMajor = index % 5 === 0;
    context.moveTo(x - (isMajor ? 10 : 5) * unit, y);
    context.lineTo(x, y);
  }
  strokeCased(context, { colour: SCALE_COLOUR, width: unit, dash: [], casing: 0.5 * unit });
  if (count < 5) return;
  writeCased(context, `${stepMm * 5}`, x - 12 * unit, visible.top + 2.5 * step - 7 * unit, {
    colour: SCALE_COLOUR,
    size: 13 * unit,
    weight: 600,
    align: 'right',
    baseline: 'middle',
  });
  writeCased(context, 'mm', x - 12 * unit, visible.top + 2.5 * step + 7 * unit, {
    colour: SCALE_COLOUR,
    size: 12 * unit,
    weight: 400,
    align: 'right',
    baseline: 'middle',
  });
}

/** Millimetres between ticks, so that ticks are at least 5 CSS pixels apart. */
function rulerStepMm(cssPxPerMm: number): number {
  return [0.2, 1, 2, 10, 20].find((stepMm) => stepMm * cssPxPerMm >= 5) ?? 100;
}
