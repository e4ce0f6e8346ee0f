import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameSender } from '../../src/cart/frame-sender.js';
import { EcholineError } from '../../src/domain/errors.js';
import { VERDICT_KINDS, type VerdictKind } from '../../src/domain/verdict.js';
import type { CartWelcome, VerdictMessage } from '../../src/protocol/control-messages.js';
import { decodeFrameMessage } from '../../src/protocol/frame-message.js';
import { DEFAULT_FRAME_LIMITS } from '../../src/protocol/limits.js';
import { grayFrame } from '../protocol/arbitrary-frame.js';

function welcome(inFlightFramesMax: number): CartWelcome {
  return {
    type: 'welcome',
    protocol: { major: 1, minor: 0 },
    stream: 'demo',
    limits: { ...DEFAULT_FRAME_LIMITS, widthMaxPx: 64, controlBytesMax: 1000, frameAgeMaxMs: 200 },
    formats: ['gray8'],
    inFlightFramesMax,
    clock: { nowUs: 0 },
    notice: '',
  };
}

function verdict(kind: VerdictKind = 'ok', credits = 1): VerdictMessage {
  return { type: 'verdict', epoch: 1, frameId: 1, verdict: kind, credits };
}

/** A sender whose wire is a list of frameIds; `wire.isOpen = false` is a socket that is closing. */
function startedSender(credits: number) {
  const sender = new FrameSender();
  const sent: number[] = [];
  const wire = { isOpen: true };
  sender.start(welcome(credits), (bytes) => {
    if (wire.isOpen) sent.push(decodeFrameMessage(bytes, DEFAULT_FRAME_LIMITS).frameId);
    return wire.isOpen;
  });
  return { sender, sent, wire };
}

describe('credits', () => {
  it('are spent one a frame and come back with verdicts', () => {
    const { sender, sent } = startedSender(2);
    expect([1, 2, 3].map((frameId) => sender.trySend(grayFrame({ frameId })))).toEqual([
      true,
      true,
      false,
    ]);
    sender.takeVerdict(verdict());
    expect(sender.credits).toBe(1);
    expect(sender.trySend(grayFrame({ frameId: 4 }))).toBe(true);
    expect(sent).toEqual([1, 2, 4]);
  });

  it('are not spent on a frame that the service would refuse', () => {
    const { sender } = startedSender(1);
    const wide = grayFrame({ widthPx: 65, heightPx: 1 });
    expect(() => sender.trySend(wide)).toThrow(
      expect.objectContaining({ code: 'ECHOLINE_FRAME_SIZE' }),
    );
    expect(() => sender.offer(wide)).toThrow(EcholineError);
    expect(sender.credits).toBe(1);
    expect(sender.counts.sent).toBe(0);
  });

  it('do not exist before the welcome', () => {
    expect(new FrameSender().trySend(grayFrame())).toBe(false);
  });
});

describe('an offered frame', () => {
  it('waits for a credit and gives way to a newer one', () => {
    const { sender, sent } = startedSender(1);
    const offered = [1, 2, 3, 4].map((frameId) => sender.offer(grayFrame({ frameId })));
    expect(offered).toEqual([true, false, false, false]);
    expect(sender.counts).toMatchObject({ sent: 1, skipped: 2, pending: 1 });
    sender.takeVerdict(verdict());
    expect(sent).toEqual([1, 4]);
    sender.takeVerdict(verdict());
    expect(sent).toEqual([1, 4]);
    expect(sender.counts).toMatchObject({ sent: 2, skipped: 2, pending: 0 });
  });

  it('is a copy, so that the caller may reuse its pixels', () => {
    const { sender } = startedSender(1);
    const messages: Uint8Array[] = [];
    sender.start(welcome(1), (bytes) => messages.push(bytes) > 0);
    const frame = grayFrame();
    sender.offer(frame);
    sender.offer(frame);
    frame.payload.fill(255);
    sender.takeVerdict(verdict());
    expect(messages).toHaveLength(2);
    for (const message of messages) expect(message.at(-1)).toBe(11);
  });

  it('is skipped when the socket is closing', () => {
    const { sender, wire } = startedSender(1);
    wire.isOpen = false;
    expect(sender.offer(grayFrame())).toBe(false);
    expect(sender.counts).toMatchObject({ sent: 0, skipped: 1, pending: 0 });
  });

  it('is never lost from the counts, whatever happens in which order', () => {
    const action = fc.oneof(
      fc.constant('offer' as const),
      fc.constant('send' as const),
      fc.constantFrom(...VERDICT_KINDS),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(action), (credits, actions) => {
        const { sender, sent } = startedSender(credits);
        let offered = 0;
        let refused = 0;
        let last = 0;
        for (const act of actions) {
          if (act === 'offer') {
            last += 1;
            offered += 1;
            sender.offer(grayFrame({ frameId: last }));
          } else if (act === 'send') {
            last += 1;
            offered += 1;
            if (!sender.trySend(grayFrame({ frameId: last }))) refused += 1;
          } else if (sender.counts.pending > 0) {
            sender.takeVerdict(verdict(act));
          }
        }
        sender.end(null);
        const { counts } = sender;
        const verdicts = Object.values(counts.verdicts).reduce((sum, count) => sum + count, 0);
        expect(counts.sent).toBe(sent.length);
        expect(verdicts + counts.pending).toBe(counts.sent);
        expect(counts.sent + counts.skipped + refused).toBe(offered);
        expect([...sent].sort((a, b) => a - b)).toEqual(sent);
        expect(counts.pending).toBeLessThanOrEqual(credits);
      }),
      { seed: 8, numRuns: 300 },
    );
  });
});

describe('waiting for verdicts', () => {
  it('ends at once when nothing is under way', async () => {
    await startedSender(1).sender.waitForVerdicts();
  });

  it('ends with the last verdict, the waiting frame included', async () => {
    const { sender } = startedSender(1);
    sender.offer(grayFrame({ frameId: 1 }));
    sender.offer(grayFrame({ frameId: 2 }));
    let isDone = false;
    const done = sender.waitForVerdicts().then(() => {
      isDone = true;
    });
    sender.takeVerdict(verdict('superseded'));
    await Promise.resolve();
    expect(isDone).toBe(false);
    sender.takeVerdict(verdict('ok'));
    await done;
    expect(sender.counts.verdicts).toMatchObject({ superseded: 1, ok: 1 });
  });

  it('fails when the connection ends before', async () => {
    const { sender } = startedSender(1);
    sender.trySend(grayFrame());
    const waiting = sender.waitForVerdicts();
    sender.end(null);
    await expect(waiting).rejects.toMatchObject({
      code: 'ECHOLINE_SESSION_ENDED',
      details: { pending: 1 },
    });
    await expect(sender.waitForVerdicts()).rejects.toBeInstanceOf(EcholineError);
  });

  it('ends well when the connection ends with nothing under way', async () => {
    const { sender } = startedSender(1);
    sender.end(new EcholineError('ECHOLINE_SESSION_GOING_AWAY', 'Bye.'));
    await sender.waitForVerdicts();
    expect(sender.offer(grayFrame())).toBe(false);
  });
});
