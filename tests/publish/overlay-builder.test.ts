import { describe, expect, it } from 'vitest';
import { type FrameFindings, NO_STAGE_MS } from '../../src/domain/overlay.js';
import { readableFindings } from '../../src/engine/written-findings.js';
import { encodeOverlay } from '../../src/protocol/overlay-message.js';
import { buildOverlay } from '../../src/publish/overlay-builder.js';
import type { FrameOutcome } from '../../src/session/frame-outcome.js';
import { sampleOverlay } from '../protocol/sample-overlay.js';
import { OK_RESULT } from '../support/fake-engine-stream.js';
import { testFrame } from '../support/frames.js';

const MODEL = { id: 'guidenet', sha256: 'ab' };

function sampleFindings(): FrameFindings {
  const { needle, structures, imageQuality, guidance } = sampleOverlay();
  return { needle, structures, imageQuality, guidance };
}

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

    expect(overlay.read()).toEqual({
      type: 'overlay',
      stream: 's',
      epoch: 2,
      trackEpoch: 3,
      frameId: 7,
      captureTimeUs: 1_000_000 + 7 * 33_333,
      image: { widthPx: 128, heightPx: 128 },
      spacing: null,
      ...findings.read(),
      stageMs,
      clock: { receivedAtUs: 1000, publishedAtUs: 6000, cartOffsetUs: -5, uncertaintyUs: 80 },
      model: MODEL,
    });
  });

  it('is written around the text of the engine as the object would be', () => {
    const json = Buffer.from(JSON.stringify({ ...sampleFindings(), imageQuality: 1 / 3 }));
    const result = { kind: 'ok', findings: readableFindings(json), stageMs: NO_STAGE_MS } as const;
    const overlay = buildOverlay('Säle 1', outcome(result), MODEL, 6000);

    expect(Buffer.from(overlay.write()).toString()).toBe(encodeOverlay(overlay.read()));
  });

  it.each([
    ['engine-unavailable', 'engine-unavailable'],
    ['inference-failed', 'engine-unavailable'],
    ['decode-failed', 'decode-failed'],
  ] as const)('says %s and shows no needle', (reason, tipReason) => {
    const overlay = buildOverlay('s', outcome({ kind: 'none', reason }), MODEL, 6000).read();

    expect(overlay.guidance).toMatchObject({ validity: 'unavailable', reasons: [reason] });
    expect(overlay.needle).toMatchObject({ state: 'absent', tip: null, shaft: null, tipReason });
    expect(overlay.structures).toEqual([]);
    expect(overlay.imageQuality).toBeNull();
  });
});
