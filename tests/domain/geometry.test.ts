import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { angleBetweenDeg, movedBy, polygonArea, stepsToEdge } from '../../src/domain/geometry.js';

const degrees = fc.integer({ min: -720, max: 720 });

describe('polygonArea', () => {
  it('is the same in both senses of rotation and wherever the polygon lies', () => {
    const triangle = [
      { xPx: 3, yPx: 1 },
      { xPx: 7, yPx: 1 },
      { xPx: 3, yPx: 4 },
    ];
    expect(polygonArea(triangle)).toBe(6);
    expect(polygonArea([...triangle].reverse())).toBe(6);
    expect(polygonArea(triangle.map(({ xPx, yPx }) => ({ xPx: xPx - 90, yPx })))).toBe(6);
  });

  it('is 0 for what encloses nothing', () => {
    expect(polygonArea([])).toBe(0);
    expect(polygonArea([{ xPx: 3, yPx: 1 }])).toBe(0);
  });
});

describe('movedBy', () => {
  it('displaces a point by both coordinates and leaves the given one as it is', () => {
    const point = { xPx: 3, yPx: -1 };
    expect(movedBy(point, { xPx: 0.5, yPx: 2 })).toEqual({ xPx: 3.5, yPx: 1 });
    expect(point).toEqual({ xPx: 3, yPx: -1 });
  });
});

describe('stepsToEdge', () => {
  const rect = { xPx: 10, yPx: 20, widthPx: 101, heightPx: 51 };

  it('reaches the nearer edge', () => {
    expect(stepsToEdge({ xPx: 60, yPx: 40 }, { xPx: 5, yPx: 1 }, rect)).toBe(10);
    expect(stepsToEdge({ xPx: 60, yPx: 40 }, { xPx: -1, yPx: -4 }, rect)).toBe(5);
  });

  it('never ends without a step, and is negative from beyond the edge', () => {
    const nowhere = stepsToEdge({ xPx: 60, yPx: 40 }, { xPx: 0, yPx: 0 }, rect);
    expect(nowhere).toBe(Number.POSITIVE_INFINITY);
    expect(stepsToEdge({ xPx: 120, yPx: 40 }, { xPx: 2, yPx: 0 }, rect)).toBe(-5);
  });
});

describe('angleBetweenDeg', () => {
  it('takes the shorter way round', () => {
    expect(angleBetweenDeg(170, -170)).toBe(20);
    expect(angleBetweenDeg(-90, 90)).toBe(180);
  });

  it('does not change when its directions change places or turn together', () => {
    fc.assert(
      fc.property(degrees, degrees, degrees, (a, b, turn) => {
        expect(angleBetweenDeg(b, a)).toBe(angleBetweenDeg(a, b));
        expect(angleBetweenDeg(a + turn, b + turn)).toBe(angleBetweenDeg(a, b));
      }),
    );
  });
});
