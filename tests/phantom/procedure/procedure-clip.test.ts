import { describe, expect, it } from 'vitest';
import {
  createProcedureClip,
  type ProcedureClip,
  type ProcedureFrame,
} from '../../../src/phantom/procedure/procedure-clip.js';
import type { ProcedureEventKind } from '../../../src/phantom/procedure/procedure-event.js';
import { drawProcedure } from '../../../src/phantom/procedure/procedure-script.js';

const SIZE = { widthPx: 128, heightPx: 128, frameRateHz: 4 };
const open = (seed: number): ProcedureClip => createProcedureClip({ seed, ...SIZE });

/** The first seed from 1 on whose procedure has an event of the kind. */
function seedWith(kind: ProcedureEventKind): number {
  for (let seed = 1; seed < 100; seed++) {
    if (drawProcedure(seed).events.some((event) => event.kind === kind)) return seed;
  }
  throw new Error(`Expected an event "${kind}" in one of 100 procedures.`);
}

/** What was played, by its seed: many kinds come first in the same procedure. */
const played = new Map<number, { clip: ProcedureClip; frames: readonly ProcedureFrame[] }>();

function play(seed: number) {
  const before = played.get(seed);
  if (before !== undefined) return before;
  const clip = open(seed);
  const frames = Array.from({ length: clip.frameCount }, () => clip.nextFrame());
  played.set(seed, { clip, frames });
  return { clip, frames };
}

/** The frames of a clip and its event of the kind. */
function playWith(kind: ProcedureEventKind) {
  const { clip, frames } = play(seedWith(kind));
  const event = clip.events.find((one) => one.kind === kind);
  if (event === undefined) throw new Error(`Expected an event "${kind}".`);
  const at = (timeS: number): ProcedureFrame => {
    const frame = frames[Math.round(timeS * SIZE.frameRateHz)];
    if (frame === undefined) throw new Error(`Expected a frame at ${timeS} s.`);
    return frame;
  };
  return { event, frames, at, middle: at(0.5 * (event.fromS + event.toS)) };
}

function isSamePicture(frame: ProcedureFrame, other: ProcedureFrame | undefined): boolean {
  return Buffer.compare(frame.image.data, other?.image.data ?? new Uint8Array()) === 0;
}

/** Smallest distance from the tip to a pixel of the classes, mm. */
function distanceMm({ truth }: ProcedureFrame, classes: readonly string[]): number {
  const { labels, needle, spacing } = truth;
  if (needle === null) return Number.POSITIVE_INFINITY;
  let nearest = Number.POSITIVE_INFINITY;
  for (const [index, label] of labels.data.entries()) {
    if (!classes.includes(labels.classes[label] ?? '')) continue;
    const dx = ((index % labels.widthPx) - needle.tip.xPx) * spacing.xMm;
    const dy = (Math.floor(index / labels.widthPx) - needle.tip.yPx) * spacing.yMm;
    nearest = Math.min(nearest, Math.hypot(dx, dy));
  }
  return nearest;
}

describe('a scripted procedure', () => {
  it('is the same clip for the same seed', () => {
    const [first, second] = [open(5), open(5)];
    for (let index = 0; index < 20; index++) {
      expect(isSamePicture(second.nextFrame(), first.nextFrame())).toBe(true);
    }
    expect(second.events).toEqual(first.events);
  });

  it('has one to four passes, fewer redirections, and events within its length', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const script = drawProcedure(seed);
      expect(script.passes).toBeGreaterThanOrEqual(1);
      expect(script.passes).toBeLessThanOrEqual(4);
      expect(script.redirections).toBeLessThan(script.passes);
      for (const { fromS, toS } of script.events) {
        expect(fromS).toBeGreaterThan(0);
        expect(toS).toBeGreaterThanOrEqual(fromS);
        expect(toS).toBeLessThan(script.endS);
      }
    }
  });

  it('begins and ends without a needle', () => {
    const { frames } = playWith('near-miss');
    expect(frames[0]?.truth.needle).toBeNull();
    expect(frames.at(-1)?.truth.needle).toBeNull();
  });

  it('stops close to the structure of a near miss, without touching it', () => {
    const { event, middle } = playWith('near-miss');
    const classes = event.structure === null ? [] : [event.structure];
    expect(distanceMm(middle, classes)).toBeGreaterThan(0.1);
    expect(distanceMm(middle, classes)).toBeLessThan(2.6);
  });

  it('has its tip in the vessel of a vessel entry', () => {
    const { middle } = playWith('vessel-entry');
    expect(distanceMm(middle, ['artery', 'vein'])).toBeLessThan(0.5);
  });

  it('advances unseen while the tip is out of the plane', () => {
    const { event, at } = playWith('tip-out-of-plane');
    const [first, last] = [at(event.fromS + 0.3), at(event.toS - 0.3)];
    expect(first.truth.needle?.tipVisible ?? false).toBe(false);
    expect(last.truth.needle?.tipVisible ?? false).toBe(false);
  });

  it('shows injectate with a growing area from the beginning of an injection', () => {
    const { event, at } = playWith('injection');
    expect(at(event.fromS - 0.5).truth.injectateAreaMm2).toBe(0);
    const early = at(event.fromS + 1).truth.injectateAreaMm2;
    expect(early).toBeGreaterThan(2);
    expect(at(event.toS).truth.injectateAreaMm2).toBeGreaterThan(early);
  });

  it('shifts the picture sideways while the probe slides', () => {
    const { event, frames } = playWith('probe-slide');
    const shifts = frames.map(({ truth }) => Math.abs(truth.probeShiftPx.xPx * truth.spacing.xMm));
    const inside = shifts.slice(
      Math.floor(event.fromS * SIZE.frameRateHz),
      Math.ceil(event.toS * SIZE.frameRateHz) + 1,
    );
    expect(inside.reduce((sum, mm) => sum + mm, 0)).toBeGreaterThan(2);
  });

  it('repeats the picture while it is frozen, says so, and goes on where it was', () => {
    const { event, frames } = playWith('freeze');
    const frozen = frames.filter(({ isFrozen }) => isFrozen);
    const lengthS = event.toS - event.fromS;
    expect(Math.abs(frozen.length - lengthS * SIZE.frameRateHz)).toBeLessThanOrEqual(1);
    for (const frame of frozen) expect(isSamePicture(frame, frozen[0])).toBe(true);
    expect(frames.every(({ timeUs }, index) => timeUs === index * 250_000)).toBe(true);
  });

  it('has another scale from the frame on that says that its depth was changed', () => {
    const { frames } = playWith('depth-change');
    const at = frames.findIndex(({ geometryChanged }) => geometryChanged);
    expect(frames.filter(({ geometryChanged }) => geometryChanged)).toHaveLength(1);
    const [before, after] = [frames[at - 1], frames[at]];
    expect(after?.truth.spacing.yMm).toBeGreaterThan(1.1 * (before?.truth.spacing.yMm ?? 1));
  });
});
