import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../src/cli/command-line.js';
import { type InferLine, inferCommand } from '../../../src/cli/commands/infer.js';
import { canReadFilms } from '../../../src/clips/video-programs.js';
import { scratchFolder } from '../../clips/clip-fixtures.js';
import { dicomFile, PATIENT, region } from '../../support/dicom-file.js';
import { writeFilm } from '../../support/film.js';
import { createTexture } from '../../support/speckle-image.js';
import { fakeContext } from '../fake-context.js';
import { needleModel } from './test-model.js';

const ENTRIES = [{ name: 'infer', load: async () => inferCommand }];
const SIDE = 128;
const texture = createTexture(41);
const image = Buffer.from(
  Array.from({ length: SIDE * SIDE }, (_, i) => texture((i % SIDE) / 2, i / (2 * SIDE))),
);

async function infer(path: string) {
  const context = fakeContext();
  const argv = ['infer', path, '--jsonl', '--model', needleModel()];
  const status = await runCommandLine(argv, ENTRIES, context);
  return { status, out: context.outLines, err: context.errLines.join('\n') };
}

describe('echoline infer', { timeout: 60_000 }, () => {
  it('reads DICOM with its millimetres, and says nothing of the patient', async () => {
    const path = join(scratchFolder(), 'cine.dcm');
    const file = dicomFile({
      elements: [
        [0x00280008, 'IS', '3'],
        [0x00181063, 'DS', '50'],
        [0x00280010, 'US', SIDE],
        [0x00280011, 'US', SIDE],
        [0x00186011, 'SQ', [region([0, 0, SIDE - 1, SIDE - 1])]],
      ],
      pixels: Buffer.concat([image, image, image]),
    });
    writeFileSync(path, file);
    const { status, out, err } = await infer(path);
    expect(status).toBe(0);
    const lines = out.map((line) => JSON.parse(line) as InferLine);
    expect(lines.map(({ captureTimeUs }) => captureTimeUs)).toEqual([0, 50_000, 100_000]);
    expect(lines[0]).toMatchObject({ file: 'cine.dcm', spacing: { xMm: 0.125, yMm: 0.2 } });
    for (const secret of [PATIENT.name, PATIENT.id]) {
      expect(out.join('\n') + err).not.toContain(secret);
    }
    writeFileSync(path, file.subarray(0, file.length - 100));
    const cut = await infer(path);
    expect(cut).toMatchObject({ out: [] });
    expect(cut.status).not.toBe(0);
    expect(cut.err).toContain('ECHOLINE_CLIP_DATA');
  });

  const without = canReadFilms() ? '' : ' (skipped: ffmpeg is not installed)';
  it.skipIf(!canReadFilms())(`reads a film frame by frame${without}`, async () => {
    const path = join(scratchFolder(), 'film.mkv');
    const output = ['-c:v', 'ffv1', '-pix_fmt', 'gray'];
    writeFilm(path, [image, image, image, image], { widthPx: SIDE, heightPx: SIDE, output });
    const { status, out } = await infer(path);
    expect(status).toBe(0);
    const lines = out.map((line) => JSON.parse(line) as InferLine);
    expect(lines.map(({ captureTimeUs }) => captureTimeUs)).toEqual([0, 40_000, 80_000, 120_000]);
    expect(lines[3]).toMatchObject({ file: 'film.mkv', index: 3, spacing: null });
  });
});
