import { EcholineError } from '../domain/errors.js';
import { MHA_HEADER_BYTES_MAX } from './clip-limits.js';

/** One `key = value` line, with where it stood for messages. */
export interface MhaField {
  readonly key: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
  readonly offsetBytes: number;
}

/** A MetaImage header split into its fields. */
export interface MhaHeader {
  readonly fields: ReadonlyMap<string, MhaField>;
  /** Fields `Seq_FrameNNNN_Name` of PLUS sequences: by frame index, then by `Name`. */
  readonly frameFields: ReadonlyMap<number, ReadonlyMap<string, MhaField>>;
  /** Where the pixel data start. */
  readonly dataOffsetBytes: number;
}

const FRAME_KEY = /^Seq_Frame(\d{1,6})_(.+)$/;
const LAST_KEY = 'ElementDataFile';
const NEWLINE = 0x0a;

/**
 * Splits the header of a MetaImage file (ITK's MetaIO, and PLUS's sequences in it): text lines
 * `key = value` up to and including `ElementDataFile`.
 *
 * @param bytes - the file, or its beginning
 * @throws EcholineError ECHOLINE_CLIP_HEADER with line and byte offset; ECHOLINE_CLIP_LIMIT when
 *   no end of header comes within 16 MiB
 */
export function splitMhaHeader(bytes: Uint8Array): MhaHeader {
  const fields = new Map<string, MhaField>();
  const frameFields = new Map<number, Map<string, MhaField>>();
  const decoder = new TextDecoder('latin1');
  let offsetBytes = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(NEWLINE, offsetBytes);
    if (end < 0 || end > MHA_HEADER_BYTES_MAX) refuseEndless(bytes.length, line, offsetBytes);
    const text = decoder.decode(bytes.subarray(offsetBytes, end)).trim();
    if (text !== '') {
      const field = splitLine(text, line, offsetBytes);
      const ofFrame = FRAME_KEY.exec(field.key);
      if (ofFrame === null) keep(fields, field.key, field);
      else keep(framesAt(frameFields, Number(ofFrame[1])), ofFrame[2] ?? '', field);
      if (field.key === LAST_KEY) return { fields, frameFields, dataOffsetBytes: end + 1 };
    }
    offsetBytes = end + 1;
  }
}

/** An error about the header that says where. */
export function headerError(field: MhaField, expected: string): EcholineError {
  return new EcholineError(
    'ECHOLINE_CLIP_HEADER',
    `Line ${field.line} (byte ${field.offsetBytes}): ${field.key} is ` +
      `"${field.value.slice(0, 80)}", expected ${expected}.`,
    { line: field.line, offsetBytes: field.offsetBytes },
  );
}

function splitLine(text: string, line: number, offsetBytes: number): MhaField {
  const equals = text.indexOf('=');
  const key = text.slice(0, Math.max(0, equals)).trim();
  if (key === '') {
    throw new EcholineError(
      'ECHOLINE_CLIP_HEADER',
      `Line ${line} (byte ${offsetBytes}): expected "key = value", ` +
        `got ${JSON.stringify(text.slice(0, 40))}.`,
      { line, offsetBytes },
    );
  }
  return { key, value: text.slice(equals + 1).trim(), line, offsetBytes };
}

function keep(fields: Map<string, MhaField>, key: string, field: MhaField): void {
  const earlier = fields.get(key);
  if (earlier !== undefined) {
    throw headerError(field, `this key once; it came first in line ${earlier.line}`);
  }
  fields.set(key, field);
}

function framesAt(
  frameFields: Map<number, Map<string, MhaField>>,
  index: number,
): Map<string, MhaField> {
  const known = frameFields.get(index);
  if (known !== undefined) return known;
  const fresh = new Map<string, MhaField>();
  frameFields.set(index, fresh);
  return fresh;
}

function refuseEndless(sizeBytes: number, line: number, offsetBytes: number): never {
  const isTooLong = sizeBytes > MHA_HEADER_BYTES_MAX;
  throw new EcholineError(
    isTooLong ? 'ECHOLINE_CLIP_LIMIT' : 'ECHOLINE_CLIP_HEADER',
    `Line ${line} (byte ${offsetBytes}): expected "${LAST_KEY} = LOCAL" ` +
      (isTooLong ? `within ${MHA_HEADER_BYTES_MAX} bytes.` : 'before the end of the file.'),
    { line, offsetBytes },
  );
}
