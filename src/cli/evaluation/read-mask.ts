import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { EcholineError } from '../../domain/errors.js';
import type { LabelClass, LabelMap } from '../../domain/ground-truth.js';
import type { Palette } from './palette.js';

/**
 * Reads a mask image as a label map of the size of the image that it belongs to.
 *
 * @throws EcholineError ECHOLINE_CLIP_DATA when it cannot be decoded or has another shape
 */
export async function readMask(
  path: string,
  palette: Palette,
  size: { readonly widthPx: number; readonly heightPx: number },
): Promise<LabelMap> {
  const file = await readFile(path);
  const { data, info } = await decodeRgb(path, file);
  if (info.width !== size.widthPx || info.height !== size.heightPx) {
    throw new EcholineError(
      'ECHOLINE_CLIP_DATA',
      `${path} is ${info.width} x ${info.height}, its image is ${size.widthPx} x ` +
        `${size.heightPx}. Masks need the size of their images.`,
    );
  }
  const { classes, colours } = coloursOf(palette, pngPalette(file));
  const labels = new Uint8Array(size.widthPx * size.heightPx);
  for (let i = 0; i < labels.length; i++) {
    const colour =
      ((data[i * 3] ?? 0) << 16) | ((data[i * 3 + 1] ?? 0) << 8) | (data[i * 3 + 2] ?? 0);
    labels[i] = colours.get(colour) ?? 0;
  }
  return { ...size, classes, data: labels };
}

async function decodeRgb(path: string, file: Buffer) {
  try {
    const image = sharp(file).flatten({ background: '#000' }).toColourspace('srgb').removeAlpha();
    return await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new EcholineError('ECHOLINE_CLIP_DATA', `${path}: ${words}.`, {}, { cause });
  }
}

/** From 0xRRGGBB to an index into `classes`, where 0 is the background. */
function coloursOf(palette: Palette, ownColours: readonly number[] | null) {
  const classes: LabelClass[] = ['background'];
  const colours = new Map<number, number>();
  const add = (colour: number, name: LabelClass) => {
    if (!classes.includes(name)) classes.push(name);
    colours.set(colour, classes.indexOf(name));
  };
  for (const [value, name] of palette.byValue) {
    const gray = (value << 16) | (value << 8) | value;
    const colour = ownColours === null ? gray : ownColours[value];
    if (colour !== undefined) add(colour, name);
  }
  for (const [colour, name] of palette.byColour) add(colour, name);
  return { classes, colours };
}

/**
 * Colours of an indexed PNG by index (its PLTE chunk), null for any other image: the decoder hands
 * out colours, and people write down indices.
 */
export function pngPalette(file: Buffer): readonly number[] | null {
  const headerBytes = 8;
  const colourType = file[25];
  if (file.toString('latin1', 1, 4) !== 'PNG' || colourType !== 3) return null;
  for (let at = headerBytes; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'PLTE') {
      const end = Math.min(at + 8 + length, file.length - 2);
      const colours: number[] = [];
      for (let i = at + 8; i < end; i += 3) colours.push(file.readUIntBE(i, 3));
      return colours;
    }
    at += 12 + length;
  }
  return null;
}
