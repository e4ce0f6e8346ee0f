import { describe, expect, it } from 'vitest';
import { createCommander } from '../../../src/display/page/commander.js';
import { WORDS } from '../../../src/display/page/words.js';
import type { Overlay } from '../../../src/domain/overlay.js';
import { parseMessageFromDisplay } from '../../../src/protocol/control-codec.js';
import type { ProcedureCommand } from '../../../src/protocol/procedure-commands.js';
import { sampleFrame, sampleOverlay } from '../../support/display-samples.js';
import { runningProcedure } from '../../support/page-scene.js';

function setUp(current: Overlay | null = sampleOverlay(sampleFrame(7)), isConnected = true) {
  const sent: ProcedureCommand[] = [];
  const told: (string | null)[] = [];
  let procedure = runningProcedure();
  const commander = createCommander({
    scene: () => ({ procedure, current }),
    send(command) {
      sent.push(command);
      return isConnected;
    },
    tell: (problem) => told.push(problem),
  });
  const change = (changes: Parameters<typeof runningProcedure>[0]) => {
    procedure = runningProcedure(changes);
  };
  return { commander, sent, told, change };
}

describe('commander', () => {
  it('says every command as the service reads it, each with an id of its own', () => {
    const { commander, sent } = setUp();
    commander.start('femoral', null);
    commander.confirmSide('left');
    commander.setTarget({ xPx: 1, yPx: 2 });
    commander.confirmTarget();
    commander.clearTarget();
    commander.startInjection('aspirate', 0);
    commander.stopInjection(0);
    commander.acknowledge('probe-moved');
    commander.end();
    for (const command of sent) {
      expect(parseMessageFromDisplay(JSON.stringify(command))).toEqual(command);
    }
    expect(new Set(sent.map(({ commandId }) => commandId)).size).toBe(9);
  });

  it('names the overlay that a target was set in, and sets none without one', () => {
    const seen = setUp();
    seen.commander.setTarget({ xPx: 1, yPx: 2 });
    expect(seen.sent[0]).toMatchObject({ epoch: 0, frameId: 7, trackEpoch: 0 });
    const blind = setUp(null);
    blind.commander.setTarget({ xPx: 1, yPx: 2 });
    blind.commander.confirmTarget();
    expect(blind.sent).toEqual([]);
    expect(blind.told).toEqual([WORDS.noFrame, WORDS.noFrame]);
  });

  it('starts the step that was used last with the pedal, and stops what runs', () => {
    const { commander, sent, change } = setUp();
    commander.startInjection('hydrodissection', 1);
    commander.toggleInjection(2);
    expect(sent.at(-1)).toMatchObject({ type: 'start-injection', step: 'hydrodissection' });
    change({
      injections: [
        {
          injection: 1,
          step: 'injection',
          plannedMl: null,
          givenMl: null,
          startedAtUs: 1,
          endedAtUs: null,
        },
      ],
    });
    commander.toggleInjection(2);
    expect(sent.at(-1)).toMatchObject({ type: 'stop-injection', volumeMl: 2 });
  });

  it('says so when there is no connection', () => {
    const { commander, told } = setUp(undefined, false);
    commander.end();
    expect(told).toEqual([WORDS.noConnection]);
  });
});
