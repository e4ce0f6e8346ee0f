import type { Overlay } from '../../domain/overlay.js';
import { DEMO_STORY } from '../../phantom/demo-scene.js';
import type { ProcedureCommand } from '../../protocol/procedure-commands.js';

/** Where the second path is meant to end: beside the demo's nerve, share of the image's sides. */
const TARGET = { x: 0.43, y: 0.41 };

type WithoutId<T> = T extends unknown ? Omit<T, 'commandId'> : never;

/** Something the demo's operator does; `seen` is the newest overlay. */
interface Cue {
  readonly atS: number;
  command(seen: Overlay): WithoutId<ProcedureCommand>;
}

/**
 * What an operator would say while the demo's clip plays: a popliteal block of the left side with
 * a margin of 1.5 mm round the nerve, a target beside it, a bolus that opens the plane, the
 * injection.
 */
const CUES: readonly Cue[] = [
  {
    atS: 0.3,
    command: () => ({
      type: 'start-procedure',
      protocol: 'sciatic-popliteal',
      side: 'left',
      overrides: { structures: [{ class: 'nerve', warning: { enterMm: 1.5, leaveMm: 2.5 } }] },
    }),
  },
  {
    atS: 1,
    command: ({ image, epoch, frameId, trackEpoch }) => ({
      type: 'set-target',
      place: {
        kind: 'point',
        point: { xPx: TARGET.x * image.widthPx, yPx: TARGET.y * image.heightPx },
      },
      epoch,
      frameId,
      trackEpoch,
    }),
  },
  {
    atS: DEMO_STORY.bolusS - 0.3,
    command: () => ({ type: 'start-injection', step: 'hydrodissection', volumeMl: 1 }),
  },
  {
    atS: DEMO_STORY.bolusEndS + 0.3,
    command: () => ({ type: 'stop-injection', volumeMl: 1 }),
  },
  {
    atS: DEMO_STORY.injectionS - 0.3,
    command: () => ({ type: 'start-injection', step: 'injection', volumeMl: 10 }),
  },
  {
    atS: DEMO_STORY.endS - 0.4,
    command: () => ({ type: 'stop-injection', volumeMl: 10 }),
  },
  { atS: DEMO_STORY.endS - 0.2, command: () => ({ type: 'end-procedure' }) },
];

/** The demo's operator over one pass of its clip. */
export interface DemoOperator {
  /**
   * Gives the commands that are due.
   *
   * @param seen - the newest overlay of this pass; null before the first: the operator waits for it
   */
  advance(offsetUs: number, seen: Overlay | null): void;
}

/** Starts an operator for one pass. */
export function createDemoOperator(give: (command: ProcedureCommand) => void): DemoOperator {
  let next = 0;
  return {
    advance(offsetUs, seen) {
      if (seen === null) return;
      for (let cue = CUES[next]; cue !== undefined; cue = CUES[next]) {
        if (offsetUs < cue.atS * 1e6) return;
        next += 1;
        give({ ...cue.command(seen), commandId: `demo-${next}` });
      }
    },
  };
}
