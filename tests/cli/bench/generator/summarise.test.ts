import { describe, expect, it } from 'vitest';
import { FrameLedger } from '../../../../src/cli/bench/generator/frame-ledger.js';
import { recordsOf, summarise } from '../../../../src/cli/bench/generator/summarise.js';
import { sampleOverlay } from '../../../protocol/sample-overlay.js';

const MS = 1000;

/** Six frames due every 10 ms: one of warm-up, then ok, late, superseded, skipped, unanswered. */
function ledger(): FrameLedger {
  const made = new FrameLedger(Float64Array.from([0, 10, 20, 30, 40, 50], (ms) => ms * MS));
  made.offeredUs.set([0, 10_100, 20_200, 30_100, 40_100, 50_100]);
  made.sentUs.set([0, 10_100, 20_200, 30_100, Number.NaN, 50_100]);
  const answer = (frameId: number, receivedMs: number) => {
    made.takeVerdict(frameId, 'ok', receivedMs * MS);
    const overlay = sampleOverlay({ frameId });
    made.takeOverlay(overlay, receivedMs * MS, 5 * MS);
  };
  answer(0, 500);
  answer(1, 15);
  answer(2, 140);
  made.takeVerdict(3, 'superseded', 141 * MS);
  made.skip(4);
  return made;
}

const WINDOW = { fromFrame: 1, fromUs: 10 * MS, toUs: 60 * MS, waitedUntilUs: 250 * MS };

describe('the summary of a load', () => {
  const figures = summarise([ledger()], WINDOW);

  it('accounts for every frame that was due, without warm-up', () => {
    const { due, skipped, unanswered, verdicts, overlays } = figures;
    expect({ due, skipped, unanswered, overlays }).toEqual({
      due: 5,
      skipped: 1,
      unanswered: 1,
      overlays: 2,
    });
    expect(verdicts).toEqual({ ok: 2, superseded: 1, expired: 0, invalid: 0, failed: 0 });
  });

  it('counts latency from when a frame was due, and frames without an overlay as missed', () => {
    expect(figures.dueToOverlayMs?.p50).toBeCloseTo(120, 0);
    expect(figures.missed33Ms).toBe(4);
    expect(figures.missed100Ms).toBe(4);
  });

  it('counts an unanswered frame with the time that was waited for it', () => {
    expect(figures.dueToOverlayMs?.count).toBe(3);
    expect(figures.dueToOverlayMs?.max).toBeCloseTo(200, 0);
    expect(figures.worst).toEqual({ stream: 0, frameId: 5, ms: 200 });
  });

  it('says how late it sent itself', () => {
    expect(figures.sendLatenessMs.count).toBe(5);
    expect(figures.sendLatenessMs.max).toBeCloseTo(0.2);
  });

  it('has a record a frame, with nulls for what did not happen', () => {
    const [first, , third, fourth] = recordsOf([ledger()], 1);
    expect(first).toMatchObject({ frameId: 1, verdict: 'ok', receivedByDisplayUs: 15_000 });
    expect(third).toMatchObject({ verdict: 'superseded', receivedByDisplayUs: null });
    expect(fourth).toMatchObject({ verdict: 'skipped', sentUs: null, stageMs: null });
  });

  it('knows nothing of a load in which nothing came back', () => {
    const empty = summarise([new FrameLedger(Float64Array.of(0))], { ...WINDOW, fromFrame: 0 });
    expect(empty.dueToOverlayMs).toBeNull();
    expect(empty.ageAtTicksMs).toBeNull();
    expect(empty.stageMs).toBeNull();
    expect(empty.unanswered).toBe(1);
  });
});
