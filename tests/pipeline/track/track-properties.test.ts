import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PointPx } from '../../../src/domain/geometry.js';
import type { FrameReading, FrameTrack } from '../../../src/pipeline/frame-context.js';
import { trackStage } from '../../../src/pipeline/track/track.js';
import { frameContext } from '../../support/frame-context.js';

const FRAME_US = 33_333;
const RIGHT_PX = 511;
type Place = (point: PointPx) => PointPx;
/** A tip's movement since the frame before, px; null: not seen. */
type Script = readonly (readonly [number, number] | null)[];

const offset = fc.integer({ min: -12, max: 12 });
const script: fc.Arbitrary<Script> = fc.array(
  fc.option(fc.tuple(offset, offset), { nil: null, freq: 5 }),
  { minLength: 3, maxLength: 25 },
);

function readingAt(tip: PointPx | null, place: Place, scale: number): FrameReading {
  const from = place({ xPx: 30, yPx: 40 });
  const point = tip === null ? null : place(tip);
  const shaft = { from, to: point ?? place({ xPx: 200, yPx: 150 }) };
  const candidate = {
    shaftFrom: from,
    score: 0.8,
    isTip: true,
    sigmaAlongPx: 4 * scale,
    sigmaAcrossPx: 2 * scale,
    radius90Px: 6 * scale,
  };
  return {
    needle: {
      evidence: point === null ? 'shaft' : 'tip',
      present: 0.9,
      candidates: point === null ? [] : [{ ...candidate, point }],
      shaft,
      angleDeg: 30,
    },
    structures: [],
    outlineErrors: {},
    tipErrorLasting: 0,
    imageQuality: 0.8,
    isImageQualityLow: false,
    isContactLost: false,
  };
}

function play(steps: Script, place: Place = (point) => point, scale = 1): FrameTrack[] {
  const state = trackStage.createState();
  const side = 512 * scale;
  const context = frameContext(
    { xMm: 0.1 / scale, yMm: 0.1 / scale },
    { region: { xPx: 0, yPx: 0, widthPx: side, heightPx: side } },
  );
  let tip = { xPx: 250, yPx: 180 };
  return steps.map((step, frame) => {
    if (step !== null) tip = { xPx: tip.xPx + step[0], yPx: tip.yPx + step[1] };
    const reading = readingAt(step === null ? null : tip, place, scale);
    return trackStage.step(state, { reading, context }, frame * FRAME_US);
  });
}

describe('the track of any needle', () => {
  it('is mirrored when the picture is', () => {
    fc.assert(
      fc.property(script, (steps) => {
        const mirrored = play(steps, ({ xPx, yPx }) => ({ xPx: RIGHT_PX - xPx, yPx }));
        for (const [index, { needle, motion }] of play(steps).entries()) {
          const other = mirrored[index];
          expect(other?.needle.state).toBe(needle.state);
          if (needle.tip === null) continue;
          expect(other?.needle.tip?.xPx).toBeCloseTo(RIGHT_PX - needle.tip.xPx, 6);
          expect(other?.needle.tip?.yPx).toBeCloseTo(needle.tip.yPx, 6);
          expect(other?.motion?.speedMmPerS).toBeCloseTo(motion?.speedMmPerS ?? 0, 6);
          expect(other?.motion?.tipCovariance.xy).toBeCloseTo(-(motion?.tipCovariance.xy ?? 0), 6);
        }
      }),
    );
  });

  it('is the same in mm however many pixels a millimetre has', () => {
    const place: Place = ({ xPx, yPx }) => ({ xPx: 2 * xPx, yPx: 2 * yPx });
    fc.assert(
      fc.property(script, (steps) => {
        const finer = play(steps, place, 2);
        for (const [index, { needle, motion }] of play(steps).entries()) {
          const other = finer[index];
          expect(other?.needle.state).toBe(needle.state);
          if (needle.tip === null) continue;
          expect(other?.needle.tip?.xPx).toBeCloseTo(2 * needle.tip.xPx, 6);
          expect(other?.needle.radius90Mm).toBeCloseTo(needle.radius90Mm ?? 0, 6);
          expect(other?.motion?.speedMmPerS).toBeCloseTo(motion?.speedMmPerS ?? 0, 6);
        }
      }),
    );
  });

  it('has nothing left of another after a reset, and no number that is none', () => {
    fc.assert(
      fc.property(script, (steps) => {
        const once = play(steps);
        expect(play(steps)).toEqual(once);
        expect(JSON.stringify(once)).not.toMatch(/NaN|Infinity/);
        for (const { needle, motion } of once) {
          const numbers = [needle.radius90Px, motion?.headingDeg, motion?.insertionDepthMm];
          for (const value of numbers) expect(Number.isNaN(value ?? 0)).toBe(false);
          expect(needle.tip !== null).toBe(['tip-visible', 'tip-coasting'].includes(needle.state));
        }
      }),
    );
  });
});
