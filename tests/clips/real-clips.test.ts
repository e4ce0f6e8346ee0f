import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openClip } from '../../src/clips/open-clip.js';
import { framesOf, REAL_DATA, refusalOf } from './clip-fixtures.js';

const PLUS = join(REAL_DATA, 'clips/plus');
const PHANTOM = join(REAL_DATA, 'quality-phantom');
const isHere = existsSync(PLUS) && existsSync(PHANTOM);
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
