import sharp from 'sharp';
import type { PointPx, SegmentPx } from '../../../domain/geometry.js';
import type { KeptFrame } from '../frame-gallery.js';
import { escapeHtml } from './escape.js';

const SIDE_PX = 256;

/**
 * One kept frame as a figure: a PNG inside of the page, and drawn over it in green what is true and
 * in orange what was stated (ring = 90 % radius, thin lines = structures).
 */
export async function framePicture({ category, scored }: KeptFrame): Promise<string> {
  const { frame, needle: truth } = scored.truth;
  const { needle, structures } = scored.findings;
  const raw = { width: frame.widthPx, height: frame.heightPx, channels: 1 } as const;
  const png = await sharp(frame.payload, { raw })
    .resize(SIDE_PX, SIDE_PX, { fit: 'inside' })
    .png({ compressionLevel: 9, palette: true, colours: 64 })
    .toBuffer();
  const { widthPx, heightPx } = frame;
  const trueShaft = truth.kind === 'visible' || truth.kind === 'hidden' ? truth.shaft : null;
  const trueTip = truth.kind === 'visible' || truth.kind === 'hidden' ? truth.tip : null;
  const unit = widthPx / SIDE_PX;
  const drawn = [
    ...structures.map(({ contour }) => outline(contour, unit)),
    trueShaft === null ? '' : line(trueShaft, '#3ddc62', unit),
    trueTip === null ? '' : cross(trueTip, '#3ddc62', unit, truth.kind === 'hidden'),
    needle.shaft === null ? '' : line(needle.shaft, '#ff8c1a', unit),
    needle.tip === null ? '' : ring(needle.tip, needle.radius90Px, unit),
  ];
  const words = captionOf(scored);
  return (
    `<figure class="frame"><svg viewBox="0 0 ${widthPx} ${heightPx}" role="img" ` +
    `aria-label="${escapeHtml(`${category}: ${words}`)}">` +
    `<image width="${widthPx}" height="${heightPx}" ` +
    `href="data:image/png;base64,${png.toString('base64')}"/>${drawn.join('')}</svg>` +
    `<figcaption><b>${escapeHtml(category)}</b><br>${escapeHtml(words)}</figcaption></figure>`
  );
}

function captionOf({ sequence, truth, findings, score }: KeptFrame['scored']): string {
  const { state, confidence } = findings.needle;
  const error = score.tipErrorMm ?? score.hiddenTipErrorMm;
  return [
    `${sequence.block ?? ''}, frame ${truth.frame.frameId}`,
    ...sequence.strata.slice(0, 3),
    `stated: ${state}, ${Math.round(100 * confidence)} %`,
    ...(error === null ? [] : [`${error.toFixed(1)} mm off`]),
  ].join('; ');
}

function line({ from, to }: SegmentPx, colour: string, unit: number): string {
  const dash = `${n(4 * unit)} ${n(4 * unit)}`;
  return (
    `<line x1="${n(from.xPx)}" y1="${n(from.yPx)}" x2="${n(to.xPx)}" y2="${n(to.yPx)}" ` +
    `stroke="${colour}" stroke-width="${n(unit)}" stroke-dasharray="${dash}"/>`
  );
}

function cross({ xPx, yPx }: PointPx, colour: string, unit: number, isHidden: boolean): string {
  const reach = 6 * unit;
  const dash = isHidden ? ` stroke-dasharray="${n(2 * unit)}"` : '';
  return (
    `<path d="M${n(xPx - reach)} ${n(yPx)}H${n(xPx + reach)}M${n(xPx)} ${n(yPx - reach)}` +
    `V${n(yPx + reach)}" stroke="${colour}" stroke-width="${n(1.6 * unit)}" fill="none"${dash}/>`
  );
}

function ring({ xPx, yPx }: PointPx, radiusPx: number | null, unit: number): string {
  const radius = Math.max(3 * unit, radiusPx ?? 0);
  return (
    `<circle cx="${n(xPx)}" cy="${n(yPx)}" r="${n(radius)}" fill="none" stroke="#ff8c1a" ` +
    `stroke-width="${n(1.6 * unit)}"/>`
  );
}

function outline(contour: readonly PointPx[], unit: number): string {
  const points = contour.map(({ xPx, yPx }) => `${n(xPx)},${n(yPx)}`).join(' ');
  const width = n(0.7 * unit);
  return `<polygon points="${points}" fill="none" stroke="#7fd0ff" stroke-width="${width}"/>`;
}

function n(value: number): string {
  return String(Number(value.toFixed(1)));
}
