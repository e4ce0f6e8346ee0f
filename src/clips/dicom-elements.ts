import dicomParser, { type DataSet } from 'dicom-parser';
import { EcholineError } from '../domain/errors.js';

/** Tags that are read, and no others: nothing of the patient, the visit or the institution. */
export const TAG = {
  transferSyntax: 'x00020010',
  sopClass: 'x00080016',
  modality: 'x00080060',
  recommendedFrameRate: 'x00082144',
  cineRate: 'x00180040',
  frameTime: 'x00181063',
  frameTimeVector: 'x00181065',
  regions: 'x00186011',
  regionSpatialFormat: 'x00186012',
  regionDataType: 'x00186014',
  regionX0: 'x00186018',
  regionY0: 'x0018601a',
  regionX1: 'x0018601c',
  regionY1: 'x0018601e',
  regionUnitsX: 'x00186024',
  regionUnitsY: 'x00186026',
  regionDeltaX: 'x0018602c',
  regionDeltaY: 'x0018602e',
  transducerType: 'x00186031',
  samplesPerPixel: 'x00280002',
  photometric: 'x00280004',
  planarConfiguration: 'x00280006',
  numberOfFrames: 'x00280008',
  rows: 'x00280010',
  columns: 'x00280011',
  bitsAllocated: 'x00280100',
  bitsStored: 'x00280101',
  pixelRepresentation: 'x00280103',
  burnedInAnnotation: 'x00280301',
  paletteDescriptors: ['x00281101', 'x00281102', 'x00281103'],
  paletteData: ['x00281201', 'x00281202', 'x00281203'],
  pixelData: 'x7fe00010',
} as const;

/** The transfer syntax and the elements before the pixels. */
export interface DicomElements {
  readonly transferSyntax: string;
  readonly dataSet: DataSet;
}

const PREFIX_OFFSET_BYTES = 128;
/** These two are read by other rules: never given to the parser, whose inflating has no bounds. */
const OTHER_ENCODINGS: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.1.99': 'Deflated Explicit VR Little Endian',
  '1.2.840.10008.1.2.2': 'Explicit VR Big Endian',
};

/** Whether a file starts as a DICOM file does: `DICM` behind 128 bytes. */
export function isDicom(start: Buffer): boolean {
  return start.toString('latin1', PREFIX_OFFSET_BYTES, PREFIX_OFFSET_BYTES + 4) === 'DICM';
}

/**
 * Parses a DICOM file up to its pixels.
 *
 * @throws EcholineError ECHOLINE_CLIP_HEADER where elements are cut off or lengths lie;
 *   ECHOLINE_CLIP_UNKNOWN_FORMAT for a deflated or big-endian file
 */
export function readDicomElements(name: string, file: Buffer): DicomElements {
  const meta = parse(name, () => dicomParser.readPart10Header(file, { untilTag: TAG.pixelData }));
  const transferSyntax = uidOf(meta, TAG.transferSyntax);
  if (transferSyntax === null) throw headerError(name, 'TransferSyntaxUID (0002,0010)', 'a UID');
  const encoding = OTHER_ENCODINGS[transferSyntax];
  if (encoding !== undefined) throw unreadableSyntax(name, transferSyntax, encoding, 'dcmconv +te');
  const dataSet = parse(name, () => dicomParser.parseDicom(file, { untilTag: TAG.pixelData }));
  return { transferSyntax, dataSet };
}

/** A file that is well made but encoded in a way that is not read here. */
export function unreadableSyntax(
  name: string,
  uid: string,
  meaning: string,
  command: string,
): EcholineError {
  return new EcholineError(
    'ECHOLINE_CLIP_UNKNOWN_FORMAT',
    `${name}: its transfer syntax is ${meaning} (${uid}). Expected Implicit or Explicit VR ` +
      `Little Endian without compression, RLE, or JPEG baseline. Convert it: ` +
      `${command} IN.dcm OUT`,
    { transferSyntax: uid },
  );
}

/** What is wrong with an element; values are never shown, only what was expected. */
export function headerError(name: string, element: string, expected: string, came?: string) {
  const found = came === undefined ? 'it is missing or something else' : `found ${came}`;
  return new EcholineError(
    'ECHOLINE_CLIP_HEADER',
    `${name}: ${element}: expected ${expected}, ${found}. Export the clip again.`,
    { element },
  );
}

/** A UID; null when absent or not one. */
export function uidOf(dataSet: DataSet, tag: string): string | null {
  const text = dataSet.string(tag)?.replaceAll('\0', '').trim() ?? '';
  return /^[0-9.]{1,64}$/.test(text) ? text : null;
}

/** A code string such as `RGB`; null when absent or not one. */
export function codeOf(dataSet: DataSet, tag: string): string | null {
  const text = dataSet.string(tag)?.trim() ?? '';
  return /^[A-Z0-9_ ]{1,16}$/.test(text) ? text : null;
}

/** Decimal numbers of a text element, in order; NaN for what is none. Empty when absent. */
export function decimalsOf(dataSet: DataSet, tag: string): readonly number[] {
  const text = dataSet.string(tag) ?? '';
  if (text.trim() === '') return [];
  return text.split('\\').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
}

/** A 16-bit number; null when absent or cut off. */
export function uint16Of(dataSet: DataSet, tag: string, index = 0): number | null {
  if ((dataSet.elements[tag]?.length ?? 0) < 2 * (index + 1)) return null;
  return dataSet.uint16(tag, index) ?? null;
}

/** A 32-bit number; null when absent or cut off. */
export function uint32Of(dataSet: DataSet, tag: string): number | null {
  if ((dataSet.elements[tag]?.length ?? 0) < 4) return null;
  return dataSet.uint32(tag) ?? null;
}

/** A double; null when absent or cut off. */
export function doubleOf(dataSet: DataSet, tag: string): number | null {
  if ((dataSet.elements[tag]?.length ?? 0) < 8) return null;
  return dataSet.double(tag) ?? null;
}

/** The parser throws texts, errors, and objects that hold one of them. */
function parse(name: string, read: () => DataSet): DataSet {
  try {
    const dataSet = read();
    const { length: fileBytes } = dataSet.byteArray;
    for (const { tag, dataOffset, length } of Object.values(dataSet.elements)) {
      // How long the pixels are is checked where they are read.
      if (tag !== TAG.pixelData && dataOffset + length > fileBytes) {
        throw new Error(`element ${tag} claims more bytes than the file has`);
      }
    }
    return dataSet;
  } catch (thrown) {
    const inner =
      typeof thrown === 'object' && thrown !== null && 'exception' in thrown
        ? thrown.exception
        : thrown;
    const words = inner instanceof Error ? inner.message : String(inner);
    throw new EcholineError(
      'ECHOLINE_CLIP_HEADER',
      `${name}: its elements cannot be read: ${words.replace(/^dicomParser\.\w+: /, '')}. ` +
        'The file is cut off or a length in it lies; copy or export it again.',
      {},
      { cause: inner },
    );
  }
}
