import type { PointPx, SegmentPx } from '../../domain/geometry.js';
import { escapeHtml } from './escape.js';

/**
 * Marks over a picture, as SVG in image pixels. `unit` is one pixel of the page in image pixels, so
 * that marks are equally strong over small and large images.
 */
export function dashedLine({ from, to }: SegmentPx, colour: string, unit: number): string {
  const dash = `${n(4 * unit)} ${n(4 * unit)}`;
  return (
    `<line x1="${n(from.xPx)}" y1="${n(from.yPx)}" x2="${n(to.xPx)}" y2="${n(to.yPx)}" ` +
    `stroke="${colour}" stroke-width="${n(unit)}" stroke-dasharray="${dash}"/>`
  );
}

/** A cross; broken for something that is there and cannot be seen. */
export function cross(
  { xPx, yPx }: PointPx,
  colour: string,
  unit: number,
  isBroken: boolean,
): string {
  const reach = 6 * unit;
  const dash = isBroken ? ` stroke-dasharray="${n(2 * unit)}"` : '';
  return (
    `<path d="M${n(xPx - reach)} ${n(yPx)}H${n(xPx + reach)}M${n(xPx)} ${n(yPx - reach)}` +
    `V${n(yPx + reach)}" stroke="${colour}" stroke-width="${n(1.6 * unit)}" fill="none"${dash}/>`
  );
}

/** A ring of that radius, at least of 3 page pixels. */
export function ring(
  { xPx, yPx }: PointPx,
  radiusPx: number | null,
  colour: string,
  unit: number,
): string {
  const radius = Math.max(3 * unit, radiusPx ?? 0);
  return (
    `<circle cx="${n(xPx)}" cy="${n(yPx)}" r="${n(radius)}" fill="none" stroke="${colour}" ` +
    `stroke-width="${n(1.6 * unit)}"/>`
  );
}

/** A closed outline, never filled: what is inside is what one looks at. */
export function outline(contour: readonly PointPx[], colour: string, unit: number): string {
  const points = contour.map(({ xPx, yPx }) => `${n(xPx)},${n(yPx)}`).join(' ');
  const width = n(0.7 * unit);
  return `<polygon points="${points}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
}

/** A word in the picture, with a dark edge that keeps it legible over bright tissue. */
export function label({ xPx, yPx }: PointPx, text: string, colour: string, unit: number): string {
  return (
    `<text x="${n(xPx)}" y="${n(yPx)}" text-anchor="middle" style="font-size:${n(11 * unit)}px;` +
    `fill:${colour};stroke:#000;stroke-width:${n(2 * unit)}px;paint-order:stroke">` +
    `${escapeHtml(text)}</text>`
  );
}

function n(value: number): string {
  return String(Number(value.toFixed(1)));
}
