import { describe, expect, it } from 'vitest';
import {
  encodeRecord,
  GRID,
  INPUT_PX,
  offsetOf,
  RECORD_BYTES,
  RECORD_FIELDS,
  type ShardRecord,
} from '../../../src/cli/training/shard-record.js';

function makeRecord(changes: Partial<ShardRecord> = {}): ShardRecord {
  return {
    input: Uint8Array.from({ length: 3 * INPUT_PX * INPUT_PX }, (_, index) => index % 251),
    labels: new Uint8Array(GRID * GRID).fill(7),
    shaftMask: new Uint8Array(GRID * GRID).fill(9),
    tip: [12.5, 99],
    shaft: [0, 1, 12.5, 99],
    spacing: [0.1, 0.2],
    imageQuality: 0.5,
    probeShift: 2,
    contact: 1,
    needlePresent: true,
    tipVisible: true,
    approach: 'in-plane',
    source: 'composite',
    hasHistory: true,
    group: 0x8000_0001,
    ...changes,
  };
}

describe('A shard record', () => {
  it('has the size and the offsets that the format states', () => {
    expect(RECORD_BYTES).toBe(3 * 256 * 256 + 2 * 64 * 64 + 11 * 4 + 5 + 4 + 3);
    expect(offsetOf('labels')).toBe(196_608);
    expect(offsetOf('tip')).toBe(204_800);
    expect(RECORD_FIELDS.map((field) => field.name).at(-1)).toBe('reserved');
  });

  it('writes every field at its offset, little-endian', () => {
    const target = new Uint8Array(RECORD_BYTES + 8).fill(0xee);
    encodeRecord(makeRecord(), target, 4);
    const view = new DataView(target.buffer, 4);
    expect(target[4 + 250]).toBe(250);
    expect(view.getUint8(offsetOf('labels'))).toBe(7);
    expect(view.getUint8(offsetOf('shaftMask') + GRID * GRID - 1)).toBe(9);
    expect(view.getFloat32(offsetOf('tip'), true)).toBe(12.5);
    expect(view.getFloat32(offsetOf('shaft') + 12, true)).toBe(99);
    expect(view.getFloat32(offsetOf('spacing') + 4, true)).toBeCloseTo(0.2);
    expect(view.getUint8(offsetOf('approach'))).toBe(1);
    expect(view.getUint8(offsetOf('source'))).toBe(1);
    expect(view.getUint32(offsetOf('group'), true)).toBe(0x8000_0001);
    expect(view.getUint8(offsetOf('reserved') + 2)).toBe(0);
    expect([target[3], target[4 + RECORD_BYTES]]).toEqual([0xee, 0xee]);
  });

  it('writes NaN for what is not known', () => {
    const target = new Uint8Array(RECORD_BYTES);
    const unknown = { tip: null, shaft: null, spacing: null, imageQuality: null, contact: null };
    encodeRecord(makeRecord(unknown), target, 0);
    const view = new DataView(target.buffer);
    for (const name of ['tip', 'shaft', 'spacing', 'imageQuality', 'contact']) {
      expect(view.getFloat32(offsetOf(name), true)).toBeNaN();
    }
    expect(view.getFloat32(offsetOf('probeShift'), true)).toBe(2);
  });
});
