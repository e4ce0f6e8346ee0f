import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openClip } from '../../src/clips/open-clip.js';
import { openVideo } from '../../src/clips/video.js';
import { VideoDecoder } from '../../src/clips/video-decoder.js';
import { canReadFilms } from '../../src/clips/video-programs.js';
import type { ClipFrame } from '../../src/domain/clip.js';
import { phantomFrames, runFfmpeg, UNEVEN_MS, unevenTimes, writeFilm } from '../support/film.js';
import { framesOf, refusalOf, scratchFolder } from './clip-fixtures.js';

const OWN_TIMES = { fps: null };
const SIZE = { widthPx: 98, heightPx: 73 };
const LOSSLESS = ['-c:v', 'libx264', '-qp', '0', '-pix_fmt', 'yuvj444p'];
const title = canReadFilms() ? 'a film' : 'a film: skipped, ffmpeg is not installed';
const folder = scratchFolder();
const frames = canReadFilms() ? phantomFrames(10, SIZE.widthPx, SIZE.heightPx) : [];
const at = (name: string) => join(folder, name);

/** A film with its index first, so that a part of it can be read. */
function longFilm(name: string): Buffer {
  const many = Array.from({ length: 6 }, () => frames).flat();
  const output = [...LOSSLESS, '-g', '1', '-movflags', '+faststart'];
  writeFilm(at(name), many, { ...SIZE, output });
  return readFileSync(at(name));
}

/** What came before a clip ended in an error, and the error. */
async function untilError(path: string) {
  const clip = await openClip(path, OWN_TIMES);
  const came: ClipFrame[] = [];
  const refused = await refusalOf(
    (async () => {
      for await (const frame of clip.frames()) came.push(frame);
    })(),
  );
  return { came, refused };
}

describe.skipIf(!canReadFilms())(title, { timeout: 120_000 }, () => {
  it.each([
    ['film.mp4', LOSSLESS],
    ['film.mov', LOSSLESS],
    ['film.mkv', ['-c:v', 'ffv1', '-pix_fmt', 'gray']],
    ['film.avi', ['-c:v', 'ffv1', '-pix_fmt', 'gray']],
    ['film.webm', ['-c:v', 'libvpx-vp9', '-lossless', '1', '-pix_fmt', 'yuv420p']],
  ])('%s gives every frame once, gray, with its time, twice over', async (name, output) => {
    writeFilm(at(name), frames, { ...SIZE, output });
    const clip = await openClip(at(name), OWN_TIMES);
    expect(clip).toMatchObject({ name, ...SIZE, isSimulated: false });
    const read = (await framesOf(clip)).map(({ frame }) => frame);
    expect(read.map(({ captureTimeUs }) => captureTimeUs)).toEqual(
      frames.map((_, index) => 40_000 * index),
    );
    // Studio range (webm) rounds each gray value; the others keep it.
    const tolerance = name.endsWith('webm') ? 1 : 0;
    for (const [index, { payload, format, flags, spacing }] of read.entries()) {
      expect({ format, mayCarryText: flags.mayCarryText, spacing }).toEqual({
        format: 'gray8',
        mayCarryText: true,
        spacing: null,
      });
      expect(greatestDifference(payload, frames[index] ?? Buffer.alloc(0))).toBeLessThanOrEqual(
        tolerance,
      );
    }
    expect(await framesOf(clip)).toHaveLength(frames.length);
  });

  it('keeps the uneven times of its frames, or takes the rate that was asked for', async () => {
    const output = ['-vf', unevenTimes(), '-fps_mode', 'passthrough', '-bf', '2'];
    output.push('-enc_time_base', '1/1000', ...LOSSLESS);
    writeFilm(at('uneven.mp4'), frames, { ...SIZE, output });
    const times = async (fps: number | null) =>
      (await framesOf(await openClip(at('uneven.mp4'), { fps }))).map(
        ({ frame }) => frame.captureTimeUs,
      );
    expect(await times(null)).toEqual(UNEVEN_MS.map((time) => 1000 * time));
    expect((await times(10)).slice(0, 3)).toEqual([0, 100_000, 200_000]);
  });

  it('is shown as its rotation and its pixels say', async () => {
    writeFilm(at('upright.mp4'), frames, { ...SIZE, output: LOSSLESS });
    runFfmpeg(['-i', at('upright.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', at('t.mp4')]);
    const [turned] = await framesOf(await openClip(at('t.mp4'), OWN_TIMES));
    expect(turned?.frame).toMatchObject({ widthPx: SIZE.heightPx, heightPx: SIZE.widthPx });
    const corner = turned?.frame.payload[turned.frame.widthPx - 1];
    const first = frames[0] ?? Buffer.alloc(0);
    const corners = [first[0], first[first.length - 1]];
    expect(corners).toContain(corner);
    const output = ['-vf', 'setsar=2/1', ...LOSSLESS];
    writeFilm(at('wide.mp4'), frames, { ...SIZE, output });
    expect(await openClip(at('wide.mp4'), OWN_TIMES)).toMatchObject({
      widthPx: 2 * SIZE.widthPx,
      heightPx: SIZE.heightPx,
    });
  });

  it('is coloured from the first frame on that shows colour', async () => {
    const painted = frames.map((frame, index) => {
      const rgb = Buffer.from([...frame].flatMap((value) => [value, value, value]));
      // Flow in the middle, from the sixth frame on.
      for (let y = 30; index >= 5 && y < 50; y++) {
        for (let x = 40; x < 60; x++) rgb.set([220, 30, 30], 3 * (y * SIZE.widthPx + x));
      }
      return rgb;
    });
    const output = ['-c:v', 'ffv1', '-pix_fmt', 'bgr0'];
    writeFilm(at('flow.mkv'), painted, { ...SIZE, pixelFormat: 'rgb24', output });
    const read = await framesOf(await openClip(at('flow.mkv'), OWN_TIMES));
    const formats = read.map(({ frame }) => frame.format);
    expect(formats).toEqual([...Array(5).fill('gray8'), ...Array(5).fill('rgba8')]);
    const flow = read[9]?.frame;
    const pixel = 4 * (40 * SIZE.widthPx + 50);
    const [red = 0, green = 0, blue = 0, opacity = 0] = flow?.payload.subarray(pixel) ?? [];
    expect(flow).toMatchObject({ strideBytes: 4 * SIZE.widthPx });
    expect(Math.abs(red - 220)).toBeLessThanOrEqual(3);
    expect(Math.abs(green - 30)).toBeLessThanOrEqual(3);
    expect(Math.abs(blue - 30)).toBeLessThanOrEqual(3);
    expect(opacity).toBe(255);
  });

  it('that is cut off gives the frames that are there, then an error (ECHOLINE_CLIP_DATA)', async () => {
    for (const name of ['long.mp4', 'long.mkv', 'long.avi']) {
      if (name === 'long.mp4') longFilm(name);
      else runFfmpeg(['-i', at('long.mp4'), '-c:v', 'ffv1', '-pix_fmt', 'gray', at(name)]);
      const whole = readFileSync(at(name));
      writeFileSync(at(`cut-${name}`), whole.subarray(0, Math.floor(0.6 * whole.length)));
      const { came, refused } = await untilError(at(`cut-${name}`));
      expect(refused.code).toBe('ECHOLINE_CLIP_DATA');
      expect(refused.message).toContain(`${came.length} frames`);
      expect(came.length).toBeGreaterThan(10);
      expect(came.length).toBeLessThan(60);
    }
  });

  it('without its index, or damaged from the start, is refused (ECHOLINE_CLIP_DATA)', async () => {
    writeFilm(at('plain.mp4'), frames, { ...SIZE, output: LOSSLESS });
    const whole = readFileSync(at('plain.mp4'));
    writeFileSync(at('headless.mp4'), whole.subarray(0, whole.length / 2));
    const refused = await refusalOf(openClip(at('headless.mp4'), OWN_TIMES));
    expect(refused.code).toBe('ECHOLINE_CLIP_DATA');
    expect(refused.message).toContain('moov atom not found');
    writeFileSync(at('none.mkv'), Buffer.from('1a45dfa3ffffffff', 'hex'));
    expect((await refusalOf(openClip(at('none.mkv'), OWN_TIMES))).code).toBe('ECHOLINE_CLIP_DATA');
  });

  it('without pictures is told to have none (ECHOLINE_CLIP_EMPTY)', async () => {
    runFfmpeg(['-f', 'lavfi', '-i', 'sine=d=0.2', at('sound.mp4')]);
    const sound = await refusalOf(openClip(at('sound.mp4'), OWN_TIMES));
    expect(sound.code).toBe('ECHOLINE_CLIP_EMPTY');
    expect(sound.message).toContain('1 streams are sound or data');
    writeFilm(at('void.avi'), [], { ...SIZE, output: ['-c:v', 'mjpeg'] });
    const { refused } = await untilError(at('void.avi'));
    expect(refused.code).toBe('ECHOLINE_CLIP_EMPTY');
  });

  it('ends its ffmpeg as soon as nobody wants frames any more', async () => {
    longFilm('endless.mp4');
    for await (const { frame } of (await openClip(at('endless.mp4'), OWN_TIMES)).frames()) {
      expect(frame.frameId).toBe(0);
      break;
    }
    await waitUntil(() => !isReading(at('endless.mp4')));
    expect(isReading(at('endless.mp4'))).toBe(false);
  });

  it('whose ffmpeg falls silent is given up (ECHOLINE_CLIP_DATA)', async () => {
    const silent = at('silent-ffmpeg');
    writeFileSync(silent, '#!/bin/sh\nexec sleep 60\n');
    chmodSync(silent, 0o755);
    const decoder = new VideoDecoder({
      path: at('film.mp4'),
      container: 'mov',
      facts: { ...SIZE, frameCount: null, durationS: null },
      ffmpeg: silent,
      silenceMaxMs: 50,
    });
    const refused = await refusalOf(decoder.next());
    decoder.close();
    expect(refused.code).toBe('ECHOLINE_CLIP_DATA');
    expect(refused.message).toContain('gave nothing for 0.05 s');
  });

  it('is refused where ffmpeg is older than 5.1 (ECHOLINE_CLIP_DECODER_MISSING)', async () => {
    const old = at('old-ffmpeg');
    writeFileSync(old, '#!/bin/sh\necho "Unrecognized option \'fps_mode\'." >&2\nexit 1\n');
    chmodSync(old, 0o755);
    writeFilm(at('new.mkv'), frames, { ...SIZE, output: ['-c:v', 'ffv1', '-pix_fmt', 'gray'] });
    const programs = { ffmpeg: old, ffprobe: 'ffprobe' };
    const clip = await openVideo(at('new.mkv'), 'matroska', OWN_TIMES, programs);
    const refused = await refusalOf(framesOf(clip));
    expect(refused.code).toBe('ECHOLINE_CLIP_DECODER_MISSING');
    expect(refused.message).toContain('5.1 or newer');
  });
});

describe('without ffmpeg', () => {
  const film = at('any.mp4');

  it('a film is refused with what to install and what to convert (ECHOLINE_CLIP_DECODER_MISSING)', async () => {
    writeFileSync(film, Buffer.from('00000020667479706d70343200000000', 'hex'));
    const programs = { ffmpeg: at('no-ffmpeg'), ffprobe: at('no-ffprobe') };
    expect(canReadFilms(programs)).toBe(false);
    const refused = await refusalOf(openVideo(film, 'mov', OWN_TIMES, programs));
    expect(refused.code).toBe('ECHOLINE_CLIP_DECODER_MISSING');
    expect(refused.message).toContain('apt-get install ffmpeg');
    expect(refused.message).toContain(
      `mkdir frames && ffmpeg -nostdin -i '${film}' -fps_mode passthrough frames/%06d.png`,
    );
  });

  it('the same is said when only one of its two programs is there', async () => {
    const decoder = new VideoDecoder({
      path: film,
      container: 'mov',
      facts: { ...SIZE, frameCount: null, durationS: null },
      ffmpeg: at('no-ffmpeg'),
    });
    const refused = await refusalOf(
      (async () => {
        await decoder.next();
        await decoder.complaint();
      })(),
    );
    decoder.close();
    expect(refused.code).toBe('ECHOLINE_CLIP_DECODER_MISSING');
  });
});

function greatestDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? 0))), 0);
}

function isReading(path: string): boolean {
  return execFileSync('ps', ['-eo', 'args']).toString().includes(`-i file:${path}`);
}

async function waitUntil(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !isSo(); turn++) {
    await new Promise((done) => setImmediate(done));
  }
}
