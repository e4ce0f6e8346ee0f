import type { DataSet } from 'dicom-parser';
import { headerError, TAG, uint16Of } from './dicom-elements.js';

/** Colours of the 256 possible pixel values: three bytes each. */
export type DicomPalette = Uint8Array;

const VALUES = 256;
const NAME = 'the palette (0028,1101 to 0028,1203)';

/**
 * Reads the three lookup tables of PALETTE COLOR (PS3.3 C.7.6.3.1.5). Values before the first and
 * behind the last entry take the colour of that entry.
 *
 * Some writers say 16 bits and store 8: tables without any value above 255 are taken as they are.
 *
 * @throws EcholineError ECHOLINE_CLIP_HEADER when a table is missing, segmented, or its length lies
 */
export function readDicomPalette(name: string, dataSet: DataSet): DicomPalette {
  const tables = TAG.paletteDescriptors.map((descriptor, channel) =>
    readTable(name, dataSet, descriptor, TAG.paletteData[channel] ?? ''),
  );
  const most = tables.reduce((high, { entries }) => Math.max(high, ...entries), 0);
  const palette = new Uint8Array(3 * VALUES);
  for (const [channel, { entries, first }] of tables.entries()) {
    for (let value = 0; value < VALUES; value++) {
      const at = Math.min(Math.max(value - first, 0), entries.length - 1);
      const entry = entries[at] ?? 0;
      palette[3 * value + channel] = most > 255 ? entry >> 8 : entry;
    }
  }
  return palette;
}

/** Whether all colours of a palette are gray. */
export function isGrayPalette(palette: DicomPalette): boolean {
  for (let at = 0; at < palette.length; at += 3) {
    if (palette[at] !== palette[at + 1] || palette[at] !== palette[at + 2]) return false;
  }
  return true;
}

function readTable(name: string, dataSet: DataSet, descriptor: string, data: string) {
  const stated = uint16Of(dataSet, descriptor, 0);
  const first = uint16Of(dataSet, descriptor, 1);
  const bits = uint16Of(dataSet, descriptor, 2);
  const element = dataSet.elements[data];
  if (stated === null || first === null || (bits !== 8 && bits !== 16)) {
    throw headerError(name, NAME, 'descriptors of three numbers, with 8 or 16 bits an entry');
  }
  if (element === undefined) {
    throw headerError(name, NAME, 'a plain lookup table for red, green and blue');
  }
  // More than 256 entries cannot be reached by 8-bit pixels.
  const count = stated === 0 ? 65_536 : stated;
  const isPacked = bits === 8 && element.length < 2 * count;
  if (element.length < (isPacked ? count : 2 * count)) {
    throw headerError(name, NAME, `${count} entries a table`, `${element.length} bytes`);
  }
  const entries = Array.from({ length: Math.min(count, VALUES) }, (_, index) =>
    isPacked
      ? (dataSet.byteArray[element.dataOffset + index] ?? 0)
      : (uint16Of(dataSet, data, index) ?? 0),
  );
  return { entries, first };
}
