import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceKernels as kernels } from '../../src/kernels/reference-kernels.js';

const side = 24;
const size = { width: side, height: side };

function fieldOf(valueAt: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: side * side }, (_, cell) => {
    return valueAt(cell % side, Math.floor(cell / side));
  });
}

function trace(field: Float32Array): (readonly [number, number])[] {
  const start = field.findIndex((value) => value > 0);
  const points = new Float32Array(4000);
  const count = kernels.traceContour(field, size, start, points);
  return Array.from({ length: count }, (_, i) => [points[2 * i] ?? 0, points[2 * i + 1] ?? 0]);
}

function areaOf(points: readonly (readonly [number, number])[]): number {
  return points.reduce((twice, [x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length] ?? [0, 0];
    return twice + (x * nextY - nextX * y) / 2;
  }, 0);
}

describe('labelComponents', () => {
  it('numbers regions of equal labels that touch along a side', () => {
    const labels = Uint8Array.from([1, 1, 0, 2, 0, 1, 2, 2, 1, 0, 2, 0]);
    const components = new Int32Array(12);
    const stack = new Int32Array(12);
    const count = kernels.labelComponents(labels, { width: 4, height: 3 }, components, stack);
    expect(count).toBe(3);
    expect([...components]).toEqual([1, 1, 0, 2, 0, 1, 2, 2, 3, 0, 2, 0]);
  });

  it('does not wrap around the sides and does not join corners', () => {
    const labels = Uint8Array.from([0, 1, 1, 0, 0, 1]);
    const components = new Int32Array(6);
    const stack = new Int32Array(6);
    expect(kernels.labelComponents(labels, { width: 2, height: 3 }, components, stack)).toBe(3);
  });
});

describe('traceContour', () => {
  it('follows a disc to a fraction of a cell', () => {
    const radius = 6.3;
    const points = trace(fieldOf((x, y) => radius - Math.hypot(x - 11.6, y - 12.2)));
    for (const [x, y] of points) {
      expect(Math.abs(Math.hypot(x - 11.6, y - 12.2) - radius)).toBeLessThan(0.1);
    }
    expect(areaOf(points)).toBeGreaterThan(0.96 * Math.PI * radius ** 2);
    expect(areaOf(points)).toBeLessThan(1.02 * Math.PI * radius ** 2);
  });

  it('ends half a cell outside at the edge of the grid', () => {
    const points = trace(fieldOf(() => 1));
    expect(Math.min(...points.map(([x]) => x))).toBe(-0.5);
    expect(Math.max(...points.map(([, y]) => y))).toBe(side - 0.5);
  });

  it('makes four points around a single cell', () => {
    expect(trace(fieldOf((x, y) => (x === 5 && y === 7 ? 1 : -1)))).toEqual([
      [5, 6.5],
      [5.5, 7],
      [5, 7.5],
      [4.5, 7],
    ]);
  });

  it('stops when the buffer is full', () => {
    const points = new Float32Array(10);
    expect(
      kernels.traceContour(
        fieldOf(() => 1),
        size,
        0,
        points,
      ),
    ).toBe(5);
  });

  it('encloses every cell of any region, on its right hand', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 576, maxLength: 576 }), (cells) => {
        const labels = Uint8Array.from(cells, (inside) => (inside ? 1 : 0));
        const components = new Int32Array(576);
        kernels.labelComponents(labels, size, components, new Int32Array(576));
        const field = Float32Array.from(components, (component) => (component === 1 ? 1 : -1));
        if (!field.some((value) => value > 0)) return true;
        const cellCount = field.filter((value) => value > 0).length;
        const area = areaOf(trace(field));
        // Each cell of a region without holes adds at least half its area at the rim.
        return area >= cellCount / 2;
      }),
      { numRuns: 40, seed: 8 },
    );
  });
});

describe('simplifyContour', () => {
  it('keeps the corners of a square and nothing between them', () => {
    const points: number[] = [];
    for (let i = 0; i < 10; i++) points.push(i, 0);
    for (let i = 0; i < 10; i++) points.push(10, i);
    for (let i = 0; i < 10; i++) points.push(10 - i, 10);
    for (let i = 0; i < 10; i++) points.push(0, 10 - i);
    const keep = new Uint8Array(40);
    expect(kernels.simplifyContour(Float32Array.from(points), 40, 0.1, keep)).toBe(4);
    expect([...keep].flatMap((kept, i) => (kept ? [i] : []))).toEqual([0, 10, 20, 30]);
  });

  it('keeps every left-out point within the tolerance', () => {
    const count = 120;
    const points = new Float32Array(2 * count);
    for (let i = 0; i < count; i++) {
      const angle = (2 * Math.PI * i) / count;
      points[2 * i] = 9 * Math.cos(angle) + 0.5 * Math.sin(7 * angle);
      points[2 * i + 1] = 9 * Math.sin(angle);
    }
    const keep = new Uint8Array(count);
    const kept = kernels.simplifyContour(points, count, 0.3, keep);
    expect(kept).toBeGreaterThan(8);
    expect(kept).toBeLessThan(40);
    const corners = [...keep].flatMap((flag, i) => (flag ? [i] : []));
    for (let i = 0; i < count; i++) {
      const after = corners.find((corner) => corner >= i) ?? corners[0] ?? 0;
      const before = [...corners].reverse().find((corner) => corner <= i) ?? 0;
      expect(distance(points, i, before, after)).toBeLessThanOrEqual(0.301);
    }
  });
});

function distance(points: Float32Array, i: number, a: number, b: number): number {
  const at = (index: number): [number, number] => [
    points[2 * index] ?? 0,
    points[2 * index + 1] ?? 0,
  ];
  const [x, y] = at(i);
  const [x0, y0] = at(a);
  const [x1, y1] = at(b);
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length === 0) return Math.hypot(x - x0, y - y0);
  return Math.abs((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / length;
}
