import { describe, expect, it } from 'vitest';
import { createDemoClip } from '../../src/phantom/demo-clip.js';
import { phantomLabel } from '../../src/phantom/phantom-classes.js';

describe('createDemoClip', () => {
  it('tells its story: nothing, a needle, a fading tip, a second path, a bolus, an injection', () => {
    const clip = createDemoClip({ widthPx: 96, heightPx: 96, seed: 1 });
    expect(clip.frameCount).toBeGreaterThanOrEqual(300);
    expect(clip.frameCount).toBeLessThanOrEqual(480);
    let needleFree = 0;
    let faded = 0;
    let visible = 0;
    let lastAreaMm2 = 0;
    let labels = new Set<number>();
    for (let index = 0; index < clip.frameCount; index++) {
      const { truth } = clip.nextFrame();
      if (truth.needle === null) needleFree++;
      else if (truth.needle.tipVisible) visible++;
      else faded++;
      lastAreaMm2 = truth.injectateAreaMm2;
      if (index === clip.frameCount - 1) labels = new Set(truth.labels.data);
    }
    expect(needleFree / clip.frameCount).toBeGreaterThanOrEqual(0.1);
    expect(needleFree / clip.frameCount).toBeLessThan(0.25);
    expect(faded).toBeGreaterThanOrEqual(15);
    expect(faded).toBeLessThan(60);
    expect(visible / clip.frameCount).toBeGreaterThan(0.6);
    expect(lastAreaMm2).toBeGreaterThan(30);
    for (const name of ['nerve', 'artery', 'vein', 'bone', 'fascia', 'injectate'] as const) {
      expect(labels, name).toContain(phantomLabel(name));
    }
  });
});
