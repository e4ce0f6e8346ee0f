import { availableParallelism } from 'node:os';
import { isEcholineError } from '../../../domain/errors.js';
import type { LoadPlan } from '../load-plan.js';
import type { Target } from '../target.js';
import { type Suite, type SuiteContext, SuiteRecord } from './suite.js';

/** What each target is loaded with, in turns. */
export const PEER_LOADS = ['paced', 'throughput', 'twice'] as const;
export type PeerLoad = (typeof PEER_LOADS)[number];

const FPS = 30;
/** Streams that offer more than any target carries. */
const THROUGHPUT_STREAMS = 4;
const THROUGHPUT_FPS = 250;

/**
 * The service and every peer that can run here, interleaved A B A B: same network, same clip, same
 * offered load, same driver. `twice` offers each target twice the frames a second that our own
 * service carries on one stream.
 */
export const peers: Suite = async (context) => {
  const record = new SuiteRecord(context);
  const targets = [...(await startAll(context, record))];
  for (const target of [...targets]) {
    await orLeaveOut(record, targets, target, () => record.meaningPass(target, {}));
  }
  const overload = await context.resultOf('overload');
  const capacity = overload.figures.find(({ name }) => name === 'capacity')?.value ?? FPS;
  const loads = plansOf(context, capacity);
  for (let repetition = 0; repetition < context.scale.repetitions; repetition++) {
    for (const load of context.mode === 'smoke' ? PEER_LOADS.slice(0, 1) : PEER_LOADS) {
      for (const target of [...targets]) {
        const { fps = FPS, streams = 1 } = loads[load];
        const conditions = { load, fps: fps ?? FPS, streams };
        await orLeaveOut(record, targets, target, async () => {
          await record.measure(target, loads[load], conditions, repetition);
        });
      }
    }
  }
  return record.findings();
};

/** A peer that dies under its load costs its rows, never the run; our own service does. */
async function orLeaveOut(
  record: SuiteRecord,
  targets: Target[],
  target: Target,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isEcholineError(error) || target === targets[0]) throw error;
    targets.splice(targets.indexOf(target), 1);
    record.invalid(`${target.name} did not survive its load: ${error.message}`);
  }
}

async function startAll(context: SuiteContext, record: SuiteRecord): Promise<readonly Target[]> {
  const targets = [await context.targets.own(availableParallelism())];
  for (const kind of context.peers) {
    const target = await context.targets.peer(kind, null);
    if (typeof target !== 'string') targets.push(target);
    else {
      context.say(`${kind.name}: not available: ${target}`);
      record.invalid(`${kind.name} is not available: ${target}`);
    }
  }
  return targets;
}

function plansOf(
  context: SuiteContext,
  capacity: number,
): Readonly<Record<PeerLoad, Partial<LoadPlan>>> {
  const { overloadSeconds: seconds } = context.scale;
  const at = (fps: number): Partial<LoadPlan> => ({
    fps,
    frames: Math.ceil(fps * seconds),
    warmUpFrames: Math.ceil(fps * 0.2 * seconds),
  });
  const throughputFps = context.mode === 'smoke' ? FPS : THROUGHPUT_FPS;
  const twiceFps = context.mode === 'smoke' ? FPS : Math.round(2 * capacity);
  return {
    paced: { fps: FPS },
    throughput: { ...at(throughputFps), streams: THROUGHPUT_STREAMS },
    twice: { ...at(twiceFps), credits: 'ignore' },
  };
}
