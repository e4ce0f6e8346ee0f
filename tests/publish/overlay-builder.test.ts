import { describe, expect, it } from 'vitest';
import { buildOverlay } from '../../src/publish/overlay-builder.js';
import type { FrameOutcome } from '../../src/session/frame-outcome.js';
import { OK_RESULT } from '../support/fake-engine-stream.js';
import { testFrame } from '../support/frames.js';

const MODEL = { id: 'guidenet', sha256: 'ab' };

function outcome(result: FrameOutcome['result']): FrameOutcome {
  return {
    frame: testFrame(7, { epoch: 2, spacing: null }),
    trackEpoch: 3,
    receivedAtUs: 1000,
    clock: { cartOffsetUs: -5, uncertaintyUs: 80 },
    result,
    recording: null,
  };
}

describe('the overlay of a frame', () => {
  it('carries identity, times, findings and model', () => {
    if (OK_RESULT.kind !== 'ok') throw new Error('an ok result');
    const { findings, stageMs } = OK_RESULT;
    const overlay = buildOverlay('s', outcome({ kind: 'ok', findings, stageMs }), MODEL, 6000);

    expect(overlay).toEqual({
      type: 'overlay',
      stream: 's',
      epoch: 2,
      trackEpoch: 3,
      frameId: 7,
      captureTimeUs: 1_000_000 + 7 * 33_333,
      image: { widthPx: 128, heightPx: 128 },
      spacing: null,
      ...findings,
      stageMs,
      clock: { receivedAtUs: 1000, publishedAtUs: 6000, cartOffsetUs: -5, uncertaintyUs: 80 },
      model: MODEL,
    });
  });

  it.each([
    ['engine-unavailable', 'engine-unavailable'],
    ['inference-failed', 'engine-unavailable'],
    ['decode-failed', 'decode-failed'],
  ] as const)('says %s and shows no needle', (reason, tipReason) => {
    const overlay = buildOverlay('s', outcome({ kind: 'none', reason }), MODEL, 6000);

    expect(overlay.guidance).toMatchObject({ validity: 'unavailable', reasons: [reason] });
    expect(overlay.needle).toMatchObject({ state: 'absent', tip: null, shaft: null, tipReason });
    expect(overlay.structures).toEqual([]);
    expect(overlay.imageQuality).toBeNull();
  });
});
