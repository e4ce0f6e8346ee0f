import { describe, expect, it } from 'vitest';
import { createPreprocessPair } from '../../../src/cli/training/clip-records.js';
import { emitRealVideo } from '../../../src/cli/training/real-records.js';
import { LABEL_NEITHER, type ShardRecord } from '../../../src/cli/training/shard-record.js';
import { createRandom } from '../../../src/phantom/random.js';
import { createTexture } from '../../support/speckle-image.js';

const SIDE_PX = 128;

/** Speckle that moves sideways by a pixel a frame. */
function film(frames: number) {
  const texture = createTexture(5);
  return Array.from({ length: frames }, (_, index) => ({
    widthPx: SIDE_PX,
    heightPx: SIDE_PX,
    strideBytes: SIDE_PX,
    data: Uint8Array.from({ length: SIDE_PX ** 2 }, (_, i) =>
      texture(((i % SIDE_PX) + index) / 2, Math.floor(i / SIDE_PX) / 2),
    ),
  }));
}

function records(isNerveFree: boolean): ShardRecord[] {
  const file = { set: 'lung', path: 'a.mp4', group: 'lung/a', isValidation: false, isNerveFree };
  const emitted: ShardRecord[] = [];
  const { motion } = createPreprocessPair();
  emitRealVideo({ file, frames: film(30) }, createRandom(3), motion, (one) => {
    emitted.push({ ...one, input: one.input.slice() });
  });
  return emitted;
}

describe('records of a real video', () => {
  it('hold no needle, and the motion of the frames before them', () => {
    const emitted = records(true);
    expect(emitted).toHaveLength(4);
    for (const record of emitted) {
      expect(record).toMatchObject({ needlePresent: false, hasHistory: true, tip: null });
      const plane = record.input.length / 3;
      expect(record.input.subarray(plane, 2 * plane).some((value) => value !== 128)).toBe(true);
    }
  });

  it('say of cells without nerve and vessel just that, and nothing where it is not known', () => {
    expect(records(true)[0]?.labels.every((label) => label === LABEL_NEITHER)).toBe(true);
    expect(records(false)[0]?.labels.every((label) => label === 255)).toBe(true);
  });
});
