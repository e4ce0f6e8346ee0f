import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { dicomClip } from '../../src/clips/dicom.js';
import { openClip } from '../../src/clips/open-clip.js';
import {
  type DicomElement,
  type DicomFileOptions,
  dicomFile,
  EXPLICIT,
  IMPLICIT,
  JPEG,
  PATIENT,
  RLE,
  region,
  rleFragment,
} from '../support/dicom-file.js';
import { framesOf, refusalOf, scratchFolder } from './clip-fixtures.js';

const OWN_TIMES = { fps: null };
const GRAY = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const TWICE = Uint8Array.of(...GRAY, 11, 12, 13, 14, 15, 16, 17, 18);
const THREE: DicomElement = [0x00280002, 'US', 3];
const TWO_FRAMES: readonly DicomElement[] = [
  [0x00280008, 'IS', '2'],
  [0x00181063, 'DS', '40'],
];
/** Two rows of four: red, green, blue, gray, then four grays. */
const COLOURS = Uint8Array.of(
  ...[200, 10, 20, 10, 200, 20, 10, 20, 200, 90, 90, 90],
  ...[10, 10, 10, 60, 60, 60, 120, 120, 120, 250, 250, 250],
);
const planesOf = (interleaved: Uint8Array) =>
  [0, 1, 2].map((plane) => interleaved.filter((_, index) => index % 3 === plane));
const rgbOf = (rgba: Uint8Array) => rgba.filter((_, index) => index % 4 !== 3);

async function open(options: Partial<DicomFileOptions>) {
  return framesOf(dicomClip('a.dcm', dicomFile({ pixels: GRAY, ...options }), OWN_TIMES));
}
async function refuse(options: Partial<DicomFileOptions>) {
  return refusalOf(open(options));
}
async function firstFrame(options: Partial<DicomFileOptions>) {
  const [first] = await open(options);
  if (first === undefined) throw new Error('no frame');
  return first.frame;
}

describe('the pixels of a DICOM file', () => {
  it.each([IMPLICIT, EXPLICIT])('come uncompressed, frame by frame (%s)', async (syntax) => {
    const frames = await open({
      transferSyntax: syntax,
      elements: TWO_FRAMES,
      pixels: TWICE,
    });
    expect(frames.map(({ frame }) => [...frame.payload])).toEqual([
      [...GRAY],
      [...TWICE.subarray(8)],
    ]);
    expect(frames.map(({ frame }) => frame.captureTimeUs)).toEqual([0, 40_000]);
    expect(frames[1]?.frame).toMatchObject({
      format: 'gray8',
      widthPx: 4,
      heightPx: 2,
      strideBytes: 4,
      frameId: 1,
      spacing: null,
      orientation: 'unknown',
      probeGeometry: 'unknown',
    });
  });

  it('are inverted where 0 is white (MONOCHROME1)', async () => {
    const frame = await firstFrame({ elements: [[0x00280004, 'CS', 'MONOCHROME1']] });
    expect([...frame.payload]).toEqual([...GRAY].map((value) => 255 - value));
  });

  it('keep their colours, pixel after pixel or plane after plane', async () => {
    const colour: DicomElement = [0x00280004, 'CS', 'RGB'];
    for (const [planar, pixels] of [
      [0, COLOURS],
      [1, Buffer.concat(planesOf(COLOURS))],
    ] as const) {
      const frame = await firstFrame({
        elements: [THREE, colour, [0x00280006, 'US', planar]],
        pixels,
      });
      expect(frame).toMatchObject({ format: 'rgba8', strideBytes: 16 });
      expect([...rgbOf(frame.payload)]).toEqual([...COLOURS]);
      expect(frame.payload.filter((_, index) => index % 4 === 3).every((a) => a === 255)).toBe(
        true,
      );
    }
  });

  it('are gray again where their colours are gray, until one frame is not', async () => {
    const gray = Uint8Array.from({ length: 24 }, (_, i) => 10 * Math.floor(i / 3));
    const frames = await open({
      elements: [
        THREE,
        [0x00280004, 'CS', 'RGB'],
        [0x00280006, 'US', 0],
        [0x00280008, 'IS', '3'],
        [0x00180040, 'IS', '20'],
      ],
      pixels: Buffer.concat([gray, COLOURS, gray]),
    });
    expect(frames.map(({ frame }) => frame.format)).toEqual(['gray8', 'rgba8', 'rgba8']);
    expect([...(frames[0]?.frame.payload ?? [])]).toEqual([0, 10, 20, 30, 40, 50, 60, 70]);
  });

  it('are turned from YBR_FULL and YBR_FULL_422 into red, green and blue', async () => {
    // Red of 200, 10, 20 by the formulas of PS3.3 C.7.6.3.1.2.
    const ybr = [68, 101, 222];
    const full = await firstFrame({
      elements: [THREE, [0x00280004, 'CS', 'YBR_FULL'], [0x00280006, 'US', 0]],
      pixels: Uint8Array.from({ length: 24 }, (_, i) => ybr[i % 3] ?? 0),
    });
    const half = await firstFrame({
      elements: [THREE, [0x00280004, 'CS', 'YBR_FULL_422'], [0x00280006, 'US', 0]],
      pixels: Uint8Array.from({ length: 16 }, (_, i) => [68, 68, 101, 222][i % 4] ?? 0),
    });
    for (const frame of [full, half]) {
      expect(frame.format).toBe('rgba8');
      expect(frame.payload).toHaveLength(32);
      for (const [channel, wanted] of [200, 10, 20].entries()) {
        expect(Math.abs((frame.payload[28 + channel] ?? 0) - wanted)).toBeLessThanOrEqual(2);
      }
    }
  });

  it('are looked up in their palette, of 8 or 16 bits, gray or not', async () => {
    const palette = (bits: 8 | 16, blue: (value: number) => number): DicomElement[] => {
      const table = (entry: (value: number) => number) => {
        const words = Buffer.alloc(512);
        for (let value = 0; value < 256; value++) {
          words.writeUInt16LE(entry(value) * (bits === 16 ? 257 : 1), 2 * value);
        }
        return words;
      };
      const twice = (value: number) => Math.min(255, 2 * value);
      return [
        [0x00280004, 'CS', 'PALETTE COLOR'],
        ...[0x00281101, 0x00281102, 0x00281103].map(
          (tag): DicomElement => [tag, 'US', [256, 0, bits]],
        ),
        [0x00281201, 'OW', table(twice)],
        [0x00281202, 'OW', table(twice)],
        [0x00281203, 'OW', table(blue)],
      ];
    };
    for (const bits of [8, 16] as const) {
      const gray = await firstFrame({
        elements: palette(bits, (value) => Math.min(255, 2 * value)),
      });
      expect(gray.format).toBe('gray8');
      expect([...gray.payload]).toEqual([2, 4, 6, 8, 10, 12, 14, 16]);
      const tinted = await firstFrame({ elements: palette(bits, () => 200) });
      expect(tinted.format).toBe('rgba8');
      expect([...tinted.payload.subarray(0, 4)]).toEqual([2, 2, 200, 255]);
    }
  });

  it('come out of RLE as they went in, gray and in colour', async () => {
    const long = Uint8Array.from({ length: 600 }, (_, i) => (i < 400 ? 7 : i % 251));
    const frames = await open({
      transferSyntax: RLE,
      elements: [...TWO_FRAMES, [0x00280010, 'US', 20], [0x00280011, 'US', 30]],
      pixels: [rleFragment([long]), rleFragment([long.toReversed()])],
    });
    expect([...(frames[0]?.frame.payload ?? [])]).toEqual([...long]);
    expect([...(frames[1]?.frame.payload ?? [])]).toEqual([...long.toReversed()]);
    const colour = await firstFrame({
      transferSyntax: RLE,
      elements: [THREE, [0x00280004, 'CS', 'RGB'], [0x00280006, 'US', 0]],
      pixels: [rleFragment(planesOf(COLOURS))],
    });
    expect([...rgbOf(colour.payload)]).toEqual([...COLOURS]);
  });
});

describe('JPEG fragments', () => {
  const size = { width: 32, height: 16 };
  const elements: readonly DicomElement[] = [
    [0x00280010, 'US', 16],
    [0x00280011, 'US', 32],
  ];
  const ramp = (step: number) => Uint8Array.from({ length: 512 }, (_, i) => (i % 32) * step);
  const grayJpeg = (pixels: Uint8Array) =>
    sharp(pixels, { raw: { ...size, channels: 1 } })
      .toColourspace('b-w')
      .jpeg({ quality: 100 })
      .toBuffer();
  const halves = (jpeg: Buffer) => {
    const cut = 2 * Math.floor(jpeg.length / 4);
    return [jpeg.subarray(0, cut), jpeg.subarray(cut)];
  };

  it('are one frame each, several of a frame, with or without an offset table', async () => {
    const jpegs = await Promise.all([grayJpeg(ramp(4)), grayJpeg(ramp(7))]);
    const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = jpegs;
    const pieces = [...halves(first), ...halves(second)];
    const firstBytes = 16 + 2 * Math.ceil(first.length / 2);
    for (const options of [
      { pixels: jpegs },
      { pixels: pieces },
      { pixels: pieces, offsets: [0, firstBytes] },
    ]) {
      const frames = await open({
        transferSyntax: JPEG,
        elements: [...elements, ...TWO_FRAMES],
        ...options,
      });
      const values = frames.map(({ frame }) => frame.payload[31] ?? 0);
      expect(frames[0]?.frame).toMatchObject({ format: 'gray8', widthPx: 32, heightPx: 16 });
      expect(Math.abs((values[0] ?? 0) - 124)).toBeLessThanOrEqual(2);
      expect(Math.abs((values[1] ?? 0) - 217)).toBeLessThanOrEqual(2);
    }
  });

  it('keep their colours, also where nothing but DICOM says that they are RGB', async () => {
    const red = Uint8Array.from({ length: 1536 }, (_, i) => [200, 30, 40][i % 3] ?? 0);
    const jpeg = await sharp(red, { raw: { ...size, channels: 3 } })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const shown = async (colour: string, bytes: Buffer) => {
      const frame = await firstFrame({
        transferSyntax: JPEG,
        elements: [...elements, THREE, [0x00280004, 'CS', colour], [0x00280006, 'US', 0]],
        pixels: [bytes],
      });
      return [...frame.payload.subarray(0, 3)];
    };
    const [r = 0, g = 0, b = 0] = await shown('YBR_FULL_422', jpeg);
    expect([r, g, b].map((value, i) => Math.abs(value - ([200, 30, 40][i] ?? 0)) <= 3)).toEqual([
      true,
      true,
      true,
    ]);
    // Without a JFIF marker (18 bytes behind the first two) only DICOM's word is left.
    const isMarked = jpeg.readUInt16BE(2) === 0xffe0;
    const bare = isMarked ? Buffer.concat([jpeg.subarray(0, 2), jpeg.subarray(20)]) : jpeg;
    const [luma = 0, blue = 0, red2 = 0] = await shown('RGB', bare);
    expect(
      [luma, blue, red2].map((value, i) => Math.abs(value - ([82, 104, 212][i] ?? 0)) <= 3),
    ).toEqual([true, true, true]);
  });

  it('are refused where their size is another one, or they are no JPEG (ECHOLINE_CLIP_DATA)', async () => {
    const jpeg = await grayJpeg(ramp(4));
    for (const [pixels, words] of [
      [[jpeg], 'the header says 4 × 2'],
      [[jpeg.subarray(0, jpeg.length / 2)], 'frame 0: its JPEG cannot be decoded'],
      [[Buffer.from('<svg/>')], 'does not start as a JPEG'],
    ] as const) {
      const isSmall = words.startsWith('the header');
      const changes = isSmall ? [] : elements;
      const refused = await refuse({ transferSyntax: JPEG, elements: changes, pixels });
      expect(refused.code).toBe('ECHOLINE_CLIP_DATA');
      expect(refused.message).toMatch(isSmall ? /cannot be decoded|the header says/ : words);
    }
  });
});

describe('the times of a DICOM clip', () => {
  const times = async (...elements: DicomElement[]) => {
    const frames = await open({
      elements: [[0x00280008, 'IS', '3'], ...elements],
      pixels: Buffer.concat([GRAY, GRAY, GRAY]),
    });
    return frames.map(({ frame }) => frame.captureTimeUs);
  };

  it('come from the vector, the frame time, the cine rate or the display rate, in this order', async () => {
    const vector: DicomElement = [0x00181065, 'DS', '0\\33.3\\50'];
    const frameTime: DicomElement = [0x00181063, 'DS', '20.5'];
    const cine: DicomElement = [0x00180040, 'IS', '10'];
    const display: DicomElement = [0x00082144, 'IS', '5'];
    expect(await times(vector, frameTime, cine, display)).toEqual([0, 33_300, 83_300]);
    expect(await times(frameTime, cine, display)).toEqual([0, 20_500, 41_000]);
    expect(await times([0x00181063, 'DS', '0'], cine, display)).toEqual([0, 100_000, 200_000]);
    expect(await times(display)).toEqual([0, 200_000, 400_000]);
  });

  it('are asked for where nothing tells them (ECHOLINE_CLIP_TIMESTAMPS)', async () => {
    for (const elements of [
      [],
      [[0x00181065, 'DS', '0\\33']],
      [[0x00181065, 'DS', '0\\33\\-33']],
      [[0x00181063, 'DS', '1e-300']],
    ] as const) {
      const refused = await refusalOf(times(...(elements as readonly DicomElement[])));
      expect(refused.code).toBe('ECHOLINE_CLIP_TIMESTAMPS');
      expect(refused.message).toContain('--fps');
    }
    const file = dicomFile({ elements: [[0x00280008, 'IS', '2']], pixels: TWICE });
    const frames = await framesOf(dicomClip('a.dcm', file, { fps: 25 }));
    expect(frames.map(({ frame }) => frame.captureTimeUs)).toEqual([0, 40_000]);
  });
});

describe('the regions of a DICOM file', () => {
  const REGIONS = 0x00186011;
  const withRegions = (...regions: (readonly DicomElement[])[]) => [
    [REGIONS, 'SQ', regions] as const,
  ];

  it.each([IMPLICIT, EXPLICIT])('give pane, spacing (cm × 10) and probe (%s)', async (syntax) => {
    const probe: DicomElement = [0x00186031, 'CS', 'CURVED LINEAR'];
    const frame = await firstFrame({
      transferSyntax: syntax,
      elements: withRegions(region([1, 0, 3, 1], [probe])),
    });
    expect(frame.spacing).toEqual({ xMm: 0.125, yMm: 0.2 });
    expect(frame.probeGeometry).toBe('curvilinear');
    expect(frame.extensions).toMatchObject({
      imagingMode: null,
      panes: [{ rect: { xPx: 1, yPx: 0, widthPx: 3, heightPx: 2 }, spacing: frame.spacing }],
    });
  });

  it('give no millimetres unless both units are cm and both deltas are numbers', async () => {
    for (const change of [
      [0x00186024, 'US', 4],
      [0x00186026, 'US', 0],
      [0x0018602c, 'FD', 0],
      [0x0018602e, 'FD', Number.NaN],
    ] as const) {
      const frame = await firstFrame({ elements: withRegions(region([0, 0, 3, 1], [change])) });
      expect(frame.spacing).toBeNull();
      expect(frame.extensions.panes).toHaveLength(1);
    }
    const mirrored: DicomElement = [0x0018602e, 'FD', -0.02];
    const upward = await firstFrame({ elements: withRegions(region([0, 0, 3, 1], [mirrored])) });
    expect(upward.spacing?.yMm).toBeCloseTo(0.2, 12);
  });

  it('never give the millimetres of a spectrum, and say what the mode is', async () => {
    const spectrum = region(
      [0, 0, 3, 0],
      [
        [0x00186012, 'US', 3],
        [0x00186014, 'US', 3],
      ],
    );
    const motion = region([0, 0, 3, 0], [[0x00186012, 'US', 2]]);
    const flow = region([1, 0, 2, 1], [[0x00186014, 'US', 2]]);
    const tissue = region([0, 0, 3, 1]);
    const alone = await firstFrame({ elements: withRegions(spectrum) });
    expect(alone).toMatchObject({ spacing: null, extensions: { panes: [], imagingMode: null } });
    const moving = await firstFrame({ elements: withRegions(motion) });
    expect(moving).toMatchObject({ spacing: null, extensions: { panes: [], imagingMode: 'm' } });
    const beside = await firstFrame({ elements: withRegions(spectrum, tissue) });
    expect(beside).toMatchObject({ spacing: { yMm: 0.2 }, extensions: { imagingMode: null } });
    const coloured = await firstFrame({ elements: withRegions(tissue, flow) });
    expect(coloured.extensions).toMatchObject({ imagingMode: 'colour', panes: [] });
  });

  it('tell no pane where there is colour in it, so that the engine sees it', async () => {
    const elements = [THREE, [0x00280004, 'CS', 'RGB'] as const, [0x00280006, 'US', 0] as const];
    const inColour = withRegions(region([0, 0, 3, 1]));
    const frame = await firstFrame({ elements: [...elements, ...inColour], pixels: COLOURS });
    expect(frame).toMatchObject({ format: 'rgba8', extensions: { panes: [] } });
    const below = withRegions(region([0, 1, 3, 1]));
    const gray = await firstFrame({ elements: [...elements, ...below], pixels: COLOURS });
    expect(gray).toMatchObject({ format: 'rgba8', extensions: { panes: [{ rect: { yPx: 1 } }] } });
  });

  it('are refused when several show tissue, or one is outside (ECHOLINE_CLIP_HEADER)', async () => {
    const twice = await refuse({
      elements: withRegions(region([0, 0, 1, 1]), region([2, 0, 3, 1])),
    });
    expect(twice.code).toBe('ECHOLINE_CLIP_HEADER');
    expect(twice.message).toContain('2 × 2 px at (0, 0) and 2 × 2 px at (2, 0)');
    expect(
      await open({ elements: withRegions(region([0, 0, 3, 1]), region([0, 0, 3, 1])) }),
    ).toHaveLength(1);
    for (const corners of [
      [2, 0, 1, 1],
      [0, 0, 9, 1],
      [4, 0, 4, 1],
    ] as const) {
      const refused = await refuse({ elements: withRegions(region(corners)) });
      expect(refused.code).toBe('ECHOLINE_CLIP_HEADER');
    }
  });
});

describe('burned-in text', () => {
  it('is excluded only by a clear NO', async () => {
    for (const [value, expected] of [
      ['NO', false],
      ['YES', true],
      ['', true],
      [null, true],
    ] as const) {
      const elements: DicomElement[] = value === null ? [] : [[0x00280301, 'CS', value]];
      expect((await firstFrame({ elements })).flags.mayCarryText).toBe(expected);
    }
  });
});

describe('a DICOM file in a folder', () => {
  it('is known by its content, and its frames say nothing of the patient', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'IM_0001'), dicomFile({ pixels: GRAY }));
    const clip = await openClip(join(folder, 'IM_0001'), OWN_TIMES);
    const text = JSON.stringify([clip, await framesOf(clip)]);
    expect(text).toContain('IM_0001');
    expect(text).not.toContain(PATIENT.name);
    expect(text).not.toContain(PATIENT.id);
  });
});
