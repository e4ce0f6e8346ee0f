import { describe, expect, it } from 'vitest';
import type { LabelClass } from '../../../src/domain/ground-truth.js';
import type { SimulatedFrame } from '../../../src/domain/phantom-clip.js';
import {
  type CompositeClip,
  createCompositeClip,
} from '../../../src/phantom/composite/composite-clip.js';
import type { CompositeNeedle } from '../../../src/phantom/composite/composite-needle.js';
import { STILL_ECHO, testStill } from './test-still.js';

const SIZE = 144;
const CLASSES: readonly LabelClass[] = ['background', 'nerve', 'artery'];
const STILL = testStill(5);

function clip(
  seed: number,
  needle: CompositeNeedle,
  labels: Uint8Array | null = null,
): CompositeClip {
  return createCompositeClip({
    seed,
    background: STILL,
    backgroundLabels: labels,
    backgroundClasses: CLASSES,
    widthPx: SIZE,
    heightPx: SIZE,
    needle,
    frameRateHz: 20,
  });
}

function frames(made: CompositeClip, count: number): SimulatedFrame[] {
  return Array.from({ length: count }, () => made.nextFrame());
}

describe('createCompositeClip', () => {
  it('makes the same clip from the same seed and leaves the still as it was', () => {
    const before = Buffer.from(STILL.data);
    const [, once] = frames(clip(3, 'random'), 2);
    const [, again] = frames(clip(3, 'random'), 2);
    const [, other] = frames(clip(4, 'random'), 2);
    expect(isSamePicture(once, again)).toBe(true);
    expect(once?.truth.needle).toEqual(again?.truth.needle);
    expect(isSamePicture(once, other)).toBe(false);
    expect(Buffer.compare(STILL.data, before)).toBe(0);
  });

  it('says that the spacing is not known and that nobody judged the still', () => {
    const made = clip(1, 'none');
    expect(made.spacingKnown).toBe(false);
    const { truth } = made.nextFrame();
    expect(truth.contact).toBeNaN();
    expect(truth.imageQuality).toBeNaN();
    expect(truth.spacing.xMm).toBe(truth.spacing.yMm);
  });

  it('has no needle in the truth unless one was asked for', () => {
    for (let seed = 0; seed < 6; seed++) {
      for (const kind of ['none', 'distractor'] as const) {
        for (const { truth } of frames(clip(seed, kind), 2)) expect(truth.needle).toBeNull();
      }
    }
  });

  it('draws distractors where they were asked for and only there', () => {
    const bright = (kind: CompositeNeedle): number => {
      let sum = 0;
      for (let seed = 0; seed < 10; seed++) {
        for (const value of clip(seed, kind).nextFrame().image.data) sum += value;
      }
      return sum;
    };
    expect(bright('distractor')).toBeGreaterThan(bright('none'));
  });

  it('keeps the truth of the needle consistent with the picture', () => {
    let inPlane = 0;
    let dots = 0;
    for (let seed = 0; seed < 16; seed++) {
      for (const { image, truth } of frames(clip(seed, 'random'), 2)) {
        const { needle } = truth;
        if (needle === null) continue;
        for (const v of needle.shaftVisibility) expect(v >= 0 && v <= 1).toBe(true);
        if (needle.approach === 'out-of-plane') {
          dots++;
          expect(needle.shaft).toBeNull();
          expect(needle.tipVisible).toBe(false);
          continue;
        }
        inPlane++;
        expect(needle.shaft).not.toBeNull();
        if (!needle.tipVisible) continue;
        const { xPx, yPx } = needle.tip;
        expect(peak(image.data, xPx, yPx)).toBeGreaterThan(20);
        const end = needle.shaft?.to ?? { xPx: Number.NaN, yPx: 0 };
        expect(Math.hypot(end.xPx - xPx, end.yPx - yPx)).toBeLessThan(3);
      }
    }
    expect(inPlane).toBeGreaterThan(10);
    expect(dots).toBeGreaterThan(0);
  });

  it('shows nothing of the menu and draws nothing outside the echo data', () => {
    for (let seed = 0; seed < 8; seed++) {
      const { image, truth } = clip(seed, 'random').nextFrame();
      let shown = 0;
      let wrong = 0;
      for (let i = 0; i < image.data.length; i++) {
        if (image.data[i] !== 0) shown++;
        // Without labels of the still: unknown inside the echo data, background outside of it.
        const label = truth.labels.data[i];
        if (label !== 255 && (label !== 0 || image.data[i] !== 0)) wrong++;
      }
      expect(wrong).toBe(0);
      expect(shown).toBeGreaterThan(0.15 * SIZE * SIZE);
    }
  });

  it('warps labels together with the picture', () => {
    const image = testStill(9);
    const labels = new Uint8Array(image.data.length).fill(253);
    const left = STILL_ECHO.xPx + 110;
    const top = STILL_ECHO.yPx + 90;
    for (let y = top; y < top + 45; y++) {
      for (let x = left; x < left + 70; x++) {
        image.data[y * image.widthPx + x] = 225;
        labels[y * image.widthPx + x] = 1;
      }
    }
    let agreeing = 0;
    let labelled = 0;
    for (let seed = 0; seed < 6; seed++) {
      const made = createCompositeClip({
        seed,
        background: image,
        backgroundLabels: labels,
        backgroundClasses: CLASSES,
        widthPx: SIZE,
        heightPx: SIZE,
        needle: 'none',
      });
      const last = frames(made, 6)[5];
      const data = last?.image.data ?? new Uint8Array();
      const threshold = 0.75 * Math.max(...data);
      for (let i = 0; i < data.length; i++) {
        if (last?.truth.labels.data[i] !== 1) continue;
        labelled++;
        if ((data[i] as number) > threshold) agreeing++;
      }
    }
    expect(labelled).toBeGreaterThan(500);
    expect(agreeing / labelled).toBeGreaterThan(0.9);
  });

  it('moves the picture as much without a needle as with one', () => {
    const motion = (kind: CompositeNeedle): number => {
      let sum = 0;
      for (let seed = 0; seed < 8; seed++) {
        const [a, b] = frames(clip(seed, kind), 2);
        const shift = b?.truth.probeShiftPx ?? { xPx: 0, yPx: 0 };
        sum += Math.hypot(shift.xPx, shift.yPx);
        expect(isSamePicture(a, b)).toBe(false);
      }
      return sum;
    };
    const without = motion('none');
    expect(without).toBeGreaterThan(0.3);
    expect(without).toBeCloseTo(motion('random'), 6);
  });

  it('draws needles about as sharp as what surrounds them, some sharper, none a drawn line', () => {
    const ratios: number[] = [];
    for (let seed = 0; seed < 90 && ratios.length < 24; seed++) {
      const { image, truth } = clip(seed, 'random').nextFrame();
      const shaft = truth.needle?.shaft;
      const visibility = truth.needle?.shaftVisibility ?? [];
      const mean = visibility.reduce((sum, v) => sum + v, 0) / Math.max(1, visibility.length);
      if (!shaft || mean < 0.5) continue;
      const on = near(shaft.from, shaft.to);
      ratios.push(
        sharpness(image.data, (i) => on.has(i)) / sharpness(image.data, (i) => !on.has(i)),
      );
    }
    expect(ratios.length).toBeGreaterThan(5);
    ratios.sort((a, b) => a - b);
    expect(ratios[ratios.length >> 1]).toBeLessThan(1.05);
    expect(ratios[ratios.length >> 1]).toBeGreaterThan(0.5);
    expect(Math.max(...ratios)).toBeGreaterThan(1.05);
    expect(Math.max(...ratios)).toBeLessThan(1.6);
  });
});

function isSamePicture(one: SimulatedFrame | undefined, other: SimulatedFrame | undefined) {
  if (one === undefined || other === undefined) throw new Error('a frame is missing');
  return Buffer.compare(one.image.data, other.image.data) === 0;
}

function peak(data: Uint8Array, x: number, y: number): number {
  let best = 0;
  for (let dy = -2; dy <= 2; dy++) {
    for (let dx = -2; dx <= 2; dx++) {
      best = Math.max(best, data[Math.round(y + dy) * SIZE + Math.round(x + dx)] ?? 0);
    }
  }
  return best;
}

function near(
  from: { readonly xPx: number; readonly yPx: number },
  to: { readonly xPx: number; readonly yPx: number },
): Set<number> {
  const pixels = new Set<number>();
  const length = Math.hypot(to.xPx - from.xPx, to.yPx - from.yPx);
  for (let s = 0; s <= length; s += 0.5) {
    const x = Math.round(from.xPx + ((to.xPx - from.xPx) * s) / length);
    const y = Math.round(from.yPx + ((to.yPx - from.yPx) * s) / length);
    for (let dy = -3; dy <= 3; dy++) {
      for (let dx = -3; dx <= 3; dx++) pixels.add((y + dy) * SIZE + x + dx);
    }
  }
  return pixels;
}

/** Second over first differences of lit pixels: high-frequency energy whatever the contrast. */
function sharpness(data: Uint8Array, includes: (index: number) => boolean): number {
  let second = 0;
  let first = 0;
  for (let y = 1; y < SIZE - 1; y++) {
    for (let x = 1; x < SIZE - 1; x++) {
      const i = y * SIZE + x;
      const [here, left, right, above, below] = [i, i - 1, i + 1, i - SIZE, i + SIZE].map(
        (k) => data[k] as number,
      ) as [number, number, number, number, number];
      if (here < 40 || !includes(i)) continue;
      second += Math.abs(4 * here - left - right - above - below);
      first += Math.abs(right - left) + Math.abs(below - above);
    }
  }
  return second / Math.max(1, first);
}
