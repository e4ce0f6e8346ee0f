import { join } from 'node:path';
import { isEcholineError } from '../../../domain/errors.js';
import { loadNativeAddon } from '../../../kernels/native-addon.js';
import { readProtocolLibrary } from '../../../session/procedure/protocol-library.js';
import { openPipeline } from '../../open-pipeline.js';
import { PACKAGE_ROOT } from '../../package-root.js';
import type { PlayOrder, PlayReport } from './play-messages.js';
import { playProcedure } from './play-procedure.js';

/**
 * Plays procedures in a process of its own, so that a machine's processors each have one: rendering
 * and network on one thread. Stages are timed by the processor time of that thread, which other
 * work on the machine does not lengthen.
 */

/** Frames between two reports of progress. */
const FRAMES_A_REPORT = 25;

let play: ((seed: number) => Promise<PlayReport>) | null = null;

process.on('message', (order: PlayOrder) => {
  answer(order).then(tell, (error: unknown) => {
    if (!isEcholineError(error)) throw error;
    const { code, message, details } = error;
    tell({ kind: 'failed', code, message, details });
  });
});
process.on('disconnect', () => process.exit());

async function answer(order: PlayOrder): Promise<PlayReport> {
  if (order.kind === 'open') return open(order);
  if (play === null) throw new Error('Assertion failed: a player is opened before it plays');
  return play(order.seed);
}

async function open(order: Extract<PlayOrder, { readonly kind: 'open' }>): Promise<PlayReport> {
  const { modelDirectory, precision, detectors, frames } = order;
  const run = { intraOpThreads: 1, readClockUs: processorClock() };
  const pipeline = await openPipeline(modelDirectory, precision, run);
  const library = readProtocolLibrary(join(PACKAGE_ROOT, 'protocols'));
  play = async (seed) => {
    let untold = 0;
    const tellFrames = (): void => {
      tell({ kind: 'frames', frames: untold });
      untold = 0;
    };
    const onFrame = (): void => {
      untold += 1;
      if (untold === FRAMES_A_REPORT) tellFrames();
    };
    const options = { pipeline, library, detectors, seed, frames, onFrame };
    const procedures = await playProcedure(options);
    tellFrames();
    return { kind: 'played', procedures };
  };
  const { model, selected } = pipeline;
  const { reason } = selected;
  return { kind: 'ready', model, selected: { precision: selected.precision, reason } };
}

function tell(report: PlayReport): void {
  process.send?.(report);
}

/**
 * A clock of the processor time of this thread, µs: the threads that collect garbage and compile
 * beside it are not what a frame costs. Without the native addon that of the process, with them.
 */
function processorClock(): () => number {
  const loaded = loadNativeAddon();
  const threadTimeUs = loaded.kind === 'loaded' ? loaded.addon.threadTimeUs : undefined;
  if (threadTimeUs !== undefined) return threadTimeUs;
  return () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  };
}
