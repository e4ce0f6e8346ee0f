import { describe, expect, it } from 'vitest';
import {
  createOracleDetector,
  ORACLE_NOISE,
  type OracleNoise,
} from '../../../src/cli/evaluation/oracle-detector.js';
import type { GroundTruth, NeedleTruth } from '../../../src/domain/ground-truth.js';

const STEP_S = 1 / 30;
const SIDE_PX = 64;

const needle = (changes: Partial<NeedleTruth> = {}): NeedleTruth => ({
  tip: { xPx: 50, yPx: 30 },
  tipVisible: true,
  approach: 'in-plane',
  shaft: { from: { xPx: 0, yPx: 10 }, to: { xPx: 50, yPx: 30 } },
  shaftVisibility: new Array(16).fill(1),
  ...changes,
});

/** A nerve of 20 × 20 px at (10, 40). */
function truth(known: NeedleTruth | null): GroundTruth {
  const data = new Uint8Array(SIDE_PX * SIDE_PX);
  for (let y = 40; y < 60; y++) data.fill(1, y * SIDE_PX + 10, y * SIDE_PX + 30);
  return {
    needle: known,
    labels: { widthPx: SIDE_PX, heightPx: SIDE_PX, classes: ['background', 'nerve'], data },
    spacing: { xMm: 0.2, yMm: 0.2 },
    injectateAreaMm2: 0,
    probeShiftPx: { xPx: 0, yPx: 0 },
    contact: 1,
    imageQuality: 0.9,
  };
}
const EXACT: OracleNoise = {
  missRate: 0,
  blindRate: 0,
  alongMm: 0,
  acrossMm: 0,
  driftMm: 0,
  angleDeg: 0,
  rivalRate: 0,
  hiddenTipRate: 0,
  falseTipRate: 0,
  contourMm: 0,
  structureMissRate: 0,
};

describe('the oracle detector', () => {
  it('reads the truth when it does not err', () => {
    const { needle: read, structures } = createOracleDetector(1, EXACT).detect(
      truth(needle()),
      STEP_S,
    );
    expect(read).toMatchObject({ evidence: 'tip', shaft: { to: { xPx: 50, yPx: 30 } } });
    expect(read.candidates[0]?.point).toEqual({ xPx: 50, yPx: 30 });
    expect(structures).toMatchObject([{ class: 'nerve', areaMm2: 400 * 0.04 }]);
    const xs = structures[0]?.contour.map(({ xPx }) => xPx) ?? [];
    expect(Math.min(...xs)).toBeCloseTo(9.5);
    expect(Math.max(...xs)).toBeCloseTo(29.5);
  });

  it('sees no tip where none can be seen, and no needle where there is none', () => {
    const oracle = createOracleDetector(1, EXACT);
    const visible = new Array(16).fill(1).fill(0, 8);
    const hidden = oracle.detect(truth(needle({ tipVisible: false, shaftVisibility: visible })), 0);
    expect(hidden.needle).toMatchObject({ evidence: 'shaft', candidates: [] });
    expect(hidden.needle.shaft?.to.xPx).toBeCloseTo((50 * 7) / 15);
    const crossing = needle({ approach: 'out-of-plane', tipVisible: false, shaft: null });
    expect(oracle.detect(truth(crossing), 0).needle.evidence).toBe('dot');
    expect(oracle.detect(truth(null), 0).needle.evidence).toBe('none');
  });

  it('errs the same with the same seed, and as often as it is told', () => {
    const read = (seed: number) => {
      const oracle = createOracleDetector(seed);
      return Array.from({ length: 400 }, () => oracle.detect(truth(needle()), STEP_S));
    };
    expect(read(3)).toEqual(read(3));
    expect(read(3)).not.toEqual(read(4));
    const seen = read(3).filter((reading) => reading.needle.evidence === 'tip').length;
    const expected = 400 * (1 - ORACLE_NOISE.missRate) * (1 - ORACLE_NOISE.blindRate);
    expect(Math.abs(seen - expected)).toBeLessThan(20);
  });

  it('invents tips only as often as it is told', () => {
    const oracle = createOracleDetector(7, { ...EXACT, falseTipRate: 0.2 });
    const frames = Array.from({ length: 400 }, () => oracle.detect(truth(null), STEP_S));
    const invented = frames.filter((reading) => reading.needle.evidence === 'tip').length;
    expect(Math.abs(invented - 80)).toBeLessThan(30);
  });
});
