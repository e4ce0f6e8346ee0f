import { describe, expect, it } from 'vitest';
import { PassRecord } from '../../../src/cli/demo/demo-figures.js';
import type { DemoFrame } from '../../../src/cli/demo/demo-frame.js';
import { NO_EXTENSIONS } from '../../../src/domain/frame.js';
import type { PointPx } from '../../../src/domain/geometry.js';
import { unavailableGuidance } from '../../../src/domain/guidance.js';
import { absentNeedle } from '../../../src/domain/needle.js';
import { NO_STAGE_MS, type Overlay } from '../../../src/domain/overlay.js';

const SPACING = { xMm: 0.1, yMm: 0.1 };

function demoFrame(tip: PointPx | null, tipVisible = true): DemoFrame {
  return {
    frame: {
      epoch: 1,
      frameId: 0,
      captureTimeUs: 0,
      flags: { isFrozen: false, geometryChanged: false, mayCarryText: false },
      format: 'gray8',
      probeGeometry: 'linear',
      orientation: 'MF',
      widthPx: 2,
      heightPx: 2,
      strideBytes: 2,
      spacing: SPACING,
      extensions: NO_EXTENSIONS,
      payload: new Uint8Array(4),
    },
    truth: {
      kind: 'known',
      needle:
        tip === null
          ? null
          : { tip, tipVisible, approach: 'in-plane', shaft: null, shaftVisibility: [] },
    },
    offsetUs: 0,
  };
}

function overlay(frameId: number, tip: PointPx | null): Overlay {
  return {
    type: 'overlay',
    stream: 's',
    epoch: 1,
    trackEpoch: 0,
    frameId,
    captureTimeUs: 0,
    image: { widthPx: 2, heightPx: 2 },
    spacing: SPACING,
    needle:
      tip === null
        ? absentNeedle('no-needle')
        : { ...absentNeedle('no-needle'), state: 'tip-visible', tip, tipReason: null },
    structures: [],
    imageQuality: null,
    guidance: unavailableGuidance([]),
    stageMs: { ...NO_STAGE_MS, infer: 3 },
    clock: { receivedAtUs: 0, publishedAtUs: 0, cartOffsetUs: null, uncertaintyUs: null },
    model: { id: 'm', sha256: '0' },
  };
}

describe('the figures of a demo pass', () => {
  it('count latency from when a frame was due, not from when it was sent', () => {
    const record = new PassRecord();
    record.offer(0, demoFrame(null), 100);
    record.overlay(overlay(0, null), 112.5);

    expect(record.figures().offerToOverlayMs).toEqual({
      p50: 12.5,
      p95: 12.5,
      p99: 12.5,
      max: 12.5,
    });
    expect(record.figures().stageMs.infer).toBe(3);
  });

  it('take a tip within 2 mm as found and one beyond as an error that is not', () => {
    const record = new PassRecord();
    record.offer(0, demoFrame({ xPx: 100, yPx: 100 }), 0);
    record.overlay(overlay(0, { xPx: 119, yPx: 100 }), 1);
    record.offer(1, demoFrame({ xPx: 100, yPx: 100 }), 0);
    record.overlay(overlay(1, { xPx: 121, yPx: 100 }), 1);

    expect(record.figures().recallAt2mm).toBe(0.5);
    expect(record.figures().tipErrorMm).toEqual({ median: 1.9, p95: 2.1 });
  });

  it('keep frames without an overlay in the denominator of the recall', () => {
    const record = new PassRecord();
    record.offer(0, demoFrame({ xPx: 1, yPx: 1 }), 0);
    record.overlay(overlay(0, { xPx: 1, yPx: 1 }), 1);
    record.offer(1, demoFrame({ xPx: 1, yPx: 1 }), 0);
    record.verdict('superseded');

    expect(record.figures().recallAt2mm).toBe(0.5);
    expect(record.figures().verdicts.superseded).toBe(1);
    expect(record.open).toBe(1);
  });

  it('count a tip on a needle-free frame as false, and ignore hidden tips', () => {
    const record = new PassRecord();
    record.offer(0, demoFrame(null), 0);
    record.overlay(overlay(0, { xPx: 1, yPx: 1 }), 1);
    record.offer(1, demoFrame(null), 0);
    record.overlay(overlay(1, null), 1);
    record.offer(2, demoFrame({ xPx: 1, yPx: 1 }, false), 0);
    record.overlay(overlay(2, { xPx: 1, yPx: 1 }), 1);

    const figures = record.figures();
    expect(figures.falseTipRate).toBe(0.5);
    expect(figures.recallAt2mm).toBeNull();
    expect(figures.framesWithoutNeedle).toBe(2);
  });

  it('ignore an overlay for a frame that was never offered', () => {
    const record = new PassRecord();
    record.overlay(overlay(9, null), 1);

    expect(record.figures().overlays).toBe(0);
  });
});
