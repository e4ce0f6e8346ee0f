import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openClip } from '../../src/clips/open-clip.js';
import {
  type DicomElement,
  type DicomFileOptions,
  dicomFile,
  EXPLICIT,
  IMPLICIT,
  JPEG,
  RLE,
  region,
  rleFragment,
} from '../support/dicom-file.js';
import { phantomFrames } from '../support/film.js';
import { framesOf, scratchFolder } from './clip-fixtures.js';

const isHere = ['dcmdump', 'dcmj2pnm'].every(
  (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0,
);
const title = isHere ? 'against DCMTK' : 'against DCMTK: skipped, dcmtk is not installed';
const SIZE = { width: 64, height: 48 };

/** Phantom frames, tinted where they are to be in colour. */
const grays = isHere ? phantomFrames(3, SIZE.width, SIZE.height) : [];
const rgb = grays.map((gray) =>
  Buffer.from([...gray].flatMap((value) => [value, Math.floor(value / 2), 255 - value])),
);
const planes = (interleaved: Buffer) =>
  [0, 1, 2].map((plane) => Buffer.from(interleaved.filter((_, index) => index % 3 === plane)));
const colour = (name: string, planar: 0 | 1): readonly DicomElement[] => [
  [0x00280002, 'US', 3],
  [0x00280004, 'CS', name],
  [0x00280006, 'US', planar],
];

const CASES: readonly (readonly [string, () => Promise<Partial<DicomFileOptions>>])[] = [
  ['implicit gray', async () => ({ transferSyntax: IMPLICIT, pixels: Buffer.concat(grays) })],
  ['explicit gray', async () => ({ transferSyntax: EXPLICIT, pixels: Buffer.concat(grays) })],
  [
    'inverted gray',
    async () => ({ elements: [[0x00280004, 'CS', 'MONOCHROME1']], pixels: Buffer.concat(grays) }),
  ],
  ['RGB by pixel', async () => ({ elements: colour('RGB', 0), pixels: Buffer.concat(rgb) })],
  [
    'RGB by plane',
    async () => ({ elements: colour('RGB', 1), pixels: Buffer.concat(rgb.flatMap(planes)) }),
  ],
  ['YBR_FULL', async () => ({ elements: colour('YBR_FULL', 0), pixels: Buffer.concat(rgb) })],
  [
    'RLE gray',
    async () => ({ transferSyntax: RLE, pixels: grays.map((gray) => rleFragment([gray])) }),
  ],
  [
    'RLE RGB',
    async () => ({
      transferSyntax: RLE,
      elements: colour('RGB', 1),
      pixels: rgb.map((frame) => rleFragment(planes(frame))),
    }),
  ],
  ['JPEG gray', async () => ({ transferSyntax: JPEG, pixels: await jpegs(grays, 1) })],
  [
    'JPEG YBR_FULL_422',
    async () => ({
      transferSyntax: JPEG,
      elements: colour('YBR_FULL_422', 0),
      pixels: await jpegs(rgb, 3),
    }),
  ],
];

function jpegs(frames: readonly Buffer[], channels: 1 | 3): Promise<Buffer[]> {
  return Promise.all(
    frames.map((frame) =>
      sharp(frame, { raw: { ...SIZE, channels } })
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .jpeg({ quality: 95 })
        .toBuffer(),
    ),
  );
}

/** Pixels of a binary PGM or PPM file as DCMTK writes it. */
function pnmPixels(path: string): Buffer {
  const file = readFileSync(path);
  const [header = ''] = /^P[56]\s+\d+\s+\d+\s+255\s/.exec(file.toString('latin1', 0, 40)) ?? [];
  expect(header).not.toBe('');
  return file.subarray(header.length);
}

/**
 * Two JPEG decoders differ in rounding and in how they spread chroma over two pixels; DCMTK inverts
 * and turns YBR_FULL into RGB with tables of whole numbers.
 */
function toleranceOf(name: string): number {
  if (name.startsWith('JPEG')) return 12;
  if (name.startsWith('YBR')) return 2;
  return name.startsWith('inverted') ? 1 : 0;
}

describe.skipIf(!isHere)(title, { timeout: 120_000 }, () => {
  it.each(CASES)('%s: both see the same pixels', async (name, make) => {
    const folder = scratchFolder();
    const path = join(folder, 'clip.dcm');
    const { elements = [], ...rest } = await make();
    const common: readonly DicomElement[] = [
      [0x00280008, 'IS', '3'],
      [0x00181063, 'DS', '33.3'],
      [0x00280010, 'US', SIZE.height],
      [0x00280011, 'US', SIZE.width],
      [0x00186011, 'SQ', [region([0, 0, 63, 47])]],
    ];
    writeFileSync(path, dicomFile({ pixels: [], ...rest, elements: [...common, ...elements] }));
    const dump = spawnSync('dcmdump', ['+P', '0018,602c', path]).stdout.toString();
    expect(dump).toContain('0.0125');
    const args = ['--all-frames', '--write-raw-pnm', path, join(folder, 'frame')];
    const decoded = spawnSync('dcmj2pnm', args);
    expect(decoded.status, decoded.stderr.toString()).toBe(0);
    const pictures = readdirSync(folder).filter((file) => /^frame.*\.p[gp]m$/.test(file));
    const frames = await framesOf(await openClip(path, { fps: null }));
    expect(pictures).toHaveLength(frames.length);
    for (const [index, picture] of pictures.sort().entries()) {
      const theirs = pnmPixels(join(folder, picture));
      const frame = frames[index]?.frame;
      const ours = frame?.payload.filter((_, i) => frame.format === 'gray8' || i % 4 !== 3);
      expect(ours).toHaveLength(theirs.length);
      const most = theirs.reduce(
        (d, value, i) => Math.max(d, Math.abs(value - (ours?.[i] ?? 0))),
        0,
      );
      expect(most).toBeLessThanOrEqual(toleranceOf(name));
    }
  });
});
