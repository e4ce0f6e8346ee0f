import { describe, expect, it } from 'vitest';
import type { PointPx } from '../../../src/domain/geometry.js';
import type { Needle } from '../../../src/domain/needle.js';
import type { TipCandidate } from '../../../src/pipeline/frame-context.js';
import { DOUBTFUL_FRAMES } from '../../../src/pipeline/track/rival-tip.js';
import { trackStage } from '../../../src/pipeline/track/track.js';
import { frameContext } from '../../support/frame-context.js';

const FRAME_US = 33_333;
const spacing = { xMm: 0.1, yMm: 0.1 };
const context = frameContext(spacing);

/** A tip and the other end of its shaft. */
interface Sight {
  readonly tip: PointPx;
  readonly from: PointPx;
}

function candidateOf({ tip, from }: Sight): TipCandidate {
  return {
    point: tip,
    shaftFrom: from,
    score: 0.8,
    isTip: true,
    sigmaAlongPx: 3,
    sigmaAcrossPx: 1,
    radius90Px: 4,
  };
}

/**
 * Plays frames, each with its candidates, best first; none = the shaft alone is seen.
 *
 * @param isInDoubt - of a frame: whether its candidates leave it open which of them is the tip
 */
function play(
  frames: readonly (readonly Sight[])[],
  isInDoubt: (frame: number) => boolean = () => false,
): Needle[] {
  const state = trackStage.createState();
  return frames.map((sights, frame) => {
    const best = sights[0];
    const needle = {
      evidence: best === undefined || isInDoubt(frame) ? ('shaft' as const) : ('tip' as const),
      present: 0.95,
      candidates: sights.map(candidateOf),
      shaft: best === undefined ? { from: ENTRY, to: at(250, 150) } : { from: ENTRY, to: best.tip },
      angleDeg: 30,
    };
    const reading = {
      needle,
      structures: [],
      outlineErrors: {},
      tipErrorLasting: 0,
      imageQuality: 0.8,
      isImageQualityLow: false,
      isContactLost: false,
    };
    return trackStage.step(state, { reading, context }, frame * FRAME_US).needle;
  });
}

const at = (xPx: number, yPx: number): PointPx => ({ xPx, yPx });
const times = <T>(count: number, value: T): T[] => new Array(count).fill(value);

/** A needle from the right border, its tip at (200, 200), and its ends taken the other way. */
const ENTRY = at(500, 50);
const TIP = at(200, 200);
const right: Sight = { tip: TIP, from: ENTRY };
const wrong: Sight = { tip: ENTRY, from: TIP };

describe('a followed tip and others', () => {
  it('does not jump to the entry end while that flickers up, alone or as the best of two', () => {
    const flicker = times(DOUBTFUL_FRAMES - 3, [wrong]);
    const needles = play([...times(6, [right]), ...flicker, ...times(3, [right])]);
    for (const { tip } of needles) {
      if (tip !== null) expect(Math.hypot(tip.xPx - TIP.xPx, tip.yPx - TIP.yPx)).toBeLessThan(5);
    }
    expect(needles.at(-1)?.state).toBe('tip-visible');
    const two = play([...times(6, [right]), ...times(5, [wrong, right]), [right]]);
    for (const { state, tip, shaft } of two.slice(3)) {
      expect(state).toBe('tip-visible');
      expect(tip?.xPx).toBeCloseTo(TIP.xPx, 0);
      expect(shaft?.from).toEqual(ENTRY);
    }
  });

  it('goes on with the followed tip where a frame is in doubt, and starts none there', () => {
    const frames = times(16, [wrong, right]);
    const followed = play([...times(6, [right]), ...frames], (frame) => frame >= 6);
    for (const { state, tip } of followed.slice(6)) {
      expect(state).toBe('tip-visible');
      expect(tip?.xPx).toBeCloseTo(TIP.xPx, 0);
    }
    const states = play(frames, () => true).map(({ state }) => state);
    expect(states).not.toContain('tip-visible');
    expect(states.at(-1)).toBe('shaft-only');
  });

  it('leaves a wrong end for the better one, at once before it is confirmed', () => {
    const early = play([[wrong], ...times(6, [right, wrong])]);
    for (const { tip } of early) if (tip !== null) expect(tip.xPx).toBeCloseTo(TIP.xPx, 0);
    expect(early.at(-1)?.state).toBe('tip-visible');
    // A frame that shows nothing confirms neither.
    const blank = play([[wrong], [right, wrong], []]);
    for (const { tip } of blank) expect(tip).toBeNull();
    const late = play([...times(6, [wrong]), ...times(DOUBTFUL_FRAMES + 1, [right, wrong])]);
    expect(late.at(-1)?.state).toBe('tip-visible');
    expect(late.at(-1)?.tip?.xPx).toBeCloseTo(TIP.xPx, 0);
  });

  it('does not take the end of what is still visible for a tip that went out of sight', () => {
    const section: Sight = { tip: at(300, 150), from: ENTRY };
    const needles = play([...times(6, [right]), ...times(DOUBTFUL_FRAMES - 1, [section])]);
    for (const { tip } of needles.slice(6)) {
      if (tip !== null) expect(Math.hypot(tip.xPx - TIP.xPx, tip.yPx - TIP.yPx)).toBeLessThan(15);
    }
    expect(needles.at(-1)?.state).not.toBe('tip-visible');
  });

  it('follows a needle that is drawn back, and one that shows up again further on', () => {
    const back = Array.from({ length: 40 }, (_, frame): Sight[] => [
      { tip: at(200 + 6 * frame, 200 - 3 * frame), from: ENTRY },
    ]);
    expect(play(back).at(-1)?.tip?.xPx).toBeCloseTo(434, -1);
    const ahead: Sight = { tip: at(120, 240), from: ENTRY };
    const needles = play([...times(6, [right]), ...times(3, [ahead])]);
    expect(needles.at(-1)).toMatchObject({ state: 'tip-visible', tip: ahead.tip });
  });

  it('believes a new needle from the other side once the old one is long gone', () => {
    const other: Sight = { tip: at(300, 220), from: at(10, 40) };
    const needles = play([...times(6, [right]), ...times(45, []), ...times(3, [other])]);
    expect(needles.at(-1)).toMatchObject({ state: 'tip-visible', tip: other.tip });
  });
});
