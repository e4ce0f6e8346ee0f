/** One field of a protobuf message: a number, or bytes (a text, a message, packed numbers). */
export type WireField =
  | { readonly tag: number; readonly kind: 'varint'; readonly value: bigint }
  | { readonly tag: number; readonly kind: 'bytes'; readonly value: Uint8Array }
  /** Four or eight bytes, little-endian. */
  | { readonly tag: number; readonly kind: 'fixed'; readonly value: DataView };

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;
/** A varint carries 64 bits, seven a byte. */
const VARINT_BYTES_MAX = 10;

/**
 * Walks the fields of a protobuf message in their order. Only what ONNX files need: no groups.
 * https://protobuf.dev/programming-guides/encoding/
 *
 * @throws RangeError where the bytes are no message: cut short, lying lengths, unknown wire types
 */
export function* readFields(bytes: Uint8Array): Generator<WireField> {
  const reader = createReader(bytes);
  while (!reader.isAtEnd()) {
    const key = reader.varint();
    const tag = Number(key >> 3n);
    if (tag === 0) throw new RangeError(`a field without a number before byte ${reader.at()}`);
    switch (Number(key & 7n)) {
      case VARINT:
        yield { tag, kind: 'varint', value: reader.varint() };
        break;
      case LENGTH_DELIMITED:
        yield { tag, kind: 'bytes', value: reader.take(Number(reader.varint())) };
        break;
      case FIXED_32:
        yield { tag, kind: 'fixed', value: viewOf(reader.take(4)) };
        break;
      case FIXED_64:
        yield { tag, kind: 'fixed', value: viewOf(reader.take(8)) };
        break;
      default:
        throw new RangeError(`wire type ${key & 7n} before byte ${reader.at()}`);
    }
  }
}

/**
 * The varints of a packed field, as signed 64-bit integers.
 *
 * @throws RangeError
 */
export function readPackedVarints(bytes: Uint8Array): readonly number[] {
  const reader = createReader(bytes);
  const numbers: number[] = [];
  while (!reader.isAtEnd()) numbers.push(signed(reader.varint()));
  return numbers;
}

/**
 * A varint as the signed 64-bit integer that it stands for.
 *
 * @throws RangeError where a double cannot hold it exactly
 */
export function signed(value: bigint): number {
  const number = Number(BigInt.asIntN(64, value));
  if (!Number.isSafeInteger(number)) throw new RangeError(`an integer too large: ${number}`);
  return number;
}

/** A view of the same bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

interface Reader {
  at(): number;
  isAtEnd(): boolean;
  varint(): bigint;
  take(length: number): Uint8Array;
}

function createReader(bytes: Uint8Array): Reader {
  let position = 0;
  return {
    at: () => position,
    isAtEnd: () => position >= bytes.length,
    varint: () => {
      let value = 0n;
      for (let index = 0; index < VARINT_BYTES_MAX; index++) {
        const byte = bytes[position];
        if (byte === undefined) throw new RangeError('it ends inside a number');
        position += 1;
        value |= BigInt(byte & 127) << BigInt(7 * index);
        if (byte < 128) return value;
      }
      throw new RangeError(`a number without an end before byte ${position}`);
    },
    take: (length) => {
      if (length > bytes.length - position) {
        throw new RangeError(`a field of ${length} bytes at byte ${position} of ${bytes.length}`);
      }
      position += length;
      return bytes.subarray(position - length, position);
    },
  };
}
