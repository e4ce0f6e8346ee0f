import { describe, expect, it } from 'vitest';
import type { AnatomyFamily } from '../../src/phantom/anatomy.js';
import { drawAnatomy } from '../../src/phantom/anatomy-families.js';
import { paintAnatomy } from '../../src/phantom/anatomy-paint.js';
import { createBeamGrid } from '../../src/phantom/beam-grid.js';
import { PHANTOM_CLASSES } from '../../src/phantom/phantom-classes.js';
import type { ProbeView } from '../../src/phantom/probe-view.js';
import { createRandom } from '../../src/phantom/random.js';
import type { TissueMaps } from '../../src/phantom/tissue-maps.js';

const LINEAR: ProbeView = {
  geometry: 'linear',
  depthMm: 45,
  halfWidthMm: 20,
  radiusMm: 0,
  halfAngleRad: 0,
};
const PHASED: ProbeView = {
  geometry: 'curvilinear',
  depthMm: 110,
  halfWidthMm: 10,
  radiusMm: 2,
  halfAngleRad: 0.75,
};
const NEW_FAMILIES: readonly AnatomyFamily[] = [
  'test-object',
  'gland',
  'organ',
  'pleura',
  'tendon',
];

function paint(family: AnatomyFamily, seed: number, view: ProbeView): TissueMaps {
  const isLinear = view.geometry === 'linear';
  const half = isLinear ? view.halfWidthMm : view.halfAngleRad;
  const grid = createBeamGrid({
    geometry: view.geometry,
    columns: 48,
    rows: 96,
    pitch: (2 * half) / 47,
    firstColumn: -half,
    rowMm: view.depthMm / 95,
    firstRowMm: 0,
    radiusMm: view.radiusMm,
  });
  return paintAnatomy(drawAnatomy(createRandom(seed), view, family), grid, 5);
}

function classesIn(family: AnatomyFamily): Set<string> {
  const found = new Set<string>();
  for (let seed = 0; seed < 16; seed++) {
    for (const view of [LINEAR, PHASED]) {
      for (const label of paint(family, seed, view).labels) {
        found.add(PHANTOM_CLASSES[label] ?? 'none');
      }
    }
  }
  return found;
}

describe('drawAnatomy', () => {
  it('calls everything in a test object background', () => {
    expect([...classesIn('test-object')]).toEqual(['background']);
  });

  it('finds no nerve and no vessel in chests and tendons, and no nerve in glands and organs', () => {
    for (const family of ['pleura', 'tendon'] as const) {
      const found = classesIn(family);
      for (const name of ['nerve', 'artery', 'vein', 'fluid']) expect(found).not.toContain(name);
      expect(found).toContain('bone');
    }
    for (const family of ['gland', 'organ'] as const) {
      expect(classesIn(family)).not.toContain('nerve');
    }
    expect(classesIn('organ')).toContain('vein');
    expect(classesIn('organ')).toContain('artery');
  });

  it('paints finite echoes and losses for every family under linear and phased probes', () => {
    for (const family of NEW_FAMILIES) {
      for (let seed = 50; seed < 58; seed++) {
        for (const view of [LINEAR, PHASED]) {
          const maps = paint(family, seed, view);
          for (const field of [maps.scatter, maps.interfaces, maps.lossDb]) {
            const isSound = field.every((value) => value >= 0 && value < 1e4);
            expect(isSound, `${family} ${seed} ${view.geometry}`).toBe(true);
          }
        }
      }
    }
  });

  it('draws and paints the same from the same seed', () => {
    for (const family of NEW_FAMILIES) {
      expect(paint(family, 7, LINEAR)).toEqual(paint(family, 7, LINEAR));
      expect(paint(family, 7, LINEAR)).not.toEqual(paint(family, 8, LINEAR));
    }
  });

  it('draws test objects and glands often, and still mostly limbs', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 2000; seed++) {
      const { family } = drawAnatomy(createRandom(seed), LINEAR);
      counts.set(family, (counts.get(family) ?? 0) + 1);
    }
    const share = (family: AnatomyFamily): number => (counts.get(family) ?? 0) / 2000;
    expect(share('test-object')).toBeGreaterThan(0.13);
    expect(share('gland')).toBeGreaterThan(0.06);
    const added = NEW_FAMILIES.reduce((sum, family) => sum + share(family), 0);
    expect(added).toBeLessThan(0.45);
  });
});
