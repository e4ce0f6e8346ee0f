/** Side of the network's input and of its output grid; a record is laid out for these. */
export const INPUT_PX = 256;
export const GRID = 64;
export const STRIDE_PX = INPUT_PX / GRID;

/** Label of a cell that is known to be neither nerve nor vessel, and nothing else of it. */
export const LABEL_NEITHER = 253;
/** A vessel, artery and vein not told apart. */
export const LABEL_VESSEL = 254;
/** Nothing is known; ignored in training. */
export const LABEL_UNKNOWN = 255;

/** Where a record comes from; the value is what the file holds. */
export const SOURCE_CODES = { phantom: 0, composite: 1, 'real-needle-free': 2, other: 3 } as const;
export type RecordSource = keyof typeof SOURCE_CODES;
/** Groups with this bit are for validation: a scene family is never on both sides. */
export const VALIDATION_BIT = 0x8000_0000;

interface Field {
  readonly name: string;
  readonly dtype: 'u1' | 'f4' | 'u4';
  readonly shape: readonly number[];
}

const FIELDS: readonly Field[] = [
  { name: 'input', dtype: 'u1', shape: [3, INPUT_PX, INPUT_PX] },
  { name: 'labels', dtype: 'u1', shape: [GRID, GRID] },
  { name: 'shaftMask', dtype: 'u1', shape: [GRID, GRID] },
  { name: 'tip', dtype: 'f4', shape: [2] },
  { name: 'shaft', dtype: 'f4', shape: [4] },
  { name: 'spacing', dtype: 'f4', shape: [2] },
  { name: 'imageQuality', dtype: 'f4', shape: [1] },
  { name: 'probeShift', dtype: 'f4', shape: [1] },
  { name: 'contact', dtype: 'f4', shape: [1] },
  { name: 'needlePresent', dtype: 'u1', shape: [1] },
  { name: 'tipVisible', dtype: 'u1', shape: [1] },
  { name: 'approach', dtype: 'u1', shape: [1] },
  { name: 'source', dtype: 'u1', shape: [1] },
  { name: 'hasHistory', dtype: 'u1', shape: [1] },
  { name: 'group', dtype: 'u4', shape: [1] },
  { name: 'reserved', dtype: 'u1', shape: [3] },
];

const BYTES = { u1: 1, f4: 4, u4: 4 } as const;

/** The fields of a record in order, little-endian, without padding, with their byte offsets. */
export const RECORD_FIELDS: readonly (Field & { readonly offset: number })[] = withOffsets(FIELDS);
/** Size of one record, bytes. */
export const RECORD_BYTES = FIELDS.reduce((sum, field) => sum + sizeOf(field), 0);

/** The labels of one frame, on the network's input and grid. */
export interface ShardRecord {
  /** uint8 [3, 256, 256] as the preprocess stage made it; the encoder copies it. */
  readonly input: Uint8Array;
  /** [64, 64] class indices, or LABEL_NEITHER, LABEL_VESSEL, LABEL_UNKNOWN. */
  readonly labels: Uint8Array;
  /** [64, 64] visible shaft coverage, 0 to 255. */
  readonly shaftMask: Uint8Array;
  /** Tip or dot in input pixels; null without a needle. */
  readonly tip: readonly [number, number] | null;
  /** x0, y0 on the entry side, x1, y1 at the tip, input pixels; null without an in-plane shaft. */
  readonly shaft: readonly [number, number, number, number] | null;
  /** mm per input pixel; null when unknown. */
  readonly spacing: readonly [number, number] | null;
  /** 0 to 1; null when unknown. */
  readonly imageQuality: number | null;
  /** Length of the tissue's shift since the previous frame, input pixels; null when unknown. */
  readonly probeShift: number | null;
  /** 0 to 1; null when unknown. */
  readonly contact: number | null;
  /** Whether a needle or a dot can be seen, if only in part. */
  readonly needlePresent: boolean;
  readonly tipVisible: boolean;
  readonly approach: 'none' | 'in-plane' | 'out-of-plane';
  readonly source: RecordSource;
  /** False when the motion channels are neutral. */
  readonly hasHistory: boolean;
  /** Scene family or group of near-duplicates, with VALIDATION_BIT. */
  readonly group: number;
}

const APPROACH_CODES = { none: 0, 'in-plane': 1, 'out-of-plane': 2 } as const;

/** Writes a record at a byte offset of `target`. Unknown numbers become NaN. */
export function encodeRecord(record: ShardRecord, target: Uint8Array, at: number): void {
  const view = new DataView(target.buffer, target.byteOffset + at, RECORD_BYTES);
  const floats = (offset: number, values: readonly (number | null)[]): void => {
    for (const [index, value] of values.entries()) {
      view.setFloat32(offset + 4 * index, value ?? Number.NaN, true);
    }
  };
  target.set(record.input, at + offsetOf('input'));
  target.set(record.labels, at + offsetOf('labels'));
  target.set(record.shaftMask, at + offsetOf('shaftMask'));
  floats(offsetOf('tip'), record.tip ?? [null, null]);
  floats(offsetOf('shaft'), record.shaft ?? [null, null, null, null]);
  floats(offsetOf('spacing'), record.spacing ?? [null, null]);
  floats(offsetOf('imageQuality'), [record.imageQuality]);
  floats(offsetOf('probeShift'), [record.probeShift]);
  floats(offsetOf('contact'), [record.contact]);
  view.setUint8(offsetOf('needlePresent'), record.needlePresent ? 1 : 0);
  view.setUint8(offsetOf('tipVisible'), record.tipVisible ? 1 : 0);
  view.setUint8(offsetOf('approach'), APPROACH_CODES[record.approach]);
  view.setUint8(offsetOf('source'), SOURCE_CODES[record.source]);
  view.setUint8(offsetOf('hasHistory'), record.hasHistory ? 1 : 0);
  view.setUint32(offsetOf('group'), record.group, true);
  target.fill(0, at + offsetOf('reserved'), at + RECORD_BYTES);
}

/** Byte offset of a field within a record. An unknown name is a programmer's error. */
export function offsetOf(name: string): number {
  const field = RECORD_FIELDS.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Error(`Assertion failed: no field ${name} in a record`);
  return field.offset;
}

function sizeOf(field: Field): number {
  return field.shape.reduce((product, size) => product * size, BYTES[field.dtype]);
}

function withOffsets(fields: readonly Field[]): readonly (Field & { readonly offset: number })[] {
  let offset = 0;
  return fields.map((field) => {
    const placed = { ...field, offset };
    offset += sizeOf(field);
    return placed;
  });
}
