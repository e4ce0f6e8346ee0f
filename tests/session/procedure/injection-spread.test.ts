import { describe, expect, it } from 'vitest';
import { unavailableGuidance } from '../../../src/domain/guidance.js';
import { absentNeedle } from '../../../src/domain/needle.js';
import type { Spread } from '../../../src/domain/spread.js';
import {
  addSpread,
  type InjectionSpread,
} from '../../../src/session/procedure/injection-spread.js';

const frame = (atUs: number, spread?: Partial<Spread>) => ({
  trackEpoch: 0,
  spacing: null,
  needle: absentNeedle('no-needle'),
  guidance: unavailableGuidance([]),
  atUs,
  ...(spread && {
    spread: {
      injection: 1,
      state: 'watching' as const,
      onsetUs: null,
      areaMm2: null,
      rateMm2PerS: null,
      centroid: null,
      vesselId: null,
      ...spread,
    },
  }),
});

describe('the spread of the injections of a procedure', () => {
  it('keeps when it was first seen, its largest area and whether a vessel held it', () => {
    const frames = [
      frame(1),
      frame(2, {}),
      frame(3, { state: 'seen', areaMm2: 12 }),
      frame(4, { state: 'seen', areaMm2: 30, vesselId: 4 }),
      frame(5, { state: 'seen', areaMm2: 28 }),
      frame(6, { injection: 2, state: 'not-seen' }),
    ];
    const none = { research: null };
    const spreads = frames.reduce<readonly InjectionSpread[]>(addSpread, []);
    expect(spreads).toEqual([
      { injection: 1, state: 'seen', seenAtUs: 3, areaMaxMm2: 30, wasInVessel: true, ...none },
      {
        injection: 2,
        state: 'not-seen',
        seenAtUs: null,
        areaMaxMm2: null,
        wasInVessel: false,
        ...none,
      },
    ]);
  });

  it('keeps the largest values of research, where there are any', () => {
    const seen = (contactAngleDeg: number | null, nerveAreaRatio: number | null) =>
      frame(1, { state: 'seen', research: { nerveId: 2, contactAngleDeg, nerveAreaRatio } });
    const frames = [frame(1, {}), seen(40, null), seen(120, 1.1), seen(90, 1.05), frame(2, {})];
    const spreads = frames.reduce<readonly InjectionSpread[]>(addSpread, []);
    expect(spreads[0]?.research).toEqual({ contactAngleMaxDeg: 120, nerveAreaRatioMax: 1.1 });
  });
});
