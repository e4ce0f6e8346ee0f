import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findOverlayFault, OVERLAY_LIMITS } from '../../src/display/overlay-check.js';
import type { Overlay } from '../../src/domain/overlay.js';
import {
  sampleFrame,
  sampleOverlay,
  sampleStructure,
  visibleNeedle,
} from '../support/display-samples.js';
import { AT_RISK } from '../support/page-scene.js';

const frame = sampleFrame(1);
const nerve = sampleStructure('nerve', 10, 10, 40, 40);
const good = sampleOverlay(frame, { needle: visibleNeedle(60, 60), structures: [nerve] });

describe('an overlay that may be drawn', () => {
  it('has no fault, whatever stream is shown', () => {
    expect(findOverlayFault(good, null)).toBeNull();
    expect(findOverlayFault(good, 'test')).toBeNull();
  });

  it('may reach beyond the image as far as a canvas is exact', () => {
    const far = { xPx: -OVERLAY_LIMITS.coordinatePx, yPx: 0 };
    const contour = [far, { xPx: 5, yPx: 5 }, { xPx: 5, yPx: 9 }];
    const structures = [{ ...nerve, contour }];
    expect(findOverlayFault({ ...good, structures }, null)).toBeNull();
  });
});

describe('an overlay that must not be drawn', () => {
  const { guidance } = good;
  const cases: readonly (readonly [string, Partial<Overlay>, string])[] = [
    ['is about another stream', { stream: 'other' }, 'another stream'],
    ['has too many structures', { structures: Array(65).fill(nerve) }, '65 structures'],
    [
      'has ten thousand points in a contour',
      { structures: [{ ...nerve, contour: Array(10_000).fill({ xPx: 1, yPx: 1 }) }] },
      '10000 points',
    ],
    [
      'has too many points in all its contours',
      { structures: Array(5).fill({ ...nerve, contour: Array(1000).fill({ xPx: 1, yPx: 1 }) }) },
      '5000 points',
    ],
    [
      'has too many advisories',
      { guidance: { ...guidance, advisories: Array(33).fill(AT_RISK) } },
      'advisories',
    ],
    [
      'has a text without end',
      { guidance: { ...guidance, advisories: [{ ...AT_RISK, text: 'x'.repeat(301) }] } },
      'text',
    ],
    ['shows a tip where it is lost', { needle: { ...good.needle, state: 'lost' } }, 'has a tip'],
    ['says visible and has no tip', { needle: { ...good.needle, tip: null } }, 'has no tip'],
    ['has a tip without a radius', { needle: { ...good.needle, radius90Px: null } }, 'no radius'],
    ['has a negative radius', { needle: { ...good.needle, radius90Px: -3 } }, 'no radius'],
    ['has a negative radius in mm', { needle: { ...good.needle, radius90Mm: -3 } }, 'no radius'],
    ['says millimetres without a spacing', { spacing: null }, 'without a spacing'],
    [
      'has a tip beyond all images',
      { needle: { ...good.needle, tip: { xPx: 1e9, yPx: 0 } } },
      'far outside',
    ],
    [
      'has a contour beyond all images',
      { structures: [{ ...nerve, contour: [...nerve.contour, { xPx: 0, yPx: 1e9 }] }] },
      'contour is far',
    ],
  ];

  it.each(cases)('%s', (_title, changes, words) => {
    expect(findOverlayFault({ ...good, ...changes }, 'test')).toContain(words);
  });

  it('has any coordinate that is not a number', () => {
    const number = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY));
    fc.assert(
      fc.property(number, number, (xPx, yPx) => {
        const fault = findOverlayFault(
          { ...good, needle: { ...good.needle, tip: { xPx, yPx } } },
          null,
        );
        const isNear = [xPx, yPx].every((value) => Math.abs(value) <= OVERLAY_LIMITS.coordinatePx);
        expect(fault === null).toBe(isNear);
      }),
      { seed: 3 },
    );
  });
});
