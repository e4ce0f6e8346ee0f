import { describe, expect, it } from 'vitest';
import { mhaClip } from '../../src/clips/mha.js';
import { splitMhaHeader } from '../../src/clips/mha-header.js';
import { readMhaSequence } from '../../src/clips/mha-sequence.js';
import { isEcholineError } from '../../src/domain/errors.js';
import { framesOf, mhaFile, refusalOf } from './clip-fixtures.js';

const OWN_TIMES = { fps: null };
const PIXELS = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const TWICE = Uint8Array.of(...PIXELS, 11, 12, 13, 14, 15, 16, 17, 18);
const IDENTITY = '1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1';
const SEQUENCE = {
  NDims: '3',
  DimSize: '4 2 2          ',
  UltrasoundImageOrientation: 'MFA',
  ElementSpacing: '1 1 1',
  Seq_Frame0000_Timestamp: '1.5',
  Seq_Frame0000_ImageStatus: 'OK',
  Seq_Frame0000_ImageToReferenceTransform: IDENTITY,
  Seq_Frame0000_ImageToReferenceTransformStatus: 'OK',
  Seq_Frame0001_Timestamp: '1.6',
  Seq_Frame0001_ImageToReferenceTransform: IDENTITY,
  Seq_Frame0001_ImageToReferenceTransformStatus: 'INVALID',
};

function openSequence(fields: Readonly<Record<string, string | null>>, pixels: Uint8Array = TWICE) {
  return mhaClip('test.igs.mha', mhaFile({ ...SEQUENCE, ...fields }, pixels), OWN_TIMES);
}
function openImage(fields: Readonly<Record<string, string | null>>, pixels: Uint8Array = PIXELS) {
  return mhaClip('test.mha', mhaFile(fields, pixels), OWN_TIMES);
}
function floats(values: readonly number[], isBigEndian = false): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [i, value] of values.entries()) view.setFloat32(i * 4, value, !isBigEndian);
  return new Uint8Array(view.buffer);
}
async function firstPayload(fields: Readonly<Record<string, string>>, pixels: Uint8Array) {
  const [first] = await framesOf(await openImage(fields, pixels));
  return [...(first?.frame.payload ?? [])];
}

describe('a PLUS sequence', () => {
  it('yields its frames with times, orientation and pose, compressed or not', async () => {
    for (const CompressedData of ['True', 'False']) {
      const clip = await openSequence({ CompressedData });
      expect(clip).toMatchObject({ frameCount: 2, widthPx: 4, heightPx: 2, isSimulated: false });
      const frames = (await framesOf(clip)).map(({ frame }) => frame);
      expect(frames.map((frame) => frame.captureTimeUs)).toEqual([1_500_000, 1_600_000]);
      expect(frames.map((frame) => frame.frameId)).toEqual([0, 1]);
      expect(frames.map((frame) => [...frame.payload])).toEqual([
        [...PIXELS],
        [11, 12, 13, 14, 15, 16, 17, 18],
      ]);
      expect(frames[0]).toMatchObject({ format: 'gray8', orientation: 'MF', strideBytes: 4 });
      expect(frames[0]?.extensions.probePose).toEqual(IDENTITY.split(' ').map(Number));
      expect(frames[1]?.extensions.probePose).toBeNull();
    }
  });

  it('has no spacing where PLUS wrote its placeholder 1 1 1, and a spacing elsewhere', async () => {
    const [unknown] = await framesOf(await openSequence({}));
    expect(unknown?.frame.spacing).toBeNull();
    const [known] = await framesOf(await openSequence({ ElementSpacing: '0.1 0.2 1' }));
    expect(known?.frame.spacing).toEqual({ xMm: 0.1, yMm: 0.2 });
    const [silent] = await framesOf(await openSequence({ ElementSpacing: null }));
    expect(silent?.frame.spacing).toBeNull();
  });

  it('keeps two-letter and three-letter orientations apart from ones it cannot show', async () => {
    for (const [text, orientation] of [
      ['MF', 'MF'],
      ['UNA', 'UN'],
      ['UFD', 'UF'],
      ['XX', 'unknown'],
    ] as const) {
      const [frame] = await framesOf(await openSequence({ UltrasoundImageOrientation: text }));
      expect(frame?.frame.orientation).toBe(orientation);
    }
    const refused = await refusalOf(openSequence({ UltrasoundImageOrientation: 'FM' }));
    expect(refused.code).toBe('ECHOLINE_CLIP_HEADER');
    expect(refused.message).toMatch(/^Line 5 \(byte \d+\): UltrasoundImageOrientation is "FM"/);
  });

  it('leaves out frames that have no image', async () => {
    const clip = await openSequence({ Seq_Frame0000_ImageStatus: 'INVALID' });
    const frames = await framesOf(clip);
    expect(clip.frameCount).toBe(1);
    expect(frames[0]?.frame.payload[0]).toBe(11);
    const none = { Seq_Frame0000_ImageStatus: 'INVALID', Seq_Frame0001_ImageStatus: 'INVALID' };
    expect((await refusalOf(openSequence(none))).code).toBe('ECHOLINE_CLIP_EMPTY');
  });

  it('wants a frame rate without rising timestamps (ECHOLINE_CLIP_TIMESTAMPS)', async () => {
    for (const second of [null, '1.5', '1.4']) {
      const fields = { ...SEQUENCE, Seq_Frame0001_Timestamp: second };
      const refused = await refusalOf(openSequence(fields));
      expect(refused.code).toBe('ECHOLINE_CLIP_TIMESTAMPS');
      expect(refused.message).toContain('frame 1');
      expect(refused.message).toContain('--fps');
      const clip = await mhaClip('x', mhaFile(fields, TWICE), { fps: 20 });
      const times = (await framesOf(clip)).map(({ frame }) => frame.captureTimeUs);
      expect(times).toEqual([0, 50_000]);
    }
  });

  it('can be iterated again', async () => {
    const clip = await openSequence({ CompressedData: 'True' });
    expect(await framesOf(clip)).toEqual(await framesOf(clip));
  });
});

describe('a single image', () => {
  it('needs no timestamp', async () => {
    expect(await firstPayload({}, PIXELS)).toEqual([...PIXELS]);
  });

  it('scales floats by the stated rule, in either byte order', async () => {
    const fields = { ElementType: 'MET_FLOAT', DimSize: '2 2' };
    expect(await firstPayload(fields, floats([0, 0.5, 1, 0.1]))).toEqual([0, 128, 255, 26]);
    expect(await firstPayload(fields, floats([0, 2, 254.6, 10]))).toEqual([0, 2, 255, 10]);
    expect(await firstPayload(fields, floats([-10, 0, 10, Number.NaN]))).toEqual([0, 128, 255, 0]);
    expect(await firstPayload(fields, floats([300, 300, 300, 300]))).toEqual([0, 0, 0, 0]);
    const bigEndian = { ...fields, BinaryDataByteOrderMSB: 'True' };
    expect(await firstPayload(bigEndian, floats([0, 2, 200, 10], true))).toEqual([0, 2, 200, 10]);
  });
});

describe('a broken file', () => {
  it.each([
    [{ DimSize: '4' }, 'DimSize'],
    [{ DimSize: '4 -2' }, 'DimSize'],
    [{ DimSize: '0 2' }, 'DimSize'],
    [{ DimSize: '4.5 2' }, 'DimSize'],
    [{ DimSize: '70000 2' }, 'DimSize'],
    [{ DimSize: null }, 'DimSize'],
    [{ NDims: '4' }, 'NDims'],
    [{ ElementType: 'MET_SHORT' }, 'ElementType'],
    [{ ElementSpacing: '0 1' }, 'ElementSpacing'],
    [{ ElementSpacing: 'nan 1' }, 'ElementSpacing'],
    [{ ElementNumberOfChannels: '3' }, 'ElementNumberOfChannels'],
    [{ ObjectType: 'Tube' }, 'ObjectType'],
    [{ BinaryData: 'False' }, 'BinaryData'],
    [{ CompressedData: 'Maybe' }, 'CompressedData'],
    [{ CompressedDataSize: '-1' }, 'CompressedDataSize'],
    [{ Seq_Frame0000_Timestamp: 'soon' }, 'Timestamp'],
    [{ Seq_Frame0000_ProbeToTrackerTransform: '1 2 3' }, '16 numbers'],
    [{ Seq_Frame0007_Timestamp: '1' }, 'at most the 1 frames'],
  ])('is refused with the line that is wrong: %j (ECHOLINE_CLIP_HEADER)', async (fields, words) => {
    const refused = await refusalOf(openImage(fields));
    expect(refused.code).toBe('ECHOLINE_CLIP_HEADER');
    expect(refused.message).toContain(words);
  });

  it('is refused when a line is no field, a key comes twice, or the header has no end', async () => {
    for (const text of ['NDims = 2\nnonsense\n', 'NDims = 2\nNDims = 2\n', 'NDims = 2\n', '']) {
      const refused = await refusalOf(mhaClip('x', Buffer.from(text), OWN_TIMES));
      expect(refused.code).toBe('ECHOLINE_CLIP_HEADER');
      expect(refused.message).toMatch(/^Line \d \(byte \d+\)/);
    }
    const elsewhere = Buffer.from('NDims = 2\nElementDataFile = other.raw\n');
    expect((await refusalOf(mhaClip('x', elsewhere, OWN_TIMES))).message).toContain('LOCAL');
  });

  it('is refused when lengths lie, naming the byte (ECHOLINE_CLIP_DATA)', async () => {
    const lies = [
      { DimSize: '4 3' },
      { DimSize: '4 3', CompressedData: 'True' },
      { DimSize: '4 1', CompressedData: 'True' },
      { CompressedData: 'True', CompressedDataSize: '9999' },
      { CompressedData: 'True', CompressedDataSize: '3' },
      { ElementType: 'MET_FLOAT' },
    ];
    for (const lie of lies) {
      const refused = await refusalOf(openImage(lie));
      expect(refused.code).toBe('ECHOLINE_CLIP_DATA');
      expect(refused.message).toMatch(/from byte \d+/);
    }
  });

  it('does not inflate a bomb (ECHOLINE_CLIP_DATA)', async () => {
    const bomb = new Uint8Array(64 * 1024 * 1024);
    const refused = await refusalOf(openImage({ CompressedData: 'True' }, bomb));
    expect(refused.code).toBe('ECHOLINE_CLIP_DATA');
    expect(refused.message).toContain('more than the 8 bytes');
  });

  it('is refused above the limits (ECHOLINE_CLIP_LIMIT) and without frames', async () => {
    const huge = openSequence({ DimSize: '60000 60000 2' });
    expect((await refusalOf(huge)).code).toBe('ECHOLINE_CLIP_LIMIT');
    const endless = Buffer.alloc(17 * 1024 * 1024, 'a');
    expect((await refusalOf(mhaClip('x', endless, OWN_TIMES))).code).toBe('ECHOLINE_CLIP_LIMIT');
    const empty = { NDims: '3', DimSize: '4 2 0' };
    expect((await refusalOf(openImage(empty))).code).toBe('ECHOLINE_CLIP_EMPTY');
  });
});

describe('the header parser', () => {
  it('answers any bytes with a sequence or a coded error (seeded fuzz)', () => {
    const good = mhaFile(SEQUENCE, new Uint8Array(0));
    let seed = 20261124;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed % below;
    };
    let accepted = 0;
    for (let round = 0; round < 3000; round++) {
      const bytes = Buffer.from(good);
      for (let change = random(6); change > 0; change--) {
        bytes[random(bytes.length)] = random(4) === 0 ? random(256) : 32 + random(95);
      }
      const cut = random(10) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
      try {
        const sequence = readMhaSequence(splitMhaHeader(cut));
        expect(sequence.frames).toHaveLength(sequence.frameCount);
        accepted += 1;
      } catch (error) {
        if (!isEcholineError(error)) throw error;
        expect(error.code).toMatch(/^ECHOLINE_CLIP_(HEADER|LIMIT|EMPTY)$/);
      }
    }
    expect(accepted).toBeGreaterThan(300);
    expect(accepted).toBeLessThan(3000);
  });
});
