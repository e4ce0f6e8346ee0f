import { describe, expect, it } from 'vitest';
import { blendEcho, type EchoBlend } from '../../../src/phantom/composite/echo-blend.js';
import { TILE_PX } from '../../../src/phantom/composite/speckle-tile.js';

const BLEND: EchoBlend = {
  neperPerLevel: (Math.LN10 / 20) * (60 / 255),
  tissueLevel: 80,
  grainNeper: 0,
  kneeLevel: 190,
  ceilingLevel: 230,
  peakDb: 35,
  tile: new Float32Array(TILE_PX * TILE_PX),
};

describe('blendEcho', () => {
  it('adds powers: an echo as strong as the tissue raises it by 3 dB', () => {
    const raised = blendEcho(BLEND, 80, 1, 0, 0);
    expect((raised - 80) * (60 / 255)).toBeCloseTo(10 * Math.log10(2), 3);
  });

  it('leaves the picture as it is where there is no echo', () => {
    for (const level of [0, 30, 120, 250])
      expect(blendEcho(BLEND, level, 0, 1, 1)).toBeCloseTo(level, 5);
  });

  it('never passes the still’s ceiling and never darkens', () => {
    for (const level of [0, 100, 200, 228]) {
      let before = level;
      for (const amplitude of [0.1, 1, 10, 100, 1000]) {
        const sum = blendEcho(BLEND, level, amplitude, 0, 0);
        expect(sum).toBeGreaterThanOrEqual(before - 1e-6);
        expect(sum).toBeLessThanOrEqual(Math.max(230, level + 4) + 1e-6);
        before = sum;
      }
    }
  });
});
