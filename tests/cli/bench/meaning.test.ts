import { describe, expect, it } from 'vitest';
import { createMeaningHash } from '../../../src/cli/bench/meaning.js';
import type { Overlay } from '../../../src/domain/overlay.js';
import { sampleOverlay } from '../../protocol/sample-overlay.js';

function meaningOf(overlay: Overlay): string {
  const hash = createMeaningHash();
  hash.add(overlay);
  return hash.read();
}

const OVERLAY = sampleOverlay();

describe('the meaning of results', () => {
  it('does not depend on when or as what a frame was analysed', () => {
    const other = { ...OVERLAY, frameId: 99, stream: 'other', captureTimeUs: 5 };
    expect(meaningOf(other)).toBe(meaningOf(OVERLAY));
  });

  it('changes with the tip and with a contour', () => {
    const { needle, structures } = OVERLAY;
    const noTip = { ...OVERLAY, needle: { ...needle, tip: { xPx: 1, yPx: 99 } } };
    expect(meaningOf(noTip)).not.toBe(meaningOf(OVERLAY));
    expect(meaningOf({ ...OVERLAY, structures: structures.slice(1) })).not.toBe(meaningOf(OVERLAY));
  });
});
