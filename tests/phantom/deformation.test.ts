import { describe, expect, it } from 'vitest';
import { drawArtery } from '../../src/phantom/anatomy-parts.js';
import { phantomLabel } from '../../src/phantom/phantom-classes.js';
import { createPhantomClip } from '../../src/phantom/phantom-clip.js';
import { createRandom } from '../../src/phantom/random.js';
import { plainScene } from './scene-fixtures.js';

describe('tissue motion', () => {
  it('makes an artery beat with the given rate and size', () => {
    const view = {
      geometry: 'linear',
      depthMm: 40,
      halfWidthMm: 20,
      radiusMm: 0,
      halfAngleRad: 0,
    } as const;
    const artery = { ...drawArtery(createRandom(1), view, 0, 18), radiusXMm: 5, radiusZMm: 5 };
    const scene = plainScene({ bodies: [artery] });
    if (scene.motion === undefined) throw new Error('the fixture has motion');
    const motion = { ...scene.motion, pulseHz: 1, pulseShare: 0.08 };
    const clip = createPhantomClip({
      seed: 1,
      widthPx: 200,
      heightPx: 200,
      scene: { ...scene, motion },
    });
    const areas: number[] = [];
    for (let index = 0; index < 30; index++) {
      const { data } = clip.nextFrame().truth.labels;
      areas.push(data.filter((label) => label === phantomLabel('artery')).length);
    }
    const growth = Math.max(...areas) / Math.min(...areas);
    expect(growth).toBeGreaterThan(1.1);
    expect(growth).toBeLessThan(1.2);
  });

  it('moves the image by as much as the truth says', () => {
    const scene = plainScene({});
    if (scene.motion === undefined) throw new Error('the fixture has motion');
    const slide = { amplitude: 4, rateHz: 0.5, phase: 0 };
    const clip = createPhantomClip({
      seed: 2,
      widthPx: 200,
      heightPx: 200,
      scene: { ...scene, motion: { ...scene.motion, slide } },
    });
    const before = clip.nextFrame().image.data;
    const { image, truth } = clip.nextFrame();
    expect(Math.abs(truth.probeShiftPx.xPx)).toBeGreaterThan(1.5);
    const best = bestShift(before, image.data, 200);
    expect(Math.abs(best - truth.probeShiftPx.xPx)).toBeLessThan(0.6);
  });
});

/** Whole-pixel lateral shift with the least difference in the middle of the image. */
function bestShift(before: Uint8Array, after: Uint8Array, widthPx: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let shift = -6; shift <= 6; shift++) {
    let sum = 0;
    for (let y = 80; y < 120; y++) {
      for (let x = 60; x < 140; x++) {
        const from = before[y * widthPx + x - shift] ?? 0;
        sum += Math.abs((after[y * widthPx + x] ?? 0) - from);
      }
    }
    if (sum < least) {
      least = sum;
      best = shift;
    }
  }
  return best;
}
