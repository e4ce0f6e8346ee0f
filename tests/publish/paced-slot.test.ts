import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacedSlot, type PacedItem } from '../../src/publish/paced-slot.js';

const BYTES = new Uint8Array(1);

function item(frameId: number, epoch = 0): PacedItem {
  return { epoch, frameId, bytes: BYTES };
}

describe('a slot paced by acknowledgements', () => {
  it('lets two go, keeps the newest, and sends it with the next acknowledgement', () => {
    const slot = createPacedSlot(2, null);
    const sent = [1, 2, 3, 4].map((frameId) => slot.offer(item(frameId), frameId)?.frameId ?? null);

    expect(sent).toEqual([1, 2, null, null]);
    expect(slot.replaced).toBe(1);
    expect(slot.owedSinceUs()).toBe(1);
    expect(slot.acknowledge({ frameId: 1 }, 50)?.frameId).toBe(4);
    expect(slot.owedSinceUs()).toBe(2);
    expect(slot.acknowledge({ frameId: 4, epoch: 0 }, 60)).toBeNull();
    expect(slot.owedSinceUs()).toBeNull();
  });

  it('ignores an acknowledgement of something that was never sent', () => {
    const slot = createPacedSlot(1, null);
    slot.offer(item(1), 0);
    slot.offer(item(2), 1);
    expect(slot.acknowledge({ frameId: 2 }, 2)).toBeNull();
    expect(slot.acknowledge({ frameId: 1, epoch: 3 }, 2)).toBeNull();
    expect(slot.owedSinceUs()).toBe(0);
  });

  it('takes the newest of two sent items with the same frameId when no epoch is given', () => {
    const slot = createPacedSlot(3, null);
    slot.offer(item(1, 0), 0);
    slot.offer(item(2, 0), 1);
    slot.offer(item(1, 1), 2);
    slot.acknowledge({ frameId: 1 }, 3);
    expect(slot.owedSinceUs()).toBeNull();
  });

  it('follows the gate until the first acknowledgement, and counts after it', () => {
    let isOpen = true;
    const slot = createPacedSlot(2, () => isOpen);
    for (let frameId = 1; frameId <= 9; frameId += 1) {
      expect(slot.offer(item(frameId), frameId)?.frameId).toBe(frameId);
    }
    expect(slot.owedSinceUs()).toBeNull();
    isOpen = false;
    expect(slot.offer(item(10), 10)).toBeNull();
    isOpen = true;
    expect(slot.flush(11)?.frameId).toBe(10);
    expect(slot.acknowledge({ frameId: 9 }, 12)).toBeNull();

    isOpen = false;
    expect(slot.hasAcknowledged).toBe(true);
    expect(slot.offer(item(11), 13)?.frameId).toBe(11);
    expect(slot.offer(item(12), 14)).toBeNull();
    expect(slot.owedSinceUs()).toBe(11);
  });

  it('never sends anything older than what was sent before, nor more than allowed', () => {
    const event = fc.record({ isOffer: fc.boolean(), back: fc.nat(4) });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const slot = createPacedSlot(2, null);
        const sent: number[] = [];
        let acknowledged = 0;
        let offered = 0;
        for (const { isOffer, back } of events) {
          const target = sent.at(-1 - back) ?? 0;
          const next = isOffer
            ? slot.offer(item(++offered), offered)
            : slot.acknowledge({ frameId: target }, offered);
          if (!isOffer && target > acknowledged) acknowledged = target;
          if (next !== null) sent.push(next.frameId);
          expect(sent.filter((frameId) => frameId > acknowledged).length).toBeLessThanOrEqual(2);
        }
        expect(sent).toEqual([...new Set(sent)].sort((a, b) => a - b));
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});
