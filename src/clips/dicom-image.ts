import type { DataSet } from 'dicom-parser';
import { EcholineError } from '../domain/errors.js';
import { CLIP_SIDE_MAX_PX, IMAGE_FILE_BYTES_MAX } from './clip-limits.js';
import {
  codeOf,
  type DicomElements,
  decimalsOf,
  headerError,
  TAG,
  uidOf,
  uint16Of,
  unreadableSyntax,
} from './dicom-elements.js';
import { type DicomPalette, readDicomPalette } from './dicom-palette.js';

/** How the pixels are packed. */
export type DicomCompression = 'none' | 'rle' | 'jpeg';

/** What the samples mean. */
export type DicomColour =
  | 'MONOCHROME1'
  | 'MONOCHROME2'
  | 'RGB'
  | ColourDifference
  | 'PALETTE COLOR';
type ColourDifference = 'YBR_FULL' | 'YBR_FULL_422';

/** Shape of the pixels of an ultrasound file; 8 bits a sample. */
export interface DicomImage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameCount: number;
  readonly compression: DicomCompression;
  readonly colour: DicomColour;
  readonly samples: 1 | 3;
  /** Uncompressed samples lie plane after plane, not pixel after pixel. */
  readonly isPlanar: boolean;
  readonly palette: DicomPalette | null;
  readonly mayCarryText: boolean;
}

const SAMPLES: Readonly<Record<DicomColour, 1 | 3>> = {
  MONOCHROME1: 1,
  MONOCHROME2: 1,
  'PALETTE COLOR': 1,
  RGB: 3,
  YBR_FULL: 3,
  YBR_FULL_422: 3,
};

const READABLE_SYNTAXES: Readonly<Record<string, DicomCompression>> = {
  '1.2.840.10008.1.2': 'none',
  '1.2.840.10008.1.2.1': 'none',
  '1.2.840.10008.1.2.5': 'rle',
  '1.2.840.10008.1.2.4.50': 'jpeg',
};

/** Others that scanners and archives write, and what turns them into a readable one. */
const OTHER_SYNTAXES: readonly (readonly [RegExp, string, string])[] = [
  [/\.4\.(51|57|70)$/, 'JPEG extended or lossless', 'dcmdjpeg'],
  [/\.4\.8[01]$/, 'JPEG-LS', 'dcmdjpls'],
  [/\.4\.9[0123]$/, 'JPEG 2000', 'gdcmconv --raw'],
  [/\.4\.10\d$/, 'an MPEG film', 'gdcmraw (which gives a film)'],
];

const ULTRASOUND = [
  '1.2.840.10008.5.1.4.1.1.6.1',
  '1.2.840.10008.5.1.4.1.1.3.1',
  '1.2.840.10008.5.1.4.1.1.6',
  '1.2.840.10008.5.1.4.1.1.3',
];
const ULTRASOUND_VOLUME = '1.2.840.10008.5.1.4.1.1.6.2';

/**
 * Reads what the pixels are, and refuses what is not ultrasound or cannot be shown truly.
 *
 * @throws EcholineError ECHOLINE_CLIP_UNKNOWN_FORMAT, ECHOLINE_CLIP_EMPTY, ECHOLINE_CLIP_HEADER,
 *   ECHOLINE_CLIP_LIMIT
 */
export function readDicomImage(name: string, elements: DicomElements): DicomImage {
  const { dataSet, transferSyntax } = elements;
  refuseOtherModality(name, dataSet);
  if (dataSet.elements[TAG.pixelData] === undefined) {
    throw new EcholineError(
      'ECHOLINE_CLIP_EMPTY',
      `${name}: expected images, but it has no pixel data (7FE0,0010): a report or measurement, ` +
        'or a file cut off before its pixels. Give a file with images.',
    );
  }
  const compression = READABLE_SYNTAXES[transferSyntax];
  if (compression === undefined) {
    const [, meaning = 'unknown here', command = 'gdcmconv --raw'] =
      OTHER_SYNTAXES.find(([pattern]) => pattern.test(transferSyntax)) ?? [];
    throw unreadableSyntax(name, transferSyntax, meaning, command);
  }
  const size = readSize(name, dataSet);
  const colour = readColour(name, dataSet, compression);
  const isOdd = colour === 'YBR_FULL_422' && compression === 'none' && size.widthPx % 2 === 1;
  if (isOdd) throw headerError(name, 'Columns (0028,0011)', 'an even number for YBR_FULL_422');
  return {
    ...size,
    frameCount: readFrameCount(name, dataSet),
    compression,
    colour,
    samples: SAMPLES[colour],
    isPlanar: uint16Of(dataSet, TAG.planarConfiguration) === 1,
    palette: colour === 'PALETTE COLOR' ? readDicomPalette(name, dataSet) : null,
    mayCarryText: codeOf(dataSet, TAG.burnedInAnnotation) !== 'NO',
  };
}

/** Bytes of one uncompressed frame. */
export function uncompressedFrameBytes(image: DicomImage): number {
  const perPixel = image.colour === 'YBR_FULL_422' ? 2 : image.samples;
  return image.widthPx * image.heightPx * perPixel;
}

function refuseOtherModality(name: string, dataSet: DataSet): void {
  const sopClass = uidOf(dataSet, TAG.sopClass) ?? 'none';
  const modality = codeOf(dataSet, TAG.modality) ?? 'none';
  const isVolume = sopClass === ULTRASOUND_VOLUME;
  if (!isVolume && (ULTRASOUND.includes(sopClass) || modality === 'US')) return;
  const what = isVolume ? 'an ultrasound volume' : `no ultrasound (modality ${modality})`;
  throw new EcholineError(
    'ECHOLINE_CLIP_UNKNOWN_FORMAT',
    `${name}: expected an ultrasound image or clip, this is ${what}, SOP class ${sopClass}. ` +
      'Give a file of modality US.',
    { sopClass, modality },
  );
}

function readSize(name: string, dataSet: DataSet) {
  const widthPx = uint16Of(dataSet, TAG.columns) ?? 0;
  const heightPx = uint16Of(dataSet, TAG.rows) ?? 0;
  if (widthPx < 1 || heightPx < 1) {
    const expected = `numbers from 1 to ${CLIP_SIDE_MAX_PX}`;
    const came = `${heightPx} × ${widthPx}`;
    throw headerError(name, 'Rows and Columns (0028,0010 and 0028,0011)', expected, came);
  }
  // In colour a frame takes four bytes a pixel.
  if (4 * widthPx * heightPx > IMAGE_FILE_BYTES_MAX) {
    throw new EcholineError(
      'ECHOLINE_CLIP_LIMIT',
      `${name}: frames of ${widthPx} × ${heightPx} px are too large; the limit is ` +
        `${IMAGE_FILE_BYTES_MAX / 4} pixels.`,
      { widthPx, heightPx },
    );
  }
  return { widthPx, heightPx };
}

function readColour(name: string, dataSet: DataSet, compression: DicomCompression): DicomColour {
  const text = codeOf(dataSet, TAG.photometric) ?? 'none';
  const colour = (Object.keys(SAMPLES) as DicomColour[]).find((known) => known === text);
  if (colour === undefined || (colour === 'YBR_FULL_422' && compression === 'rle')) {
    const expected = `${Object.keys(SAMPLES).join(', ')} (not YBR_FULL_422 with RLE)`;
    throw headerError(name, 'PhotometricInterpretation (0028,0004)', expected, text);
  }
  const wanted: readonly (readonly [string, string, number, number | null])[] = [
    [TAG.samplesPerPixel, 'SamplesPerPixel (0028,0002)', SAMPLES[colour], null],
    [TAG.bitsAllocated, 'BitsAllocated (0028,0100)', 8, null],
    [TAG.bitsStored, 'BitsStored (0028,0101)', 8, 8],
    [TAG.pixelRepresentation, 'PixelRepresentation (0028,0103)', 0, 0],
  ];
  for (const [tag, element, value, otherwise] of wanted) {
    const came = uint16Of(dataSet, tag) ?? otherwise;
    if (came !== value) throw headerError(name, element, `${value} for ${colour}`, String(came));
  }
  return colour;
}

function readFrameCount(name: string, dataSet: DataSet): number {
  const [count = 1] = decimalsOf(dataSet, TAG.numberOfFrames);
  if (Number.isInteger(count) && count >= 1 && count < 2 ** 31) return count;
  if (count === 0) {
    throw new EcholineError('ECHOLINE_CLIP_EMPTY', `${name}: NumberOfFrames says 0.`);
  }
  throw headerError(name, 'NumberOfFrames (0028,0008)', 'a whole number above 0');
}
