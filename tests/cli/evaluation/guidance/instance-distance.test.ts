import { describe, expect, it } from 'vitest';
import {
  instanceDistanceMm,
  instanceOf,
} from '../../../../src/cli/evaluation/guidance/instance-distance.js';
import { truthShapes } from '../../../../src/cli/evaluation/truth-shapes.js';

const SIDE = 40;
const data = new Uint8Array(SIDE * SIDE);
for (let y = 10; y < 20; y++) for (let x = 10; x < 20; x++) data[y * SIDE + x] = 1;
for (let y = 30; y < 36; y++) for (let x = 30; x < 36; x++) data[y * SIDE + x] = 1;
const shapes = truthShapes({
  widthPx: SIDE,
  heightPx: SIDE,
  classes: ['background', 'nerve'],
  data,
});
const SPACING = { xMm: 0.5, yMm: 0.5 };
const contour = [
  { xPx: 10, yPx: 10 },
  { xPx: 19, yPx: 10 },
  { xPx: 19, yPx: 19 },
  { xPx: 10, yPx: 19 },
];

describe('the true distance from the region that a contour is about', () => {
  it('is measured from that region and no other one of its class', () => {
    const number = instanceOf(contour, shapes, (name) => name === 'nerve');
    if (number === null) throw new Error('Expected a region.');
    const at = (xPx: number, yPx: number) =>
      instanceDistanceMm({ xPx, yPx }, number, shapes, SPACING);
    expect(at(25, 15)).toBeCloseTo(0.5 * 6 - 0.25);
    expect(at(29, 33)).toBeGreaterThan(5);
    expect(at(15, 12)).toBeCloseTo(-0.5 * 2 - 0.25);
  });

  it('is about nothing where there is no region, or none of a wanted class', () => {
    const far = contour.map(({ xPx, yPx }) => ({ xPx: xPx + 100, yPx }));
    expect(instanceOf(far, shapes, () => true)).toBeNull();
    expect(instanceOf(contour, shapes, (name) => name === 'artery')).toBeNull();
  });
});
