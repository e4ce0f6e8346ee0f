import sharp from 'sharp';
import { escapeHtml } from '../../html/escape.js';
import { cross, dashedLine, outline, ring } from '../../html/picture-marks.js';
import type { KeptFrame } from '../frame-gallery.js';

const SIDE_PX = 256;
const TRUE = '#3ddc62';
const STATED = '#ff8c1a';
const STRUCTURES = '#7fd0ff';

/** One kept frame as a figure of a page: the drawing and what it shows. */
export async function framePicture(frame: KeptFrame): Promise<string> {
  const { category, scored } = frame;
  const words = captionOf(scored);
  const label = `role="img" aria-label="${escapeHtml(`${category}: ${words}`)}"`;
  return (
    `<figure class="frame">${await frameDrawing(frame, label)}` +
    `<figcaption><b>${escapeHtml(category)}</b><br>${escapeHtml(words)}</figcaption></figure>`
  );
}

/**
 * One kept frame as SVG: a PNG inside of it, and drawn over that in green what is true and in
 * orange what was stated (ring = 90 % radius, thin lines = structures).
 *
 * @param attributes - more of the SVG element's
 */
export async function frameDrawing({ scored }: KeptFrame, attributes: string): Promise<string> {
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
    ...structures.map(({ contour }) => outline(contour, STRUCTURES, unit)),
    trueShaft === null ? '' : dashedLine(trueShaft, TRUE, unit),
    trueTip === null ? '' : cross(trueTip, TRUE, unit, truth.kind === 'hidden'),
    needle.shaft === null ? '' : dashedLine(needle.shaft, STATED, unit),
    needle.tip === null ? '' : ring(needle.tip, needle.radius90Px, STATED, unit),
  ];
  return (
    `<svg viewBox="0 0 ${widthPx} ${heightPx}" ${attributes}>` +
    `<image width="${widthPx}" height="${heightPx}" ` +
    `href="data:image/png;base64,${png.toString('base64')}"/>${drawn.join('')}</svg>`
  );
}

/** Which frame it is, what was stated on it, and how far off that is. */
export function captionOf({ sequence, truth, findings, score }: KeptFrame['scored']): string {
  const { state, confidence } = findings.needle;
  const error = score.tipErrorMm ?? score.hiddenTipErrorMm;
  return [
    `${sequence.block ?? ''}, frame ${truth.frame.frameId}`,
    ...sequence.strata.slice(0, 3),
    `stated: ${state}, ${Math.round(100 * confidence)} %`,
    ...(error === null ? [] : [`${error.toFixed(1)} mm off`]),
  ].join('; ');
}
