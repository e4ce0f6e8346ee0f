/** One element of a DICOM file for tests: tag, value representation, value. */
export type DicomElement = readonly [
  tag: number,
  vr: 'US' | 'UL' | 'FD' | 'IS' | 'DS' | 'CS' | 'UI' | 'LO' | 'PN' | 'OW' | 'OB' | 'SQ',
  value: string | number | readonly number[] | Uint8Array | readonly (readonly DicomElement[])[],
];

/** How a test file is written; the defaults are a gray Explicit VR Little Endian file. */
export interface DicomFileOptions {
  readonly transferSyntax?: string;
  /** Elements that replace or complete the usual ones; null leaves one out. */
  readonly elements?: readonly (DicomElement | readonly [tag: number, leaveOut: null])[];
  /** Uncompressed pixels, or the fragments of compressed ones. */
  readonly pixels: Uint8Array | readonly Uint8Array[];
  /** Offsets for the basic offset table of compressed pixels; none = an empty table. */
  readonly offsets?: readonly number[];
}

export const IMPLICIT = '1.2.840.10008.1.2';
export const EXPLICIT = '1.2.840.10008.1.2.1';
export const RLE = '1.2.840.10008.1.2.5';
export const JPEG = '1.2.840.10008.1.2.4.50';
const US_MULTI_FRAME = '1.2.840.10008.5.1.4.1.1.3.1';
/** Name and number that must not come out of a reader anywhere. */
export const PATIENT = { name: 'Musterfrau^Erika', id: 'MRN-4711-SECRET' };

const LONG_VRS = ['OB', 'OW', 'SQ'];

/** A DICOM Part 10 file of 4 × 2 gray pixels a frame unless told otherwise. */
export function dicomFile(options: DicomFileOptions): Buffer {
  const transferSyntax = options.transferSyntax ?? EXPLICIT;
  const usual: DicomElement[] = [
    [0x00080016, 'UI', US_MULTI_FRAME],
    [0x00080018, 'UI', '1.2.826.0.1.3680043.10.1'],
    [0x00080060, 'CS', 'US'],
    [0x00100010, 'PN', PATIENT.name],
    [0x00100020, 'LO', PATIENT.id],
    [0x0020000d, 'UI', '1.2.826.0.1.3680043.10.2'],
    [0x0020000e, 'UI', '1.2.826.0.1.3680043.10.3'],
    [0x00280002, 'US', 1],
    [0x00280004, 'CS', 'MONOCHROME2'],
    [0x00280010, 'US', 2],
    [0x00280011, 'US', 4],
    [0x00280100, 'US', 8],
    [0x00280101, 'US', 8],
    [0x00280102, 'US', 7],
    [0x00280103, 'US', 0],
  ];
  const all = new Map<number, DicomElement>(usual.map((element) => [element[0], element]));
  for (const change of options.elements ?? []) {
    if (change[1] === null) all.delete(change[0]);
    else all.set(change[0], change as DicomElement);
  }
  const isExplicit = transferSyntax !== IMPLICIT;
  const sorted = [...all.values()].sort(([a], [b]) => a - b);
  const meta = encodeAll(
    [
      [0x00020001, 'OB', Uint8Array.of(0, 1)],
      [0x00020002, 'UI', US_MULTI_FRAME],
      [0x00020003, 'UI', '1.2.826.0.1.3680043.10.1'],
      [0x00020010, 'UI', transferSyntax],
      [0x00020012, 'UI', '1.2.826.0.1.3680043.10'],
    ],
    true,
  );
  const groupLength = Buffer.alloc(4);
  groupLength.writeUInt32LE(meta.length);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    encode([0x00020000, 'UL', groupLength], true),
    meta,
    encodeAll(sorted, isExplicit),
    pixelElement(options, isExplicit),
  ]);
}

/** One ultrasound region; all numbers as in the file (deltas in the units' own measure). */
export function region(
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  changes: readonly DicomElement[] = [],
): readonly DicomElement[] {
  const usual: DicomElement[] = [
    [0x00186012, 'US', 1],
    [0x00186014, 'US', 1],
    [0x00186016, 'UL', 0],
    [0x00186018, 'UL', x0],
    [0x0018601a, 'UL', y0],
    [0x0018601c, 'UL', x1],
    [0x0018601e, 'UL', y1],
    [0x00186024, 'US', 3],
    [0x00186026, 'US', 3],
    [0x0018602c, 'FD', 0.0125],
    [0x0018602e, 'FD', 0.02],
  ];
  const all = new Map<number, DicomElement>(usual.map((element) => [element[0], element]));
  for (const change of changes) all.set(change[0], change);
  return [...all.values()].sort(([a], [b]) => a - b);
}

/** RLE as DICOM has it: a header, then each plane in runs of equal bytes and of others. */
export function rleFragment(planes: readonly Uint8Array[]): Buffer {
  const segments = planes.map(packBits);
  const header = Buffer.alloc(64);
  header.writeUInt32LE(segments.length);
  let offset = 64;
  for (const [index, segment] of segments.entries()) {
    header.writeUInt32LE(offset, 4 + 4 * index);
    offset += segment.length;
  }
  return Buffer.concat([header, ...segments]);
}

function packBits(plane: Uint8Array): Buffer {
  const out: number[] = [];
  for (let at = 0; at < plane.length; ) {
    let run = 1;
    while (run < 128 && at + run < plane.length && plane[at + run] === plane[at]) run += 1;
    if (run > 1) out.push(257 - run, plane[at] ?? 0);
    else out.push(0, plane[at] ?? 0);
    at += run;
  }
  if (out.length % 2 === 1) out.push(128);
  return Buffer.from(out);
}

function pixelElement({ pixels, offsets = [] }: DicomFileOptions, isExplicit: boolean): Buffer {
  if (pixels instanceof Uint8Array) {
    return pixels.length === 0 ? Buffer.alloc(0) : encode([0x7fe00010, 'OW', pixels], isExplicit);
  }
  const table = Buffer.alloc(4 * offsets.length);
  for (const [index, offset] of offsets.entries()) table.writeUInt32LE(offset, 4 * index);
  const head = Buffer.from('e07f10004f420000ffffffff', 'hex');
  const items = [table, ...pixels].map((piece) => item(even(Buffer.from(piece), 0)));
  return Buffer.concat([head, ...items, Buffer.from('feffdde000000000', 'hex')]);
}

function item(content: Buffer): Buffer {
  const header = Buffer.from('feff00e000000000', 'hex');
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content]);
}

function encodeAll(elements: readonly DicomElement[], isExplicit: boolean): Buffer {
  return Buffer.concat(elements.map((element) => encode(element, isExplicit)));
}

function encode(element: DicomElement, isExplicit: boolean): Buffer {
  const [tag, vr] = element;
  const content = contentOf(element, isExplicit);
  const isLong = !isExplicit || LONG_VRS.includes(vr);
  const header = Buffer.alloc(isExplicit && isLong ? 12 : 8);
  header.writeUInt16LE(tag >>> 16, 0);
  header.writeUInt16LE(tag & 0xffff, 2);
  if (isExplicit) header.write(vr, 4, 'latin1');
  if (isLong) header.writeUInt32LE(content.length, header.length - 4);
  else header.writeUInt16LE(content.length, 6);
  return Buffer.concat([header, content]);
}

function contentOf([, vr, value]: DicomElement, isExplicit: boolean): Buffer {
  if (value instanceof Uint8Array) return even(Buffer.from(value), 0);
  if (typeof value === 'string') return even(Buffer.from(value), vr === 'UI' ? 0 : 0x20);
  if (vr === 'SQ') {
    const items = value as readonly (readonly DicomElement[])[];
    return Buffer.concat(items.map((elements) => item(encodeAll(elements, isExplicit))));
  }
  const numbers = (typeof value === 'number' ? [value] : value) as readonly number[];
  const bytes = vr === 'FD' ? 8 : vr === 'UL' ? 4 : 2;
  const content = Buffer.alloc(bytes * numbers.length);
  for (const [index, number] of numbers.entries()) {
    if (vr === 'FD') content.writeDoubleLE(number, bytes * index);
    else content.writeUIntLE(number, bytes * index, bytes);
  }
  return content;
}

function even(content: Buffer, padding: number): Buffer {
  return content.length % 2 === 0 ? content : Buffer.concat([content, Buffer.of(padding)]);
}
