import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unavailableGuidance } from '../../src/domain/guidance.js';
import { absentNeedle } from '../../src/domain/needle.js';
import type { FrameFindings } from '../../src/domain/overlay.js';
import type { Structure } from '../../src/domain/structure.js';
import { findingsJson, hundredths } from '../../src/engine/findings-json.js';

const NERVE: Structure = {
  id: 3,
  class: 'nerve',
  rule: 'keep-off',
  keepOffMm: 1.5,
  confidence: 0.1 + 0.2,
  contour: [
    { xPx: 10.005, yPx: -0.25 },
    { xPx: 1 / 3, yPx: 20 },
    { xPx: 99.999, yPx: 7.1 },
  ],
  areaMm2: null,
  isCoasting: true,
};

const FINDINGS: FrameFindings = {
  needle: absentNeedle('no-needle'),
  structures: [NERVE, { ...NERVE, id: 4, contour: [] }],
  imageQuality: 1 / 7,
  guidance: unavailableGuidance(['needle-not-seen']),
};

describe('findings as JSON', () => {
  it('say all that JSON.stringify would, with outlines rounded to hundredths of a pixel', () => {
    const round = (x: number): number => Math.round(100 * x) / 100;
    const structures = FINDINGS.structures.map((structure) => ({
      ...structure,
      contour: structure.contour.map(({ xPx, yPx }) => ({ xPx: round(xPx), yPx: round(yPx) })),
    }));
    expect(JSON.parse(findingsJson(FINDINGS))).toEqual({ ...FINDINGS, structures });
    const none = { ...FINDINGS, structures: [] };
    expect(JSON.parse(findingsJson(none))).toEqual(none);
  });

  it('round every number as arithmetic does', () => {
    const anyPlace = fc.oneof(
      fc.double({ min: -1e7, max: 1e7, noNaN: true }),
      fc.integer({ min: -300, max: 300 }).map((parts) => parts / 100),
    );
    fc.assert(
      fc.property(anyPlace, (x) => {
        expect(JSON.parse(hundredths(x)) + 0).toBe(Math.round(x * 100) / 100 + 0);
      }),
    );
  });
});
