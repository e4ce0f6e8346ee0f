import { readClockUs } from '../../../engine/read-clock.js';
import type { LoadPlan } from '../load-plan.js';
import { startPacer } from './pacer.js';
import type { StreamLoad } from './stream-load.js';
import type { Window } from './summarise.js';

/** Called when the frames that count begin and end. */
export interface Edges {
  measuring(): void;
  measured(): void;
}

/** How long verdicts and overlays may be outstanding behind the last frame, ms. */
const SETTLE_MS = 1000;
/** How long one frame may take in a closed loop, ms. */
const ANSWER_MS = 10_000;
/** How often a wait looks whether the target is still there, ms. */
const POLL_MS = 50;

type Drive = (
  streams: readonly StreamLoad[],
  plan: LoadPlan,
  edges: Edges,
  fail: () => void,
) => Promise<Window>;

/**
 * Offers every frame when it is due, whatever has become of the ones before.
 *
 * @param fail - throws when the target is lost
 */
export const runOpen: Drive = async (streams, plan, edges, fail) => {
  const events = mergedEvents(streams);
  const fromFrame = plan.warmUpFrames;
  const fromUs = Math.min(...streams.map(({ ledger }) => ledger.dueUs[fromFrame] ?? 0));
  const lastUs = events.at(-1)?.dueUs ?? fromUs;
  const perFrameUs = (lastUs - fromUs) / Math.max(1, plan.frames - 1);
  const next = streams.map(() => 0);
  let offered = 0;
  let isMeasuring = false;
  const pacer = startPacer(
    Float64Array.from(events, ({ dueUs }) => dueUs),
    (count) => {
      for (const { stream, dueUs } of events.slice(offered, count)) {
        if (!isMeasuring && dueUs >= fromUs) {
          isMeasuring = true;
          edges.measuring();
        }
        next[stream] = (next[stream] ?? 0) + 1;
        streams[stream]?.offerUpTo(next[stream] ?? 0);
      }
      offered = count;
    },
  );
  const poll = setInterval(() => {
    try {
      fail();
    } catch {
      // The wait for the pacer ends at once; the caller's own `fail` says why.
      void pacer.close();
    }
  }, POLL_MS);
  await pacer.done;
  clearInterval(poll);
  fail();
  await waitUntil(() => readClockUs() >= lastUs + perFrameUs, SETTLE_MS, fail);
  edges.measured();
  await waitUntil(() => streams.every((one) => one.isSettled), SETTLE_MS, fail);
  return { fromFrame, fromUs, toUs: Math.round(lastUs + perFrameUs) };
};

/**
 * Offers each frame when the one before has its verdict and its overlay. A frame is due when it is
 * offered.
 *
 * @param fail - throws when the target is lost
 */
export const runClosed: Drive = async (streams, plan, edges, fail) => {
  const fromFrame = plan.warmUpFrames;
  let fromUs = readClockUs();
  for (let frameId = 0; frameId < fromFrame + plan.frames; frameId++) {
    if (frameId === fromFrame) {
      fromUs = readClockUs();
      edges.measuring();
    }
    for (const stream of streams) {
      stream.ledger.dueUs[frameId] = readClockUs();
      stream.offerUpTo(frameId + 1);
    }
    const endUs = readClockUs() + ANSWER_MS * 1000;
    while (!streams.every((one) => one.hasAnswered(frameId)) && readClockUs() < endUs) {
      await Promise.race([...streams.map((one) => one.changed()), pause(POLL_MS)]);
      fail();
    }
  }
  const toUs = readClockUs();
  edges.measured();
  return { fromFrame, fromUs, toUs };
};

/** All streams' due times in one order. */
function mergedEvents(streams: readonly StreamLoad[]) {
  return streams
    .flatMap(({ ledger }, stream) => Array.from(ledger.dueUs, (dueUs) => ({ stream, dueUs })))
    .sort((a, b) => a.dueUs - b.dueUs);
}

async function waitUntil(isTrue: () => boolean, limitMs: number, fail: () => void): Promise<void> {
  const endUs = readClockUs() + limitMs * 1000;
  while (!isTrue() && readClockUs() < endUs) {
    await pause(5);
    fail();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
