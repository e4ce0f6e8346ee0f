import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openClip } from '../../src/clips/open-clip.js';
import { canReadFilms } from '../../src/clips/video-programs.js';
import { framesOf, REAL_DATA, refusalOf } from './clip-fixtures.js';

const PLUS = join(REAL_DATA, 'clips/plus');
const PHANTOM = join(REAL_DATA, 'quality-phantom');
const isHere = existsSync(PLUS) && existsSync(PHANTOM);
const LUNG = join(REAL_DATA, 'lung');
const hasFilms = existsSync(LUNG) && canReadFilms();
const title = isHere ? 'real clips' : `real clips: skipped, ${REAL_DATA} is not on this machine`;

describe.skipIf(!isHere)(title, () => {
  it.each([
    ['BoneUltrasound_L14', 21, 820, 616],
    ['NwirePhantomFreehand', 97, 820, 616],
    ['SpinePhantomFreehand', 21, 820, 616],
    ['USTC_3NWires_ProbeTranslation', 159, 820, 616],
    ['UltrasonixCurvilinearScanConvertedData', 5, 820, 616],
    ['fCal_Test_Validation_3NWires', 94, 820, 616],
  ])(
    '%s.igs.mha opens with rising times, MF, and no spacing',
    async (name, count, width, height) => {
      const clip = await openClip(join(PLUS, `${name}.igs.mha`), { fps: null });
      expect(clip).toMatchObject({ frameCount: count, widthPx: width, heightPx: height });
      let previousUs = -1;
      let bright = 0;
      for await (const { frame, truth } of clip.frames()) {
        expect(frame.captureTimeUs).toBeGreaterThan(previousUs);
        previousUs = frame.captureTimeUs;
        expect(frame).toMatchObject({ spacing: null, orientation: 'MF', format: 'gray8' });
        expect(frame.payload).toHaveLength(width * height);
        expect(truth).toBeNull();
        if (frame.payload.some((value) => value > 100)) bright += 1;
      }
      expect(bright).toBe(count);
    },
  );

  it('the clip without timestamps wants a frame rate (ECHOLINE_CLIP_TIMESTAMPS)', async () => {
    const file = 'SegmentationTest_BKMedical_RandomStepperMotionData2_Trimmed_Anonymized.igs.mha';
    const refused = await refusalOf(openClip(join(PLUS, file), { fps: null }));
    expect(refused.code).toBe('ECHOLINE_CLIP_TIMESTAMPS');
    const frames = await framesOf(await openClip(join(PLUS, file), { fps: 10 }));
    expect(frames.map(({ frame }) => frame.captureTimeUs)).toEqual(
      [0, 1, 2, 3, 4, 5].map((i) => i * 1e5),
    );
  });

  it('float images keep their spacing and their gray values', async () => {
    for (const file of readdirSync(PHANTOM).filter((name) => name.endsWith('.mha'))) {
      const clip = await openClip(join(PHANTOM, file), { fps: null });
      const [first] = await framesOf(clip);
      expect(first?.frame.spacing?.xMm).toBeCloseTo(0.047619, 6);
      expect(first?.frame.orientation).toBe('unknown');
      expect(Math.max(...(first?.frame.payload.subarray(0, 100_000) ?? []))).toBeGreaterThan(10);
    }
  });

  it('a folder of real images comes in natural order', async () => {
    const frames = await framesOf(await openClip(PHANTOM, { fps: null }));
    expect(frames).toHaveLength(9);
    expect(frames.every(({ frame }) => frame.format === 'png' && frame.widthPx > 500)).toBe(true);
  });
});

const films = hasFilms ? 'real films' : 'real films: skipped, no ffmpeg or no real data here';

describe.skipIf(!hasFilms)(films, { timeout: 120_000 }, () => {
  it.each([
    ['Vir_whitelung_h1n1.mp4', 123, 270, 'gray8', 4_880_000],
    ['Cov_recommendations_likebutterfly_mov5.mov', 138, 370, 'gray8', 6_044_118],
    ['Cov_convex_volpecelli_sonographic_v4.mov', 405, 414, 'rgba8', 10_358_974],
  ])('%s gives every frame with rising times', async (name, count, sidePx, format, lastUs) => {
    const clip = await openClip(join(LUNG, name), { fps: null });
    expect(clip).toMatchObject({ frameCount: count, widthPx: sidePx, heightPx: sidePx });
    let [frames, previousUs, lastFormat] = [0, -1, ''];
    for await (const { frame } of clip.frames()) {
      expect(frame.captureTimeUs).toBeGreaterThan(previousUs);
      expect(frame.payload).toHaveLength(frame.strideBytes * sidePx);
      frames += 1;
      previousUs = frame.captureTimeUs;
      lastFormat = frame.format;
    }
    expect({ frames, lastFormat, previousUs }).toEqual({
      frames: count,
      lastFormat: format,
      previousUs: lastUs,
    });
  });
});
