import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../../domain/assert.js';
import { type EcholineError, isEcholineError } from '../../../domain/errors.js';
import type { Overlay } from '../../../domain/overlay.js';
import { BENCH_EPOCH } from '../load-plan.js';
import { createMeaningHash, type MeaningHash } from '../meaning.js';
import type { DisplayGroup, DisplayReply, DisplayRequest } from './display-messages.js';
import { FrameLedger } from './frame-ledger.js';
import {
  type LoadDisplay,
  openDisplay,
  openStalledDisplay,
  type TakeOverlay,
} from './load-display.js';
import { preferThread, stopPreferringThread } from './prefer-thread.js';

/**
 * Entry of a thread of displays: what they read and acknowledge must not keep the thread that sends
 * from its due times. Those that are measured may run first; the others are as much load for this
 * machine as the service is, and compete with it as equals.
 */
assert(parentPort !== null, 'displays run as a worker thread');
const port = parentPort;
const group = workerData as DisplayGroup;
const { url, token, ledgers } = group;
if (ledgers === null) stopPreferringThread();
else preferThread();

const meanings: readonly MeaningHash[] = group.streamIds.map(createMeaningHash);
let isClosing = false;

function reply(message: DisplayReply): void {
  port.postMessage(message);
}

function lose({ code, message }: EcholineError): void {
  if (!isClosing) reply({ kind: 'lost', code, message });
}

function takerOf(stream: number): TakeOverlay | null {
  const [memory, meaning] = [ledgers?.[stream], meanings[stream]];
  if (memory === undefined || meaning === undefined) return null;
  const ledger = new FrameLedger(memory);
  return (overlay: Overlay, receivedUs: number, offsetUs: number | null) => {
    if (overlay.epoch !== BENCH_EPOCH) return;
    if (!ledger.takeOverlay(overlay, receivedUs, offsetUs)) return;
    meaning.add(overlay);
    if (group.isTelling) reply({ kind: 'took' });
  };
}

function open(streamId: string, stream: number): readonly Promise<LoadDisplay>[] {
  return Array.from({ length: group.each }, (_, display) => {
    const options = { url, streamId, token, onLost: lose };
    if (display >= group.each - group.stalled) return openStalledDisplay(options);
    return openDisplay({ ...options, onOverlay: takerOf(stream) });
  });
}

async function main(): Promise<void> {
  const displays = await Promise.all(group.streamIds.flatMap(open));
  port.on('message', (request: DisplayRequest) => {
    if (request === 'read') {
      const clockUncertaintyUs = displays[0]?.clock()?.uncertaintyUs ?? null;
      const hashes = meanings.map((one) => one.read());
      reply({ kind: 'findings', findings: { meanings: hashes, clockUncertaintyUs } });
      return;
    }
    isClosing = true;
    void Promise.all(displays.map((one) => one.close())).then(() => port.close());
  });
  reply({ kind: 'open' });
}

main().catch((error: unknown) => {
  if (!isEcholineError(error)) throw error;
  lose(error);
});
