import { checkFrameOrder, type FrameOrder } from '../../../session/frame-order.js';
import type { EvaluationFrame } from '../evaluation-frame.js';
import type { Perturbation } from './perturbation.js';

/** Frames that never arrive. */
function drop(percent: number): Perturbation {
  return {
    name: `frame drop ${percent} %`,
    apply: (frames, random) => frames.filter((_, index) => index === 0 || random() * 100 > percent),
  };
}

/** Clocks that waver; times still rise. */
const timestampJitter: Perturbation = {
  name: 'timestamp jitter 15 ms',
  apply(frames, random) {
    let before = Number.NEGATIVE_INFINITY;
    return frames.map((evaluationFrame) => {
      const { frame } = evaluationFrame;
      const wavering = Math.round(frame.captureTimeUs + (random() - 0.5) * 30_000);
      const captureTimeUs = Math.max(0, before + 1000, wavering);
      before = captureTimeUs;
      return { ...evaluationFrame, frame: { ...frame, captureTimeUs } };
    });
  },
};

/**
 * One frame in ten comes twice, one in ten only after its successor. The service refuses those by
 * its rule of order (`checkFrameOrder`), so they get no overlay and are no part of the figures.
 */
const disorder: Perturbation = {
  name: 'duplicate and late frames',
  apply(frames, random) {
    const sent: EvaluationFrame[] = [];
    let late: EvaluationFrame | null = null;
    for (const frame of frames) {
      const chance = random();
      if (late === null && chance < 0.1) {
        late = frame;
        continue;
      }
      sent.push(frame);
      if (chance > 0.9) sent.push(frame);
      if (late !== null) sent.push(late);
      late = null;
    }
    return accepted(sent);
  },
};

/** What the service lets through of a stream. */
export function accepted(sent: readonly EvaluationFrame[]): readonly EvaluationFrame[] {
  let order: FrameOrder | null = null;
  return sent.filter(({ frame }) => {
    const check = checkFrameOrder(order, frame);
    order = check.order;
    return check.error === null;
  });
}

/** A third of the way through the picture stands still for a third of the clip. */
function freeze(name: string, isSaid: boolean): Perturbation {
  return {
    name,
    apply: (frames) =>
      frames.map((evaluationFrame, index) => {
        const from = Math.floor(frames.length / 3);
        const held = frames[from];
        if (held === undefined || index < from || index >= 2 * from) return evaluationFrame;
        const { frame } = evaluationFrame;
        const flags = { ...frame.flags, isFrozen: isSaid };
        return { ...held, frame: { ...frame, flags, payload: held.frame.payload } };
      }),
  };
}

/** Three black frames in mid-clip, as from a loose cable. There is no needle on them. */
const blackFrames: Perturbation = {
  name: 'black frames',
  apply: (frames) =>
    frames.map((evaluationFrame, index) => {
      const from = Math.floor(frames.length / 2);
      if (index < from || index >= from + 3) return evaluationFrame;
      const { frame } = evaluationFrame;
      const payload = new Uint8Array(frame.payload.length);
      return { frame: { ...frame, payload }, needle: { kind: 'none' as const }, labels: null };
    }),
};

/** What happens to a stream on its way. */
export const STREAM_PERTURBATIONS: readonly Perturbation[] = [
  drop(5),
  drop(30),
  timestampJitter,
  disorder,
  freeze('freeze, said', true),
  freeze('freeze, not said', false),
  blackFrames,
];
