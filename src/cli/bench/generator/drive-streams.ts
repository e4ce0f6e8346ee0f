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

/** Behind the last frame, waiting ends when no answer has come for this long, ms. */
const IDLE_MS = 3000;
/** Waiting ends at the latest now: how long a queue may take to be worked off, ms. */
const DRAIN_MS = 60_000;
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
  let isMeasuring = false;
  const pacer = startPacer(
    Float64Array.from(events, ({ dueUs }) => dueUs),
    (passed) => {
      const { stream = 0, dueUs = 0 } = events[passed - 1] ?? {};
      if (!isMeasuring && dueUs >= fromUs) {
        isMeasuring = true;
        edges.measuring();
      }
      next[stream] = (next[stream] ?? 0) + 1;
      streams[stream]?.offerUpTo(next[stream] ?? 0);
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
  const toUs = Math.round(lastUs + perFrameUs);
  while (readClockUs() < toUs) await pause(1 + (toUs - readClockUs()) / 1000);
  await drain(streams, fail);
  // Only now: the work on late answers belongs to the CPU time of the frames that got them.
  edges.measured();
  return { fromFrame, fromUs, toUs, waitedUntilUs: readClockUs() };
};

/**
 * Offers each stream's next frame when the one before has its verdict and its overlay. A frame is
 * due when it is offered.
 *
 * @param fail - throws when the target is lost
 */
export const runClosed: Drive = async (streams, plan, edges, fail) => {
  const fromFrame = plan.warmUpFrames;
  const pass = (from: number, to: number) =>
    Promise.all(streams.map((one) => answerEach(one, from, to, fail)));
  await pass(0, fromFrame);
  const fromUs = readClockUs();
  edges.measuring();
  await pass(fromFrame, fromFrame + plan.frames);
  const toUs = readClockUs();
  edges.measured();
  return { fromFrame, fromUs, toUs, waitedUntilUs: toUs };
};

async function answerEach(
  stream: StreamLoad,
  from: number,
  to: number,
  fail: () => void,
): Promise<void> {
  for (let frameId = from; frameId < to; frameId++) {
    const nowUs = readClockUs();
    stream.ledger.dueUs[frameId] = nowUs;
    stream.offerUpTo(frameId + 1);
    const endUs = nowUs + ANSWER_MS * 1000;
    while (!stream.hasAnswered(frameId) && readClockUs() < endUs) {
      await Promise.race([stream.changed(), pause(POLL_MS)]);
      fail();
    }
  }
}

/** All streams' due times in one order. */
function mergedEvents(streams: readonly StreamLoad[]) {
  return streams
    .flatMap(({ ledger }, stream) => Array.from(ledger.dueUs, (dueUs) => ({ stream, dueUs })))
    .sort((a, b) => a.dueUs - b.dueUs);
}

/**
 * Waits for the answers to what was sent, as long as answers come. A target that queues is still at
 * work on this load: nobody else's may begin, and its late overlays count as late.
 */
async function drain(streams: readonly StreamLoad[], fail: () => void): Promise<void> {
  const endUs = readClockUs() + DRAIN_MS * 1000;
  let answers = -1;
  let answeredUs = 0;
  while (!streams.every((one) => one.isSettled)) {
    const now = streams.reduce((sum, one) => sum + one.answers, 0);
    const nowUs = readClockUs();
    if (now > answers) [answers, answeredUs] = [now, nowUs];
    if (nowUs > endUs || nowUs - answeredUs > IDLE_MS * 1000) return;
    await pause(5);
    fail();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
