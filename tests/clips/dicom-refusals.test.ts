import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dicomClip } from '../../src/clips/dicom.js';
import { openClip } from '../../src/clips/open-clip.js';
import { isEcholineError } from '../../src/domain/errors.js';
import {
  type DicomElement,
  type DicomFileOptions,
  dicomFile,
  JPEG,
  PATIENT,
  RLE,
  region,
  rleFragment,
} from '../support/dicom-file.js';
import { seededRandom } from '../support/speckle-image.js';
import { framesOf, refusalOf, scratchFolder } from './clip-fixtures.js';

const OWN_TIMES = { fps: null };
const GRAY = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const TWO: readonly DicomElement[] = [
  [0x00280008, 'IS', '2'],
  [0x00181063, 'DS', '40'],
];

async function open(file: Buffer) {
  return framesOf(dicomClip('a.dcm', file, OWN_TIMES));
}
function refuse(options: Partial<DicomFileOptions>) {
  return refusalOf(open(dicomFile({ pixels: GRAY, ...options })));
}

describe('a DICOM file that is refused', () => {
  it.each([
    ['1.2.840.10008.1.2.4.90', 'JPEG 2000 (1.2.840.10008.1.2.4.90)', 'gdcmconv --raw'],
    ['1.2.840.10008.1.2.4.80', 'JPEG-LS', 'dcmdjpls'],
    ['1.2.840.10008.1.2.4.70', 'JPEG extended or lossless', 'dcmdjpeg'],
    ['1.2.840.10008.1.2.4.102', 'an MPEG film', 'gdcmraw'],
    ['1.2.840.10008.1.2.1.99', 'Deflated', 'dcmconv'],
    ['1.2.840.10008.1.2.2', 'Big Endian', 'dcmconv'],
    ['1.2.3.4', 'unknown here (1.2.3.4)', 'gdcmconv'],
  ])(
    'is told its transfer syntax and what converts it: %s (ECHOLINE_CLIP_UNKNOWN_FORMAT)',
    async (transferSyntax, meaning, command) => {
      const refused = await refuse({ transferSyntax, pixels: [GRAY] });
      expect(refused.code).toBe('ECHOLINE_CLIP_UNKNOWN_FORMAT');
      for (const words of [meaning, command]) expect(refused.message).toContain(words);
    },
  );

  it('is no ultrasound, or a volume (ECHOLINE_CLIP_UNKNOWN_FORMAT)', async () => {
    const computed = await refuse({
      elements: [
        [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'],
        [0x00080060, 'CS', 'CT'],
      ],
    });
    expect(computed.code).toBe('ECHOLINE_CLIP_UNKNOWN_FORMAT');
    expect(computed.message).toContain('modality CT');
    const volume: DicomElement = [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.6.2'];
    expect((await refuse({ elements: [volume] })).message).toContain('ultrasound volume');
    const captured: DicomElement = [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7'];
    expect(await open(dicomFile({ pixels: GRAY, elements: [captured] }))).toHaveLength(1);
  });

  it('has no pixels, or no frame (ECHOLINE_CLIP_EMPTY)', async () => {
    const none = await refuse({ pixels: new Uint8Array(0) });
    expect(none.code).toBe('ECHOLINE_CLIP_EMPTY');
    expect(none.message).toContain('no pixel data');
    const zero = await refuse({ elements: [[0x00280008, 'IS', '0']] });
    expect(zero.code).toBe('ECHOLINE_CLIP_EMPTY');
  });

  it.each<readonly [DicomElement | readonly [number, null], string]>([
    [[0x00280004, 'CS', 'YBR_RCT'], 'found YBR_RCT'],
    [[0x00280004, null], 'PhotometricInterpretation'],
    [[0x00280002, 'US', 3], 'SamplesPerPixel'],
    [[0x00280100, 'US', 16], 'BitsAllocated'],
    [[0x00280103, 'US', 1], 'PixelRepresentation'],
    [[0x00280010, 'US', 0], 'Rows'],
    [[0x00280011, null], 'Columns'],
    [[0x00280008, 'IS', 'many'], 'NumberOfFrames'],
    [[0x00280004, 'CS', 'PALETTE COLOR'], 'palette'],
  ])('has an element that cannot be: %j (ECHOLINE_CLIP_HEADER)', async (element, words) => {
    const refused = await refuse({ elements: [element] });
    expect(refused.code).toBe('ECHOLINE_CLIP_HEADER');
    expect(refused.message).toContain(words);
  });

  it('claims other lengths than it has (ECHOLINE_CLIP_DATA)', async () => {
    for (const options of [
      { elements: TWO },
      { elements: [[0x00280010, 'US', 3]] as const },
      { pixels: new Uint8Array(12) },
      { transferSyntax: RLE, elements: TWO, pixels: [rleFragment([GRAY])] },
      { transferSyntax: RLE, elements: TWO, pixels: [1, 2, 3].map(() => rleFragment([GRAY])) },
      { transferSyntax: JPEG, pixels: [] },
      { transferSyntax: RLE, pixels: [rleFragment([GRAY, GRAY, GRAY])] },
      { transferSyntax: RLE, pixels: [rleFragment([GRAY.subarray(0, 5)])] },
      { transferSyntax: RLE, pixels: [new Uint8Array(10)] },
    ]) {
      const refused = await refuse(options);
      expect(refused.code, JSON.stringify(options)).toBe('ECHOLINE_CLIP_DATA');
      expect(refused.message).toContain('copy or export it again');
    }
  });

  it('is too large for a frame (ECHOLINE_CLIP_LIMIT)', async () => {
    const refused = await refuse({
      elements: [
        [0x00280010, 'US', 65_535],
        [0x00280011, 'US', 65_535],
      ],
    });
    expect(refused.code).toBe('ECHOLINE_CLIP_LIMIT');
  });

  it('is named as one but is none (ECHOLINE_CLIP_UNKNOWN_FORMAT)', async () => {
    const path = join(scratchFolder(), 'IM1.dcm');
    writeFileSync(path, 'not DICOM');
    expect((await refusalOf(openClip(path, OWN_TIMES))).code).toBe('ECHOLINE_CLIP_UNKNOWN_FORMAT');
  });

  it('is refused wherever it is cut off, and says nothing of the patient', async () => {
    const whole = richFile();
    expect(await open(whole)).toHaveLength(2);
    for (let length = 0; length < whole.length; length++) {
      const refused = await refusalOf(open(whole.subarray(0, length)));
      expect(refused.code).toMatch(/^ECHOLINE_CLIP_(HEADER|DATA|EMPTY|UNKNOWN_FORMAT)$/);
      expect(refused.message).not.toContain(PATIENT.name);
      expect(refused.message).not.toContain(PATIENT.id);
    }
  });
});

function richFile(transferSyntax = RLE): Buffer {
  return dicomFile({
    transferSyntax,
    elements: [...TWO, [0x00186011, 'SQ', [region([0, 0, 3, 1])]]],
    pixels:
      transferSyntax === RLE
        ? [rleFragment([GRAY]), rleFragment([GRAY.toReversed()])]
        : Buffer.concat([GRAY, GRAY]),
  });
}

describe('the DICOM reader', { timeout: 120_000 }, () => {
  it('answers any bytes with frames or a coded error (seeded fuzz)', async () => {
    const sources = [RLE, '1.2.840.10008.1.2', '1.2.840.10008.1.2.1'].map(richFile);
    const random = seededRandom(20_261_126);
    const below = (limit: number) => Math.floor(random() * limit);
    let accepted = 0;
    for (let round = 0; round < 2000; round++) {
      const bytes = Buffer.from(sources[round % sources.length] ?? []);
      for (let change = 1 + below(5); change > 0; change--) {
        // The preamble means nothing: changes go behind it.
        const at = 128 + below(bytes.length - 128);
        bytes[at] = [0, 255, 1 + below(255)][below(3)] ?? 0;
      }
      const cut = below(10) === 0 ? bytes.subarray(0, below(bytes.length)) : bytes;
      try {
        const frames = await open(cut);
        for (const { frame } of frames) {
          expect(frame.payload.length).toBe(frame.strideBytes * frame.heightPx);
          expect(Number.isSafeInteger(frame.captureTimeUs)).toBe(true);
          expect(JSON.stringify(frame.extensions)).not.toContain(PATIENT.name);
        }
        accepted += 1;
      } catch (error) {
        if (!isEcholineError(error)) throw error;
        expect(error.code).toMatch(/^ECHOLINE_CLIP_/);
        expect(error.message).not.toContain(PATIENT.name);
      }
    }
    expect(accepted).toBeGreaterThan(200);
    expect(accepted).toBeLessThan(2000);
  });
});
