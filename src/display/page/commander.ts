import type { AdvisoryKind } from '../../domain/advisory.js';
import type { PointPx } from '../../domain/geometry.js';
import type { Overlay } from '../../domain/overlay.js';
import type { InjectionStep, Side } from '../../domain/procedure.js';
import type { ProcedureCommand } from '../../protocol/procedure-commands.js';
import type { ProcedureState } from '../../protocol/procedure-messages.js';
import { WORDS } from './words.js';

/** What the page knows when a command is given. */
export interface CommandScene {
  readonly procedure: ProcedureState | null;
  /** The overlay that the operator looks at; null while none is current. */
  readonly current: Overlay | null;
}

/** The operator's commands, as buttons, keys and pedals give them. */
export interface Commander {
  start(protocol: string, side: Side | null): void;
  confirmSide(side: Side): void;
  setTarget(point: PointPx): void;
  confirmTarget(): void;
  clearTarget(): void;
  /** `volumeMl`: what is meant to go in. */
  startInjection(step: InjectionStep, volumeMl: number): void;
  /** `volumeMl`: what went in. */
  stopInjection(volumeMl: number): void;
  /** Stops the injection that runs, or starts one with the step that was used last. */
  toggleInjection(volumeMl: number): void;
  acknowledge(advisory: AdvisoryKind): void;
  end(): void;
}

export interface CommanderOptions {
  scene(): CommandScene;
  /** False while there is no connection. */
  send(command: ProcedureCommand): boolean;
  /** Why a command was not even sent, in words; null when one was. */
  tell(problem: string | null): void;
}

/** The injection that runs; null while none does. */
export function runningInjection(procedure: ProcedureState | null) {
  return procedure?.injections.find(({ endedAtUs }) => endedAtUs === null) ?? null;
}

/** Makes the commander. */
export function createCommander({ scene, send, tell }: CommanderOptions): Commander {
  // Unique among displays that the service may tell about, so that each knows its own.
  const prefix = Math.random().toString(36).slice(2, 10);
  let count = 0;
  let lastStep: InjectionStep = 'injection';
  const nextId = () => {
    count += 1;
    return `${prefix}-${count}`;
  };
  const say = (command: ProcedureCommand): void => {
    tell(send(command) ? null : WORDS.noConnection);
  };

  /** Identity of the overlay that the operator was looking at; tells where there is none. */
  function seenIn() {
    const { current } = scene();
    if (current === null) {
      tell(WORDS.noFrame);
      return null;
    }
    return { epoch: current.epoch, frameId: current.frameId, trackEpoch: current.trackEpoch };
  }

  const commander: Commander = {
    start: (protocol, side) =>
      say({ type: 'start-procedure', commandId: nextId(), protocol, side }),
    confirmSide: (side) => say({ type: 'confirm-side', commandId: nextId(), side }),
    setTarget(point) {
      const seen = seenIn();
      if (seen === null) return;
      const place = { kind: 'point', point } as const;
      say({ type: 'set-target', commandId: nextId(), place, ...seen });
    },
    confirmTarget() {
      const seen = seenIn();
      if (seen !== null) say({ type: 'confirm-target', commandId: nextId(), ...seen });
    },
    clearTarget: () => say({ type: 'clear-target', commandId: nextId() }),
    startInjection(step, volumeMl) {
      lastStep = step;
      say({ type: 'start-injection', commandId: nextId(), step, volumeMl });
    },
    stopInjection: (volumeMl) => say({ type: 'stop-injection', commandId: nextId(), volumeMl }),
    toggleInjection(volumeMl) {
      if (runningInjection(scene().procedure) === null) {
        commander.startInjection(lastStep, volumeMl);
      } else {
        commander.stopInjection(volumeMl);
      }
    },
    acknowledge: (advisory) => say({ type: 'acknowledge-advisory', commandId: nextId(), advisory }),
    end: () => say({ type: 'end-procedure', commandId: nextId() }),
  };
  return commander;
}
