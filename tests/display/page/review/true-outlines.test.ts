import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trueOutlines } from '../../../../src/display/page/review/true-outlines.js';

/** A nerve where `isNerve` says so, on background. */
function simpleLabels(
  widthPx: number,
  heightPx: number,
  isNerve: (x: number, y: number) => boolean,
) {
  const map = Uint8Array.from({ length: widthPx * heightPx }, (_, at) =>
    isNerve(at % widthPx, Math.floor(at / widthPx)) ? 1 : 0,
  );
  return { labels: { widthPx, heightPx, classes: [null, 'nerve'] as const }, map };
}

describe('true outlines', () => {
  it('go round a rectangle on the sides of its pixels', () => {
    const { labels, map } = simpleLabels(8, 6, (x, y) => x >= 2 && x <= 4 && y >= 1 && y <= 2);
    const [outline, ...rest] = trueOutlines(labels, map);
    expect(rest).toEqual([]);
    expect(outline?.class).toBe('nerve');
    const xs = outline?.points.map(({ xPx }) => xPx) ?? [];
    const ys = outline?.points.map(({ yPx }) => yPx) ?? [];
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([1.5, 4.5]);
    expect([Math.min(...ys), Math.max(...ys)]).toEqual([0.5, 2.5]);
    expect(outline?.points.length).toBe(10);
  });

  it('give a hole an outline of its own, and the background none', () => {
    const { labels, map } = simpleLabels(7, 7, (x, y) => !(x === 3 && y === 3));
    const outlines = trueOutlines(labels, map);
    expect(outlines.map(({ points }) => points.length).sort((a, b) => a - b)).toEqual([4, 28]);
  });

  it('have every side between pixel pairs of another label exactly once, whatever the map', () => {
    const cells = fc.array(fc.boolean(), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(cells, (isNerve) => {
        const { labels, map } = simpleLabels(6, 5, (x, y) => isNerve[y * 6 + x] === true);
        const at = (x: number, y: number) =>
          x >= 0 && x < 6 && y >= 0 && y < 5 && isNerve[y * 6 + x] === true;
        const expected = new Set<string>();
        for (let y = 0; y <= 5; y += 1) {
          for (let x = 0; x <= 6; x += 1) {
            if (at(x, y) !== at(x - 1, y)) expected.add(`${x - 0.5},${y}`);
            if (at(x, y) !== at(x, y - 1)) expected.add(`${x},${y - 0.5}`);
          }
        }
        const found = trueOutlines(labels, map).flatMap(({ points }) =>
          points.map(({ xPx, yPx }) => `${xPx},${yPx}`),
        );
        expect(found.length).toBe(expected.size);
        expect(new Set(found)).toEqual(expected);
      }),
    );
  });
});
