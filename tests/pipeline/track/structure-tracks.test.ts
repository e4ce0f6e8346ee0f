import { describe, expect, it } from 'vitest';
import type { PointPx } from '../../../src/domain/geometry.js';
import type { SeenStructure, TrackedStructure } from '../../../src/pipeline/frame-context.js';
import {
  createStructureTracks,
  STRUCTURE_COAST_MAX_US,
  STRUCTURE_MEMORY_US,
  stepStructureTracks,
} from '../../../src/pipeline/track/structure-tracks.js';

const FRAME_US = 33_333;
const STILL = { xPx: 0, yPx: 0 };

/** A square of 40 × 40 px with its top-left corner at (x, y). */
const square = (
  name: SeenStructure['class'],
  xPx: number,
  yPx: number,
  confidence = 0.9,
): SeenStructure => ({
  id: 1,
  class: name,
  confidence,
  contour: [
    { xPx, yPx },
    { xPx: xPx + 40, yPx },
    { xPx: xPx + 40, yPx: yPx + 40 },
    { xPx, yPx: yPx + 40 },
  ],
  areaMm2: null,
});

/** Runs frames of structures, optionally under tissue that moves by the same step each time. */
function play(
  frames: readonly (readonly SeenStructure[])[],
  tissueShiftPx: PointPx = STILL,
): (readonly TrackedStructure[])[] {
  const state = createStructureTracks();
  return frames.map((seen, frame) =>
    stepStructureTracks(state, seen, { tissueShiftPx }, frame * FRAME_US),
  );
}

const times = <T>(count: number, value: T): T[] => new Array(count).fill(value);
const ids = (frame: readonly TrackedStructure[] | undefined) => frame?.map(({ id }) => id);

describe('structures from frame to frame', () => {
  it('keep their identity while they move and change places in the list', () => {
    const frames = Array.from({ length: 20 }, (_, frame) => {
      const nerve = square('nerve', 100 + 3 * frame, 100);
      const vein = square('vein', 200 - 3 * frame, 200);
      return frame % 2 === 0 ? [nerve, vein] : [vein, nerve];
    });
    const first = play(frames)[0] ?? [];
    for (const structures of play(frames)) {
      for (const { id, class: name } of structures) {
        expect(id).toBe(first.find((structure) => structure.class === name)?.id);
      }
    }
  });

  it('are told apart when two of a class lie side by side', () => {
    const pair = (frame: number) => [
      square('artery', 100 + frame, 100),
      square('artery', 145 + frame, 100),
    ];
    const frames = play(Array.from({ length: 10 }, (_, frame) => pair(frame)));
    expect(ids(frames[9])).toEqual(ids(frames[0]));
    expect(new Set(ids(frames[9])).size).toBe(2);
  });

  it('appear at once when they are sure, else at the second of three sights', () => {
    expect(play([[square('nerve', 100, 100, 0.9)]])[0]).toHaveLength(1);
    const weak = square('nerve', 100, 100, 0.55);
    expect(play([[weak], [], [weak]]).map((frame) => frame.length)).toEqual([0, 0, 1]);
    const sparse = play([[weak], [], [], [weak], [], [], [weak]]);
    expect(sparse.every((frame) => frame.length === 0)).toBe(true);
  });

  it('coast for a moment along with the tissue, marked, and are gone then', () => {
    const step = { xPx: 4, yPx: 0 };
    const seen = Array.from({ length: 6 }, (_, frame) => [square('nerve', 100 + 4 * frame, 100)]);
    const gone = play([...seen, ...times(10, [])], step).slice(6);
    const coasting = gone.filter((frame) => frame.length > 0);
    expect(coasting.length).toBe(Math.floor(STRUCTURE_COAST_MAX_US / FRAME_US));
    expect(coasting.flat().every(({ isCoasting }) => isCoasting)).toBe(true);
    expect(gone[1]?.[0]?.contour[0]?.xPx).toBe(100 + 4 * 7);
    expect(gone.at(-1)).toEqual([]);
  });

  it('do not coast when they only flickered up', () => {
    expect(play([[square('nerve', 100, 100)], []])[1]).toEqual([]);
  });

  it('come back as the same within a second, as others after that', () => {
    const nerve = [square('nerve', 100, 100)];
    const pause = (us: number) => times(Math.ceil(us / FRAME_US), []);
    const soon = play([...times(3, nerve), ...pause(STRUCTURE_MEMORY_US / 2), nerve]);
    expect(ids(soon.at(-1))).toEqual(ids(soon[0]));
    const late = play([...times(3, nerve), ...pause(STRUCTURE_MEMORY_US + FRAME_US), nerve]);
    expect(ids(late.at(-1))).not.toEqual(ids(late[0]));
  });

  it('are no others because a vessel is called artery or vein for a frame', () => {
    const frames = play([
      ...times(4, [square('artery', 100, 100)]),
      [square('vessel', 100, 100)],
      ...times(3, [square('vein', 100, 100)]),
    ]);
    expect(new Set(frames.map((frame) => frame[0]?.id)).size).toBe(1);
    expect(frames.map((frame) => frame[0]?.class).slice(4)).toEqual([
      'artery',
      'artery',
      'vein',
      'vein',
    ]);
  });

  it('are others when another class lies in the same place', () => {
    const frames = play([[square('nerve', 100, 100)], [square('bone', 100, 100)]]);
    expect(ids(frames[1])).not.toEqual(ids(frames[0]));
  });

  it('start from nothing with a new state', () => {
    const frames = [[square('nerve', 100, 100)], [square('nerve', 101, 100)]];
    expect(play(frames)).toEqual(play(frames));
    expect(play(frames)[0]?.[0]?.id).toBe(1);
  });
});
