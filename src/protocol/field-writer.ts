import type { ErrorCode } from '../domain/errors.js';
import { fieldError } from './field-error.js';

/**
 * Range-checked writers. `DataView` wraps silently (70 000 becomes 4 464 in a u16), so each writer
 * refuses what does not fit; what a value means is checked by the reader, once, for both
 * directions.
 */
export interface FieldWriter {
  u8(offsetBytes: number, field: string, value: number): void;
  u16(offsetBytes: number, field: string, value: number): void;
  u32(offsetBytes: number, field: string, value: number): void;
  /** A u64 field; JavaScript carries at most 2^53 − 1. */
  u64(offsetBytes: number, field: string, value: number): void;
  f32(offsetBytes: number, value: number): void;
}

/**
 * Writers into `view`; what does not fit throws an `EcholineError` with `code`.
 *
 * @param messageOffset - where `view` begins in the message, for the offsets in errors
 */
export function createFieldWriter(view: DataView, code: ErrorCode, messageOffset = 0): FieldWriter {
  function check(offsetBytes: number, field: string, value: number, max: number): void {
    if (Number.isInteger(value) && value >= 0 && value <= max) return;
    const expected = `a whole number from 0 to ${max}`;
    const at = messageOffset + offsetBytes;
    throw fieldError(code, { field, offsetBytes: at, expected, received: value });
  }
  return {
    u8(offsetBytes, field, value) {
      check(offsetBytes, field, value, 0xff);
      view.setUint8(offsetBytes, value);
    },
    u16(offsetBytes, field, value) {
      check(offsetBytes, field, value, 0xffff);
      view.setUint16(offsetBytes, value, true);
    },
    u32(offsetBytes, field, value) {
      check(offsetBytes, field, value, 0xffff_ffff);
      view.setUint32(offsetBytes, value, true);
    },
    u64(offsetBytes, field, value) {
      check(offsetBytes, field, value, Number.MAX_SAFE_INTEGER);
      view.setUint32(offsetBytes, value % 2 ** 32, true);
      view.setUint32(offsetBytes + 4, Math.floor(value / 2 ** 32), true);
    },
    f32(offsetBytes, value) {
      view.setFloat32(offsetBytes, value, true);
    },
  };
}
