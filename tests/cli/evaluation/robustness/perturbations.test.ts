import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/cli/evaluation/bootstrap.js';
import type { EvaluationFrame } from '../../../../src/cli/evaluation/evaluation-frame.js';
import type { Perturbation } from '../../../../src/cli/evaluation/robustness/perturbation.js';
import { PERTURBATIONS } from '../../../../src/cli/evaluation/robustness/robustness.js';
import { accepted } from '../../../../src/cli/evaluation/robustness/stream-perturbations.js';
import type { PointPx } from '../../../../src/domain/geometry.js';
import { imageOf } from '../../../support/speckle-image.js';
import { frameOf } from '../../../support/test-frame.js';

const SIDE = 128;
const TIP: PointPx = { xPx: 70, yPx: 60 };
const SPACING = { xMm: 0.2, yMm: 0.2 };
/** Gray with a bright blob of 5 px at the tip and a black border, which is no echo data. */
const image = imageOf(SIDE, SIDE, (x, y) => {
  if (x < 8 || x >= SIDE - 8) return 0;
  return Math.hypot(x - TIP.xPx, y - TIP.yPx) < 3 ? 240 : 70;
});
const CLIP: readonly EvaluationFrame[] = Array.from({ length: 24 }, (_, index) => ({
  frame: frameOf(image, { frameId: index, captureTimeUs: index * 40_000, spacing: SPACING }),
  needle: { kind: 'visible', tip: TIP, shaft: { from: { xPx: 10, yPx: 0 }, to: TIP } },
  labels: null,
}));

const named = (name: string): Perturbation => {
  const found = PERTURBATIONS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no perturbation ${name}`);
  return found;
};
const apply = async (perturbation: Perturbation, seed = 3) =>
  await perturbation.apply(CLIP, seededRandom(seed));

/** Centre of what is brighter than everything else: where the blob went. */
async function blobOf({ frame }: EvaluationFrame): Promise<PointPx> {
  const { data } =
    frame.format === 'jpeg'
      ? await sharp(frame.payload).grayscale().raw().toBuffer({ resolveWithObject: true })
      : { data: frame.payload };
  const first = 9 * frame.widthPx;
  const brightest = data.subarray(first).reduce((most, level) => Math.max(most, level), 0);
  let sum = 0;
  let x = 0;
  let y = 0;
  for (let i = first; i < frame.widthPx * frame.heightPx; i++) {
    const excess = (data[i] ?? 0) - 0.8 * brightest;
    if (excess <= 0) continue;
    sum += excess;
    x += excess * (i % frame.widthPx);
    y += excess * Math.floor(i / frame.widthPx);
  }
  return { xPx: x / sum, yPx: y / sum };
}

describe('perturbations', () => {
  // Text is as bright as the blob; the letterbox has a test of its own.
  const moving = PERTURBATIONS.filter(({ name }) => name !== 'letterbox and text');

  it.each(moving.map((one) => [one.name, one] as const))(
    '%s: the truth stays on the tip, and the clip that went in is untouched',
    async (_name, perturbation) => {
      const before = image.data.slice();
      const sent = await apply(perturbation);
      expect(Buffer.compare(image.data, before)).toBe(0);
      expect(sent.length).toBeGreaterThan(10);
      for (const evaluationFrame of sent) {
        const { needle, frame } = evaluationFrame;
        expect(frame.payload.length).toBeGreaterThan(0);
        if (needle.kind !== 'visible') continue;
        const blob = await blobOf(evaluationFrame);
        expect(Math.hypot(blob.xPx - needle.tip.xPx, blob.yPx - needle.tip.yPx)).toBeLessThan(1);
      }
      expect(sent.filter(({ needle }) => needle.kind === 'visible').length).toBeGreaterThan(8);
    },
  );

  it('have names of their own, and come out the same for the same seed', async () => {
    expect(new Set(PERTURBATIONS.map(({ name }) => name)).size).toBe(PERTURBATIONS.length);
    // Vitest compares typed arrays byte by byte and slowly; text is enough.
    const text = (sent: readonly EvaluationFrame[]) =>
      sent
        .map(({ frame, needle }) => {
          const { payload, ...head } = frame;
          return JSON.stringify([head, needle, Buffer.from(payload).toString('base64')]);
        })
        .join();
    for (const perturbation of PERTURBATIONS) {
      const once = text(await apply(perturbation));
      const again = text(await apply(perturbation));
      expect(once === again).toBe(true);
    }
  });

  it('change the pixels as a scanner would, and leave black what is no echo data', async () => {
    const levelAt = async (name: string, x: number, y: number) =>
      (await apply(named(name)))[0]?.frame.payload[y * SIDE + x];
    expect(await levelAt('gain +12 dB', 30, 100)).toBe(121);
    expect(await levelAt('gain -12 dB', 30, 100)).toBe(19);
    expect(await levelAt('gain +12 dB', 2, 100)).toBe(0);
    expect(await levelAt('dynamic range 40 dB', 30, 100)).toBe(0);
    expect(await levelAt('dynamic range 80 dB', 30, 100)).toBe(116);
    expect(await levelAt('gray map darker', 30, 100)).toBe(32);
    expect(await levelAt('TGC tilt +12 dB', 30, 0)).toBeLessThan(50);
    expect(await levelAt('TGC tilt +12 dB', 30, SIDE - 1)).toBeGreaterThan(90);
    const centre = [TIP.xPx, TIP.yPx] as const;
    expect(await levelAt('PSF blur', ...centre)).toBeLessThan(235);
    expect(await levelAt('PSF sharpen', ...centre)).toBeGreaterThan(240);
  });

  it('flip: the tip comes from the other side, and the orientation says so or does not', async () => {
    const [said] = await apply(named('left-right flip, said'));
    const [silent] = await apply(named('left-right flip'));
    expect([said?.frame.orientation, silent?.frame.orientation]).toEqual(['UF', 'MF']);
    expect(silent?.needle).toMatchObject({ tip: { xPx: SIDE - 1 - TIP.xPx, yPx: TIP.yPx } });
  });

  it('letterbox: a larger screen with furniture, a smaller image, and a spacing to match', async () => {
    const [first] = await apply(named('letterbox and text'));
    if (first?.needle.kind !== 'visible') throw new Error('the tip is gone');
    const { frame, needle } = first;
    expect([frame.widthPx, frame.heightPx]).toEqual([179, 128]);
    expect(frame.spacing?.xMm).toBeCloseTo(0.2 / 0.75, 9);
    expect(frame.flags.mayCarryText).toBe(true);
    const level = (x: number, y: number) =>
      frame.payload[Math.round(y) * frame.widthPx + Math.round(x)];
    expect(level(needle.tip.xPx, needle.tip.yPx)).toBeGreaterThan(200);
    expect(level(100, 1)).toBe(60);
    expect(frame.payload.filter((value) => value === 210).length).toBeGreaterThan(100);
  });

  it('depth change: said at once, with the spacing that belongs to it', async () => {
    const sent = await apply(named('depth change in mid-clip'));
    expect(sent.map(({ frame }) => frame.flags.geometryChanged).indexOf(true)).toBe(12);
    expect(sent.filter(({ frame }) => frame.flags.geometryChanged)).toHaveLength(1);
    expect(sent[11]?.frame.spacing).toEqual(SPACING);
    expect(sent[12]?.frame.spacing?.xMm).toBeCloseTo(0.2 / 1.3, 9);
  });

  it('probe slide: as fast as it says, and frames whose tip slid out say nothing', async () => {
    const sent = await apply(named('probe slide 15 mm/s'));
    const places = sent.map(({ needle }) => (needle.kind === 'visible' ? needle.tip.xPx : null));
    const stepsMm = places.slice(1).map((x, index) => {
      const before = places[index];
      return x === null || before === null || before === undefined ? 0 : (x - before) * SPACING.xMm;
    });
    const fastest = Math.max(...stepsMm.map(Math.abs)) / 0.04;
    expect(fastest).toBeGreaterThan(13);
    expect(fastest).toBeLessThanOrEqual(15.01);
    const atEdge = CLIP.map((frame) => ({
      ...frame,
      needle: { kind: 'visible' as const, tip: { xPx: SIDE - 1, yPx: 60 }, shaft: null },
    }));
    const slid = await named('probe slide 15 mm/s').apply(atEdge, seededRandom(3));
    expect(slid.some(({ needle }) => needle.kind === 'unknown')).toBe(true);
  });

  it('streams: frames go missing, times waver but rise, late and repeated ones are refused', async () => {
    const dropped = await apply(named('frame drop 30 %'));
    expect(dropped.length).toBeGreaterThan(10);
    expect(dropped.length).toBeLessThan(22);
    const wavering = (await apply(named('timestamp jitter 15 ms'))).map(
      ({ frame }) => frame.captureTimeUs,
    );
    expect(wavering.every((time, index) => index === 0 || time > (wavering[index - 1] ?? 0))).toBe(
      true,
    );
    expect(wavering.some((time, index) => Math.abs(time - index * 40_000) > 5000)).toBe(true);
    const disordered = (await apply(named('duplicate and late frames'))).map(
      ({ frame }) => frame.frameId,
    );
    expect(disordered).toEqual([...new Set(disordered)].sort((a, b) => a - b));
    expect(disordered.length).toBeLessThan(24);
    const [a, b, c] = CLIP;
    if (!a || !b || !c) throw new Error('the clip is too short');
    expect(accepted([a, c, b, c]).map(({ frame }) => frame.frameId)).toEqual([0, 2]);
  });

  it('freeze and black: the picture of the moment stays, or there is none and no needle', async () => {
    const marked = CLIP.map((evaluationFrame, index) => {
      const payload = image.data.slice();
      payload[0] = index;
      return { ...evaluationFrame, frame: { ...evaluationFrame.frame, payload } };
    });
    const frozen = await named('freeze, said').apply(marked, seededRandom(1));
    expect(frozen.map(({ frame }) => frame.payload[0]).slice(6, 18)).toEqual([
      6, 7, 8, 8, 8, 8, 8, 8, 8, 8, 16, 17,
    ]);
    expect(frozen.map(({ frame }) => frame.frameId)).toEqual(CLIP.map((_, index) => index));
    expect(frozen.filter(({ frame }) => frame.flags.isFrozen)).toHaveLength(8);
    const silent = await named('freeze, not said').apply(marked, seededRandom(1));
    expect(silent.some(({ frame }) => frame.flags.isFrozen)).toBe(false);
    const black = await apply(named('black frames'));
    const dark = black.filter(({ frame }) => frame.payload.every((level) => level === 0));
    expect(dark.map(({ needle }) => needle.kind)).toEqual(['none', 'none', 'none']);
  });
});
