import { describe, expect, it } from 'vitest';
import type { TrackedStructure } from '../../../src/pipeline/frame-context.js';
import { spreadStage } from '../../../src/pipeline/spread/spread.js';
import { frameContext } from '../../support/frame-context.js';
import { type Patch, picture, play, radiusPx, SPACING, TIP } from './injected-pictures.js';

const pool = (areaMm2: number, level = 8): Patch => ({
  centre: TIP,
  radiusPx: radiusPx(areaMm2),
  level,
});
/** 20 mm² a second from 0.2 s on. */
const poolAt = (timeS: number, level = 8): Patch[] =>
  timeS < 0.2 ? [] : [pool(20 * (timeS - 0.2), level)];

const square = (centrePx: { xPx: number; yPx: number }, half: number) => [
  { xPx: centrePx.xPx - half, yPx: centrePx.yPx - half },
  { xPx: centrePx.xPx + half, yPx: centrePx.yPx - half },
  { xPx: centrePx.xPx + half, yPx: centrePx.yPx + half },
  { xPx: centrePx.xPx - half, yPx: centrePx.yPx + half },
];
const structure = (name: TrackedStructure['class'], half: number): TrackedStructure => ({
  id: 7,
  class: name,
  confidence: 0.9,
  contour: square(TIP, half),
  areaMm2: null,
  isCoasting: false,
});
const levelOf = (output: ReturnType<typeof play>, kind: string) =>
  output.conditions.find((one) => one.kind === kind)?.level;

describe('the spread of an injection', () => {
  it('is seen with its onset, area, rate and centroid', () => {
    const { spread } = play(60, (timeS) => ({ picture: picture(poolAt(timeS)) }));
    const truthMm2 = 20 * (59 / 30 - 0.2);
    expect(spread?.state).toBe('seen');
    expect((spread?.areaMm2 ?? 0) / truthMm2).toBeGreaterThan(0.85);
    expect((spread?.areaMm2 ?? 0) / truthMm2).toBeLessThan(1.15);
    expect(spread?.rateMm2PerS).toBeGreaterThan(14);
    expect(spread?.rateMm2PerS).toBeLessThan(26);
    expect(Math.abs((spread?.centroid?.xPx ?? 0) - TIP.xPx)).toBeLessThan(2);
    expect(Math.abs((spread?.centroid?.yPx ?? 0) - TIP.yPx)).toBeLessThan(2);
    expect(Math.abs((spread?.onsetUs ?? 0) / 1e6 - 0.2)).toBeLessThan(0.2);
  });

  it('is seen within 300 ms of its beginning', () => {
    const { all } = play(30, (timeS) => ({ picture: picture(poolAt(2 * timeS - 0.2)) }));
    const seenAt = all.findIndex(({ spread }) => spread?.state === 'seen') / 30;
    expect(seenAt).toBeGreaterThan(0.2);
    expect(seenAt).toBeLessThanOrEqual(0.5);
  });

  it('is seen where it is brighter than the tissue too', () => {
    const { spread } = play(60, (timeS) => ({ picture: picture(poolAt(timeS, 190)) }));
    expect(spread?.state).toBe('seen');
    expect(spread?.areaMm2).toBeGreaterThan(25);
  });

  it('follows the tissue when the probe moves', () => {
    const stepPx = 0.5;
    const { spread } = play(40, (timeS) => {
      const index = Math.round(timeS * 30);
      const shift = { xPx: Math.round(stepPx * index), yPx: 0 };
      const before = { xPx: Math.round(stepPx * Math.max(0, index - 1)), yPx: 0 };
      return {
        picture: picture([], shift),
        tissueShiftPx: { xPx: shift.xPx - before.xPx, yPx: 0 },
        tip: { xPx: TIP.xPx + shift.xPx, yPx: TIP.yPx },
      };
    });
    expect(spread).toMatchObject({ state: 'watching', areaMm2: null, centroid: null });
  });

  it('is not the needle, which is held while breath moves the tissue under it', () => {
    const shaft = { from: { xPx: TIP.xPx - 64, yPx: TIP.yPx }, to: TIP };
    const needle: Patch[] = Array.from({ length: 64 }, (_, index) => {
      return { centre: { xPx: TIP.xPx - index, yPx: TIP.yPx }, radiusPx: 2, level: 220 };
    });
    const breathPx = (index: number) => Math.round(6 * Math.sin(index / 12));
    const held = (timeS: number) => {
      const index = Math.round(timeS * 30);
      const shift = { xPx: 0, yPx: breathPx(index) };
      const stepPx = index === 0 ? 0 : shift.yPx - breathPx(index - 1);
      return { picture: picture(needle, shift), tissueShiftPx: { xPx: 0, yPx: stepPx } };
    };
    const isSeen = (result: ReturnType<typeof play>) =>
      result.all.some(({ spread }) => spread?.state === 'seen');
    expect(isSeen(play(60, (timeS) => ({ ...held(timeS), shaft })))).toBe(false);
    // Where the shaft is not known, the needle is taken for growth.
    expect(isSeen(play(60, held))).toBe(true);
  });

  it('is not what darkens all the way down: that is a shadow', () => {
    const { spread } = play(60, (timeS) => ({
      picture: picture(poolAt(timeS).map((one) => ({ ...one, isShadow: true }))),
    }));
    expect(spread?.state).toBe('watching');
  });

  it('is not looked for far from the tip', () => {
    const far = { xPx: TIP.xPx + 60, yPx: TIP.yPx };
    const { spread } = play(60, (timeS) => ({
      picture: picture(poolAt(timeS).map((one) => ({ ...one, centre: far, radiusPx: 10 * timeS }))),
    }));
    expect(spread?.state).toBe('watching');
  });

  it('is said not to be seen after the delay of the protocol, and never without one', () => {
    const still = () => ({ picture: picture([]) });
    const early = play(60, still);
    expect(early.spread?.state).toBe('watching');
    expect(levelOf(early, 'spread-not-seen')).toBe('off');
    const late = play(100, still);
    expect(late.spread?.state).toBe('not-seen');
    expect(levelOf(late, 'spread-not-seen')).toBe('on');
    const never = play(100, still, { notSeenAfterMs: null });
    expect(never.spread?.state).toBe('watching');
  });

  it('is not seen either where the tip never was', () => {
    const { spread } = play(100, (timeS) => ({ picture: picture(poolAt(timeS)), tip: null }));
    expect(spread?.state).toBe('not-seen');
  });

  it('is said to be inside the vessel that was outlined there before', () => {
    const result = play(60, (timeS) => ({
      picture: picture(poolAt(timeS)),
      // The network loses the vessel once fluid is in it.
      structures: timeS < 0.1 ? [structure('vein', 60)] : [],
    }));
    expect(result.spread?.vesselId).toBe(7);
    expect(levelOf(result, 'spread-in-vessel')).toBe('on');
    const beside = play(60, (timeS) => ({
      picture: picture(poolAt(timeS)),
      structures: [structure('vein', 8)],
    }));
    expect(beside.spread).toMatchObject({ state: 'seen', vesselId: null });
    expect(levelOf(beside, 'spread-in-vessel')).toBe('off');
  });

  it('takes in what the network calls injectate, unless it did so before', () => {
    const named = play(60, (timeS) => ({
      picture: picture(poolAt(timeS)),
      structures: timeS < 0.5 ? [] : [structure('injectate', 30)],
    }));
    expect(named.spread?.areaMm2).toBeGreaterThan(70);
    const known = play(60, (timeS) => ({
      picture: picture(poolAt(timeS)),
      structures: [structure('injectate', 30)],
    }));
    expect(known.spread?.areaMm2).toBeLessThan(45);
  });

  it('is interrupted by a cold start, until the next injection', () => {
    const memory = spreadStage.createState();
    const plan = { notSeenAfterMs: 3000, isResearch: false };
    const first = { ...plan, injection: { id: 1, startedAtUs: 0, endedAtUs: null } };
    const rest = {
      picture: picture([]),
      track: { needle: visibleTip(), motion: null, structures: [] },
      context: frameContext(SPACING),
    };
    expect(spreadStage.step(memory, { ...rest, plan: first }, 0).spread?.state).toBe('watching');
    const cold = spreadStage.restart(memory);
    const after = spreadStage.step(cold, { ...rest, plan: first }, 100_000);
    expect(after.spread).toMatchObject({ state: 'interrupted', areaMm2: null });
    const second = { ...plan, injection: { id: 2, startedAtUs: 200_000, endedAtUs: null } };
    expect(spreadStage.step(cold, { ...rest, plan: second }, 233_333).spread).toMatchObject({
      injection: 2,
      state: 'watching',
    });
  });

  it('does not begin any more once the injection has ended', () => {
    const late = (timeS: number) => ({ picture: picture(poolAt(timeS - 0.4)) });
    const ended = { injection: { id: 1, startedAtUs: 0, endedAtUs: 500_000 } };
    expect(play(45, late, ended).spread?.state).toBe('watching');
    expect(play(45, late).spread?.state).toBe('seen');
    // What was seen before goes on being measured.
    const after = play(60, (timeS) => ({ picture: picture(poolAt(timeS)) }), {
      injection: { id: 1, startedAtUs: 0, endedAtUs: 1_000_000 },
    });
    expect(after.spread?.areaMm2).toBeGreaterThan(28);
  });

  it('is not an edge that lies a pixel from where the tissue should be', () => {
    const isSeenAt = (downPx: number): boolean => {
      const { all } = play(45, (timeS) => {
        // So large a disc that its edge is a level line, 4 px below the tip.
        const yPx = TIP.yPx + 5004 + (timeS < 0.3 ? 0 : downPx);
        return { picture: picture([{ centre: { xPx: TIP.xPx, yPx }, radiusPx: 5000, level: 0 }]) };
      });
      return all.some(({ spread }) => spread?.state === 'seen');
    };
    expect(isSeenAt(1)).toBe(false);
    expect(isSeenAt(5)).toBe(true);
  });

  it('is not what leaves the region of interest with the tissue', () => {
    const region = { xPx: 0, yPx: 0, widthPx: TIP.xPx + 6, heightPx: 256 };
    const { all } = play(30, (timeS) => {
      const index = Math.round(timeS * 30);
      const shift = { xPx: -index, yPx: 0 };
      const shown = picture([], shift);
      for (let at = 0; at < shown.intensity.length; at++) {
        if (at % 256 >= region.widthPx) shown.intensity[at] = 0;
      }
      return { picture: shown, region, tissueShiftPx: { xPx: index === 0 ? 0 : -1, yPx: 0 } };
    });
    expect(all.some(({ spread }) => spread?.state === 'seen')).toBe(false);
  });

  it('is looked for until two seconds after the end of the injection', () => {
    const ended = { injection: { id: 1, startedAtUs: 0, endedAtUs: 500_000 } };
    const { all } = play(90, () => ({ picture: picture([]) }), ended);
    expect(all[70]?.spread).not.toBeNull();
    expect(all[80]).toEqual({ spread: null, conditions: [] });
  });

  it('has no millimetres where the spacing is unknown', () => {
    const memory = spreadStage.createState();
    const context = frameContext(SPACING, { spacing: null });
    const plan = {
      injection: { id: 1, startedAtUs: 0, endedAtUs: null },
      notSeenAfterMs: null,
      isResearch: false,
    };
    const track = { needle: visibleTip(), motion: null, structures: [] };
    let spread = null;
    for (let index = 0; index < 40; index++) {
      const input = { picture: picture(poolAt(index / 30)), track, context, plan };
      spread = spreadStage.step(memory, input, index * 33_333).spread;
    }
    expect(spread).toMatchObject({ state: 'seen', areaMm2: null, rateMm2PerS: null });
  });
});

function visibleTip() {
  return {
    state: 'tip-visible' as const,
    tip: TIP,
    tipReason: null,
    confidence: 0.9,
    radius90Px: 3,
    radius90Mm: null,
    shaft: null,
    angleDeg: null,
    approach: 'in-plane' as const,
  };
}
