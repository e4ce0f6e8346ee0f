import { describe, expect, it } from 'vitest';
import { type Frame, NO_EXTENSIONS } from '../../src/domain/frame.js';
import { coldStartReason, continuityOf, TRACK_GAP_MAX_US } from '../../src/domain/track-epoch.js';

function frame(changes: Partial<Frame> = {}): Frame {
  return {
    epoch: 1,
    frameId: 2,
    captureTimeUs: 10_000_000,
    flags: { isFrozen: false, geometryChanged: false, mayCarryText: false },
    format: 'gray8',
    probeGeometry: 'linear',
    orientation: 'MF',
    widthPx: 2,
    heightPx: 1,
    strideBytes: 2,
    spacing: { xMm: 0.1, yMm: 0.1 },
    extensions: { ...NO_EXTENSIONS, depthMm: 40 },
    payload: new Uint8Array(2),
    ...changes,
  };
}

const flags = frame().flags;
const previous = continuityOf(frame({ captureTimeUs: 9_966_000 }));

describe('the track', () => {
  it('of the first frame starts without a reason', () => {
    expect(coldStartReason(null, frame())).toBeNull();
  });

  it('lives on from frame to frame', () => {
    expect(coldStartReason(previous, frame())).toBeNull();
  });

  it('lives on when only the pixels, the format or other extensions change', () => {
    const next = frame({
      format: 'jpeg',
      strideBytes: 0,
      payload: new Uint8Array(9),
      flags: { ...flags, mayCarryText: true },
      extensions: { ...NO_EXTENSIONS, depthMm: 40, gainDb: 3, deviceText: 'x' },
    });
    expect(coldStartReason(previous, next)).toBeNull();
  });

  it.each([
    ['cart-epoch', 'the cart numbers anew', frame({ epoch: 2 })],
    ['freeze', 'the image is frozen', frame({ flags: { ...flags, isFrozen: true } })],
    ['geometry', 'the cart says so', frame({ flags: { ...flags, geometryChanged: true } })],
    ['geometry', 'the width changes', frame({ widthPx: 1 })],
    ['geometry', 'the height changes', frame({ heightPx: 2 })],
    ['geometry', 'the spacing becomes unknown', frame({ spacing: null })],
    ['geometry', 'the spacing changes', frame({ spacing: { xMm: 0.1, yMm: 0.2 } })],
    ['geometry', 'the depth is not said any more', frame({ extensions: NO_EXTENSIONS })],
    ['geometry', 'the probe changes', frame({ probeGeometry: 'curvilinear' })],
    ['geometry', 'the image is flipped', frame({ orientation: 'UF' })],
    ['gap', 'capture time goes back', frame({ captureTimeUs: 9_965_999 })],
    [
      'gap',
      'nothing came for longer than a track may live',
      frame({ captureTimeUs: 9_966_000 + TRACK_GAP_MAX_US + 1 }),
    ],
  ] as const)('starts cold (%s) when %s', (reason, _when, next) => {
    expect(coldStartReason(previous, next)).toBe(reason);
  });

  it('survives a gap of exactly the longest', () => {
    const next = frame({ captureTimeUs: 9_966_000 + TRACK_GAP_MAX_US });
    expect(coldStartReason(previous, next)).toBeNull();
  });

  it('starts cold when the image is released again, and lives on while it stays frozen', () => {
    const frozen = frame({ flags: { ...flags, isFrozen: true } });
    expect(coldStartReason(continuityOf(frozen), frame())).toBe('freeze');
    expect(coldStartReason(continuityOf(frozen), frozen)).toBeNull();
  });
});
