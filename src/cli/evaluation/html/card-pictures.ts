import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { KeptFrame } from '../frame-gallery.js';
import { captionOf, frameDrawing } from './frame-picture.js';

/** Side of one picture and the white between two, px. */
const SIDE_PX = 240;
const GAP_PX = 4;
/** What SVG outside of a page has to say. */
const STANDS_ALONE = 'xmlns="http://www.w3.org/2000/svg"';

/**
 * Writes the good and the bad frames as `good.png` and `bad.png`, in two rows each, as in the
 * report and without words, which a card's own text gives.
 *
 * @returns what is shown: a line for each file, and one for each of its pictures, row by row
 */
export async function writeCardPictures(
  directory: string,
  kept: readonly KeptFrame[],
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [name, isWanted] of [
    ['good.png', true],
    ['bad.png', false],
  ] as const) {
    const shown = kept.filter(({ isGood }) => isGood === isWanted);
    if (shown.length === 0) {
      lines.push(`${name}: no such frame`);
      continue;
    }
    const path = join(directory, name);
    await writeFile(path, await sheetOf(shown));
    lines.push(`${path}: ${shown.length} pictures`);
    for (const { category, scored } of shown) lines.push(`  ${category}: ${captionOf(scored)}`);
  }
  return lines;
}

/** A PNG with two rows of pictures. */
async function sheetOf(shown: readonly KeptFrame[]): Promise<Buffer> {
  // Decode reads JPEG and PNG from carts and nothing else; these drawings are our own.
  sharp.unblock({ operation: ['VipsForeignLoadSvgBuffer'] });
  const columns = Math.ceil(shown.length / 2);
  const rows = Math.ceil(shown.length / columns);
  const pitch = SIDE_PX + GAP_PX;
  const pictures = await Promise.all(
    shown.map(async (frame, index) => ({
      input: await sharp(Buffer.from(await frameDrawing(frame, STANDS_ALONE)))
        .resize(SIDE_PX, SIDE_PX, { fit: 'contain', background: 'black' })
        .png()
        .toBuffer(),
      left: (index % columns) * pitch,
      top: Math.floor(index / columns) * pitch,
    })),
  );
  const width = columns * pitch - GAP_PX;
  const height = rows * pitch - GAP_PX;
  return sharp({ create: { width, height, channels: 3, background: 'white' } })
    .composite(pictures)
    .png({ compressionLevel: 9, palette: true })
    .toBuffer();
}
