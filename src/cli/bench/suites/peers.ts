import { availableParallelism } from 'node:os';
import { isEcholineError } from '../../../domain/errors.js';
import type { LoadPlan } from '../load-plan.js';
import type { Target } from '../target.js';
import { type Suite, type SuiteContext, SuiteRecord } from './suite.js';

/** What each target is loaded with, in turns. */
const PEER_LOADS = ['paced', 'throughput', 'twice'] as const;
type PeerLoad = (typeof PEER_LOADS)[number];

const FPS = 30;
/** Twice the rate of the other suites: five times 600 frames of every target take half as long. */
export const PACED_FPS = 60;
/** Streams that offer more than any target carries. */
const THROUGHPUT_STREAMS = 4;
const THROUGHPUT_FPS = 250;
/** One in work, one waiting: a target that takes the newest would supersede what is more. */
const THROUGHPUT_IN_FLIGHT = 2;

/**
 * The service and every peer that can run here, interleaved A B A B: same network, same clip, same
 * offered load, same driver. `twice` offers each target twice the frames a second that our own
 * service carries on one stream.
 */
export const peers: Suite = async (context) => {
  const record = new SuiteRecord(context);
  const targets = [...(await startAll(context, record))];
  const running = { record, targets, stop: context.stop };
  for (const target of [...targets]) {
    await orLeaveOut(running, target, () => record.meaningPass(target, {}));
  }
  const overload = await context.resultOf('overload');
  const capacity = overload.figures.find(({ name }) => name === 'capacity')?.value ?? null;
  if (capacity === null) record.invalid(`overload found no capacity: twice is of ${FPS} frames/s`);
  const loads = plansOf(context, capacity ?? FPS);
  for (let repetition = 0; repetition < context.scale.repetitions; repetition++) {
    for (const load of context.mode === 'smoke' ? PEER_LOADS.slice(0, 1) : PEER_LOADS) {
      for (const target of inTurn(targets, repetition)) {
        const { fps, streams } = loads[load];
        const conditions = { load, fps, streams };
        await orLeaveOut(running, target, async () => {
          const isOwn = target === targets[0];
          const figures = isOwn
            ? await record.measureOrName(target, loads[load], conditions, repetition)
            : (await record.measure(target, loads[load], conditions, repetition)).figures;
          if (figures === null || figures.unanswered === 0) return;
          record.invalid(
            `${target.name}, ${load}: ${figures.unanswered} frames had no answer when the wait ` +
              'for them ended; they count with the time waited',
          );
        });
      }
    }
  }
  return record.findings();
};

/** The targets that are still in the race; our own service is the first. */
interface Running {
  readonly record: SuiteRecord;
  readonly targets: Target[];
  readonly stop: AbortSignal;
}

/** The same order, begun with another target each repetition: nobody is always the first. */
export function inTurn<T>(targets: readonly T[], repetition: number): readonly T[] {
  const first = targets.length === 0 ? 0 : repetition % targets.length;
  return [...targets.slice(first), ...targets.slice(0, first)];
}

/** A peer that dies under its load costs its rows, never the run. */
async function orLeaveOut(
  { record, targets, stop }: Running,
  target: Target,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isEcholineError(error) || stop.aborted || target === targets[0]) throw error;
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

/** What a load changes of the plan; rate and streams are said beside its figures. */
type OfferedLoad = Partial<LoadPlan> & { readonly fps: number; readonly streams: number };

function plansOf(context: SuiteContext, capacity: number): Readonly<Record<PeerLoad, OfferedLoad>> {
  const { queueSeconds: seconds } = context.scale;
  const at = (fps: number): OfferedLoad => ({
    fps,
    streams: 1,
    frames: Math.ceil(fps * seconds),
    warmUpFrames: Math.ceil(fps * 0.2 * seconds),
  });
  const throughputFps = context.mode === 'smoke' ? PACED_FPS : THROUGHPUT_FPS;
  const twiceFps = context.mode === 'smoke' ? PACED_FPS : Math.round(2 * capacity);
  return {
    paced: { fps: PACED_FPS, streams: 1 },
    throughput: {
      ...at(throughputFps),
      streams: THROUGHPUT_STREAMS,
      inFlightMax: THROUGHPUT_IN_FLIGHT,
    },
    twice: { ...at(twiceFps), credits: 'ignore' },
  };
}
