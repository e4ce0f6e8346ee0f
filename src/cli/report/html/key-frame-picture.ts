import sharp from 'sharp';
import type { Frame } from '../../../domain/frame.js';
import type { Overlay } from '../../../domain/overlay.js';
import type { Structure } from '../../../domain/structure.js';
import { isProtected } from '../../../pipeline/guide/protection.js';
import { rawImage } from '../../../publish/raw-image.js';
import { escapeHtml } from '../../html/escape.js';
import { cross, dashedLine, label, outline, ring } from '../../html/picture-marks.js';
import type { KeyFrame } from '../key-frames.js';

const SIDE_PX = 420;
const NEEDLE = '#ff8c1a';
const TARGET = '#3ddc62';
/** Yellow: must not be entered. Blue: any other structure. */
const PROTECTED = '#f0e442';
const OTHER = '#7fd0ff';

/**
 * One key frame as a figure: the picture as the cart sent it, and over it what the displays were
 * told about it.
 *
 * @param frame - null where the recording left it out: the marks then stand on black
 * @param when - in words
 */
export async function keyFramePicture(
  { reasons, overlay }: KeyFrame,
  frame: Frame | null,
  when: string,
): Promise<string> {
  const { widthPx, heightPx } = overlay.image;
  const picture = frame === null ? '' : await imageElement(frame);
  const title = reasons.join(', ');
  const words = `${when}; ${needleWords(overlay)}${frame === null ? '; picture not recorded' : ''}`;
  return (
    `<figure class="frame"><svg viewBox="0 0 ${widthPx} ${heightPx}" role="img" ` +
    `aria-label="${escapeHtml(`${title}: ${words}`)}">${picture}${marks(overlay)}</svg>` +
    `<figcaption><b>${escapeHtml(title)}</b><br>${escapeHtml(words)}</figcaption></figure>`
  );
}

async function imageElement(frame: Frame): Promise<string> {
  const isRaw = frame.format !== 'jpeg' && frame.format !== 'png';
  const image = isRaw ? rawImage(frame) : sharp(frame.payload);
  const jpeg = await image
    .resize(SIDE_PX, SIDE_PX, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 85 })
    .toBuffer();
  const { widthPx, heightPx } = frame;
  return (
    `<image width="${widthPx}" height="${heightPx}" preserveAspectRatio="none" ` +
    `href="data:image/jpeg;base64,${jpeg.toString('base64')}"/>`
  );
}

function marks({ image, structures, needle, guidance }: Overlay): string {
  const unit = Math.max(image.widthPx, image.heightPx) / SIDE_PX;
  const { target, trajectory } = guidance;
  return [
    ...structures.flatMap((structure) => structureMarks(structure, unit)),
    trajectory === null ? '' : dashedLine(trajectory.segment, NEEDLE, 0.6 * unit),
    needle.shaft === null ? '' : dashedLine(needle.shaft, NEEDLE, 1.4 * unit),
    needle.tip === null ? '' : ring(needle.tip, needle.radius90Px, NEEDLE, 1.5 * unit),
    target === null || target.point === null
      ? ''
      : cross(target.point, TARGET, 1.2 * unit, target.state !== 'held'),
  ].join('');
}

function structureMarks(structure: Structure, unit: number): readonly string[] {
  const { contour } = structure;
  const colour = isProtected(structure) ? PROTECTED : OTHER;
  const drawn = outline(contour, colour, 1.6 * unit);
  // Muscle is everywhere: its name would only cover what matters.
  if (structure.class === 'muscle') return [drawn];
  const top = contour.reduce((highest, point) => (point.yPx < highest.yPx ? point : highest));
  const at = { xPx: top.xPx, yPx: Math.max(top.yPx - 3 * unit, 10 * unit) };
  return [drawn, label(at, structure.class, colour, unit)];
}

function needleWords({ needle, guidance }: Overlay): string {
  const { nearest } = guidance;
  const state = needle.state.replaceAll('-', ' ');
  if (nearest === null) return state;
  const { structureClass, clearanceMm, lowerBoundMm } = nearest;
  return `${state}, ${structureClass} ${mm(clearanceMm)} (at least ${mm(lowerBoundMm)})`;
}

function mm(value: number): string {
  return `${value.toFixed(1)} mm`;
}
