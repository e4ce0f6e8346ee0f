import { describe, expect, it } from 'vitest';
import type { Advisory } from '../../../src/domain/advisory.js';
import { type Clearance, unavailableGuidance } from '../../../src/domain/guidance.js';
import type { ProcedureFrame } from '../../../src/domain/procedure-frame.js';
import {
  addMotion,
  type MotionMetrics,
  motionMetrics,
  NO_MOTION,
} from '../../../src/session/procedure/motion-metrics.js';
import { scriptedFrame, strokes } from '../../support/procedure-frames.js';

function metricsOf(
  frames: readonly ProcedureFrame[],
  technique: 'in-plane' | 'out-of-plane' = 'in-plane',
): MotionMetrics {
  return motionMetrics(frames.reduce(addMotion, NO_MOTION), technique);
}

function clearance(clearanceMm: number | null, changes: Partial<Clearance> = {}): Clearance {
  return {
    structureId: 1,
    structureClass: 'nerve',
    clearanceMm,
    lowerBoundMm: clearanceMm === null ? null : clearanceMm - 1,
    trajectoryClearanceMm: null,
    trajectoryLowerBoundMm: null,
    reason: null,
    ...changes,
  };
}

function advisory(kind: Advisory['kind']): Advisory {
  return {
    kind,
    priority: 'low',
    text: kind,
    structureId: null,
    structureClass: null,
    sinceUs: 0,
    isSilenced: false,
  };
}

const guided = (changes: Partial<ReturnType<typeof unavailableGuidance>>) => ({
  guidance: { ...unavailableGuidance([]), ...changes },
});

describe('the metrics of a procedure', () => {
  it('are empty before the first frame', () => {
    expect(metricsOf([])).toEqual({
      passes: 0,
      redirections: 0,
      passesReason: null,
      needleInViewMs: 0,
      tipVisibleMs: 0,
      tipVisibleShare: null,
      unseenAdvanceMm: 0,
      closest: [],
      advisories: [],
      spreads: [],
      frames: 0,
    });
  });

  it('say how long the needle and its tip were seen', () => {
    const states = ['tip-visible', 'tip-visible', 'shaft-only', 'tip-coasting'] as const;
    const frames = [
      ...states.map((state, index) => scriptedFrame(index, { depthMm: 20, state })),
      scriptedFrame(4, null),
      scriptedFrame(5, null),
    ];
    const { needleInViewMs, tipVisibleMs, tipVisibleShare } = metricsOf(frames);
    expect(needleInViewMs).toBe(133);
    expect(tipVisibleMs).toBe(67);
    expect(tipVisibleShare).toBeCloseTo(0.5, 6);
  });

  it('let a frame count for half a second at most when none follows', () => {
    const frames = [0, 300].map((index) => scriptedFrame(index, { depthMm: 20 }));
    expect(metricsOf(frames)).toMatchObject({ needleInViewMs: 500, tipVisibleMs: 500 });
  });

  it('add up what the needle was advanced while its tip was not seen', () => {
    const unseen = (depths: readonly number[], from: number) =>
      depths.map((depthMm, at) => scriptedFrame(from + at, { depthMm, state: 'shaft-only' }));
    const seen = (depthMm: number, index: number) => scriptedFrame(index, { depthMm });
    const frames = [seen(10, 0), seen(11, 1), ...unseen([12, 13], 2), seen(15, 4)];
    expect(metricsOf(frames).unseenAdvanceMm).toBeCloseTo(4, 6);
    // Drawn back again before it was seen: the advance was made all the same.
    expect(metricsOf([...frames, ...unseen([18], 5), seen(15, 6)]).unseenAdvanceMm).toBeCloseTo(7);
    // Not seen any more: the visible end says at least how far it went.
    expect(metricsOf([...frames, ...unseen([16], 5)]).unseenAdvanceMm).toBeCloseTo(5, 6);
    // Seen all the time: nothing was unseen.
    const path = strokes([20]).map((needle, index) => scriptedFrame(index, needle));
    expect(metricsOf(path).unseenAdvanceMm).toBe(0);
  });

  it('keep the closest approach to each class, with its bound and its time', () => {
    const frames = [3, 1.5, 2].map((mm, index) =>
      scriptedFrame(
        index,
        { depthMm: 20 },
        guided({
          clearances: [
            clearance(mm),
            clearance(mm + 4, { structureClass: 'artery', structureId: 7 }),
            clearance(null, { structureClass: 'vein', reason: 'tip-not-visible' }),
          ],
        }),
      ),
    );
    const atUs = frames[1]?.atUs;
    expect(metricsOf(frames).closest).toEqual([
      { class: 'nerve', structureId: 1, clearanceMm: 1.5, lowerBoundMm: 0.5, atUs },
      { class: 'artery', structureId: 7, clearanceMm: 5.5, lowerBoundMm: 4.5, atUs },
    ]);
  });

  it('tell each advisory from its onset to its end', () => {
    const shown = [[], ['probe-moved'], ['probe-moved', 'tip-inside'], ['tip-inside']] as const;
    const frames = shown.map((kinds, index) =>
      scriptedFrame(index, null, guided({ advisories: kinds.map(advisory) })),
    );
    const at = (index: number) => frames[index]?.atUs;
    expect(metricsOf(frames).advisories).toEqual([
      { kind: 'probe-moved', text: 'probe-moved', startedAtUs: at(1), endedAtUs: at(3) },
      { kind: 'tip-inside', text: 'tip-inside', startedAtUs: at(2), endedAtUs: null },
    ]);
  });

  it('have no passes and no tip out of plane, and no millimetres without a spacing', () => {
    const path = strokes([20]).map((needle, index) => scriptedFrame(index, needle));
    expect(metricsOf(path, 'out-of-plane')).toMatchObject({
      passes: null,
      redirections: null,
      passesReason: 'out-of-plane',
      tipVisibleMs: null,
      unseenAdvanceMm: null,
    });
    const unknown = path.map((frame) => ({ ...frame, spacing: null }));
    expect(metricsOf(unknown)).toMatchObject({
      passes: null,
      passesReason: 'spacing-unknown',
      unseenAdvanceMm: null,
      tipVisibleShare: 1,
    });
  });
});
