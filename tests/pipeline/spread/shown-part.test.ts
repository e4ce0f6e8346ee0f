import { describe, expect, it } from 'vitest';
import { shownPart } from '../../../src/pipeline/spread/shown-part.js';

const region = { xPx: 100, yPx: 20, widthPx: 201, heightPx: 401 };

describe('the part of the network’s picture that shows echo data', () => {
  it('is the region of interest without an edge of two pixels', () => {
    const half = { a: 0.5, b: 0, c: 0, d: 0.5, e: -10, f: -10 };
    expect(shownPart(region, half)).toEqual({ left: 42, right: 138, top: 2, bottom: 198 });
  });

  it('is the same part of a mirrored image', () => {
    const mirrored = { a: -0.5, b: 0, c: 0, d: 0.5, e: 190, f: -10 };
    expect(shownPart(region, mirrored)).toEqual({ left: 42, right: 138, top: 2, bottom: 198 });
  });
});
