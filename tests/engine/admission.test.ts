import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AdmissionState,
  type AdmissionStep,
  createAdmission,
  expireWaiting,
  itemDone,
  offerItem,
} from '../../src/engine/admission.js';

interface Item {
  readonly id: number;
  readonly expiresAtUs: number;
}

function item(id: number, expiresAtUs = Number.POSITIVE_INFINITY): Item {
  return { id, expiresAtUs };
}

function kinds(step: AdmissionStep<Item>): string[] {
  return step.actions.map((action) => `${action.kind} ${action.item.id}`);
}

describe('admission of a live stream', () => {
  it('starts the first frame and lets one wait', () => {
    const first = offerItem(createAdmission<Item>('newest'), item(1), 0);
    const second = offerItem(first.state, item(2), 10);

    expect(kinds(first)).toEqual(['start 1']);
    expect(kinds(second)).toEqual([]);
    expect(kinds(itemDone(second.state, 20))).toEqual(['start 2']);
  });

  it('drops the older frame when two wait', () => {
    let { state } = offerItem(createAdmission<Item>('newest'), item(1), 0);
    ({ state } = offerItem(state, item(2), 10));
    const third = offerItem(state, item(3), 20);

    expect(kinds(third)).toEqual(['superseded 2']);
    expect(kinds(itemDone(third.state, 30))).toEqual(['start 3']);
  });

  it('expires a waiting frame that became too old, at its limit and not before', () => {
    let { state } = offerItem(createAdmission<Item>('newest'), item(1, 200), 0);
    ({ state } = offerItem(state, item(2, 210), 10));

    expect(kinds(itemDone(state, 209))).toEqual(['start 2']);
    const late = itemDone(state, 210);
    expect(kinds(late)).toEqual(['expired 2']);
    expect(late.state.inFlight).toBeNull();
  });

  it('expires a frame that was too old when it came', () => {
    expect(kinds(offerItem(createAdmission<Item>('newest'), item(1, 5), 5))).toEqual(['expired 1']);
  });

  it('expires what waits when the cart is gone, and keeps what is in flight', () => {
    let { state } = offerItem(createAdmission<Item>('newest'), item(1), 0);
    ({ state } = offerItem(state, item(2), 10));
    const gone = expireWaiting(state);

    expect(kinds(gone)).toEqual(['expired 2']);
    expect(gone.state.inFlight?.id).toBe(1);
    expect(kinds(itemDone(gone.state, 30))).toEqual([]);
  });
});

describe('admission of a file', () => {
  it('starts every frame in order', () => {
    let { state } = offerItem(createAdmission<Item>('lossless'), item(1), 0);
    for (const id of [2, 3, 4]) {
      const step = offerItem(state, item(id), 0);
      expect(step.actions).toEqual([]);
      state = step.state;
    }
    const started: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      const step = itemDone(state, 0);
      started.push(...kinds(step));
      state = step.state;
    }
    expect(started).toEqual(['start 2', 'start 3', 'start 4']);
  });
});

describe('whatever happens', () => {
  const event = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('offer'), ageUs: fc.nat(300) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('done'), ageUs: fc.nat(300) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('gone'), ageUs: fc.nat(300) }) },
  );

  it('gives every offered frame exactly one end, and has one in flight and one waiting', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let state: AdmissionState<Item> = createAdmission<Item>('newest');
        const ends = new Map<number, number>();
        let nowUs = 0;
        let offered = 0;
        const take = (step: AdmissionStep<Item>) => {
          state = step.state;
          for (const action of step.actions) {
            ends.set(action.item.id, (ends.get(action.item.id) ?? 0) + 1);
          }
        };
        for (const { kind, ageUs } of events) {
          nowUs += ageUs;
          if (kind === 'offer') {
            offered += 1;
            take(offerItem(state, item(offered, nowUs + 200), nowUs));
          } else if (kind === 'gone') take(expireWaiting(state));
          else if (state.inFlight !== null) take(itemDone(state, nowUs));
          expect(state.waiting.length).toBeLessThanOrEqual(1);
          expect(ends.size + state.waiting.length).toBe(offered);
        }
        expect([...ends.values()].every((count) => count === 1)).toBe(true);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});
