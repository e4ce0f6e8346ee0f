import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listRealVideos, readRealVideo } from '../../../src/cli/training/real-videos.js';
import { canReadFilms } from '../../../src/clips/video-programs.js';
import { scratchFolder } from '../../clips/clip-fixtures.js';
import { writeFilm } from '../../support/film.js';

const title = canReadFilms() ? 'a real video' : 'a real video: skipped, ffmpeg is not installed';

describe.skipIf(!canReadFilms())(title, { timeout: 60_000 }, () => {
  it('gives its first 120 frames, gray, at most 480 pixels on a side', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'lung'));
    const ramp = Buffer.from(
      Array.from({ length: 600 * 30 * 3 }, (_, i) => Math.floor((Math.floor(i / 3) % 600) / 3)),
    );
    // A coloured mark in the corner: the film comes in colour, the training sees it gray.
    ramp.set([250, 200, 0], 0);
    const output = ['-c:v', 'libx264', '-qp', '0', '-pix_fmt', 'yuv444p'];
    writeFilm(
      join(folder, 'lung', 'a.mp4'),
      Array.from({ length: 125 }, () => ramp),
      { widthPx: 600, heightPx: 30, pixelFormat: 'rgb24', output },
    );
    const [file, ...others] = listRealVideos(folder);
    expect(others).toEqual([]);
    if (file === undefined) throw new Error('no video');
    const { frames } = await readRealVideo(file);
    expect(frames).toHaveLength(120);
    const [first] = frames;
    expect(first).toMatchObject({ widthPx: 480, heightPx: 24, strideBytes: 480 });
    for (const x of [100, 240, 470]) {
      const wanted = (x * 600) / 480 / 3;
      expect(Math.abs((first?.data[480 * 12 + x] ?? 0) - wanted)).toBeLessThanOrEqual(3);
    }
  });
});
