import { describe, expect, it } from 'vitest';
import type { AnatomyFamily, AnatomyScript, Body } from '../../src/phantom/anatomy.js';
import { drawAnatomy } from '../../src/phantom/anatomy-families.js';
import type { ProbeView } from '../../src/phantom/probe-view.js';
import { createRandom } from '../../src/phantom/random.js';
import { widenVessels } from '../../src/phantom/vessel-looks.js';

const VIEW: ProbeView = {
  geometry: 'linear',
  depthMm: 45,
  halfWidthMm: 20,
  radiusMm: 0,
  halfAngleRad: 0,
};

function pairs(family: AnatomyFamily): { before: AnatomyScript; after: AnatomyScript }[] {
  return Array.from({ length: 60 }, (_, seed) => {
    const before = drawAnatomy(createRandom(seed), VIEW, family);
    return { before, after: widenVessels(createRandom(seed).fork('vessels'), VIEW, before) };
  });
}

function isVessel({ kind }: Body): boolean {
  return kind === 'artery' || kind === 'vein';
}

describe('widenVessels', () => {
  const limbs = pairs('neurovascular');

  it('leaves nerves and what is neither vessel nor added as they are', () => {
    for (const { before, after } of limbs) {
      const others = before.bodies.filter((body) => !isVessel(body));
      expect(after.bodies.filter((body) => others.includes(body))).toEqual(others);
      const count = (anatomy: AnatomyScript) =>
        anatomy.bodies.filter(({ kind }) => kind === 'nerve').length;
      expect(count(after)).toBe(count(before));
    }
  });

  it('leaves organs and test objects alone', () => {
    for (const family of ['organ', 'gland', 'test-object', 'tendon'] as const) {
      for (const { before, after } of pairs(family)) expect(after).toBe(before);
    }
  });

  it('draws gray lumens and black ones, walls that are seen and that are not', () => {
    const vessels = limbs.flatMap(({ after }) => after.bodies.filter(isVessel));
    const share = (has: (body: Body) => boolean): number =>
      vessels.filter(has).length / vessels.length;
    expect(share(({ echoDb }) => echoDb > -16)).toBeGreaterThan(0.15);
    expect(share(({ echoDb }) => echoDb < -20)).toBeGreaterThan(0.3);
    expect(share(({ wallDb }) => wallDb < -6)).toBeGreaterThan(0.15);
    expect(share(({ wallDb }) => wallDb > 5)).toBeGreaterThan(0.15);
    expect(share(({ radiusXMm }) => radiusXMm < 2)).toBeGreaterThan(0.04);
  });

  it('lays vessels against each other without burying nerves', () => {
    let touching = 0;
    for (const { before, after } of limbs) {
      const added = after.bodies.slice(before.bodies.length);
      for (const body of added.filter(isVessel)) {
        for (const other of after.bodies) {
          if (other === body || !(isVessel(other) || other.kind === 'nerve')) continue;
          const dx = (body.xMm - other.xMm) / (body.radiusXMm + other.radiusXMm);
          const dz = (body.zMm - other.zMm) / (body.radiusZMm + other.radiusZMm);
          const apart = Math.hypot(dx, dz);
          if (apart < 1.1) touching++;
          expect(apart).toBeGreaterThan(other.kind === 'nerve' ? 0.84 : 0.7);
        }
      }
    }
    expect(touching).toBeGreaterThan(10);
  });

  it('is the same again from the same seed', () => {
    expect(pairs('roots')).toEqual(pairs('roots'));
  });
});
