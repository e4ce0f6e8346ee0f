import { monitorEventLoopDelay } from 'node:perf_hooks';
import { EcholineError, isEcholineError } from '../../../domain/errors.js';
import type { Frame } from '../../../domain/frame.js';
import { readClockUs } from '../../../engine/read-clock.js';
import { encodeFrameMessage } from '../../../protocol/frame-message.js';
import type { LoadPlan } from '../load-plan.js';
import { meaningOfAll } from '../meaning.js';
import { captureOffsetsUs, dueOffsetsUs } from '../schedule.js';
import { runClosed, runOpen } from './drive-streams.js';
import { FrameLedger } from './frame-ledger.js';
import type { GeneratorReply, StartGenerator } from './generator-messages.js';
import { type LoadDisplays, openDisplays } from './load-displays.js';
import { preferThread } from './prefer-thread.js';
import { StreamLoad } from './stream-load.js';
import { recordsOf, summarise } from './summarise.js';

/**
 * Entry of the load generator: a process of its own, so that what it costs is not the target's and
 * what the target costs is not its own. Ends with its channel.
 */
function main(): void {
  process.on('SIGINT', ignoreSignal);
  process.once('disconnect', () => process.exit(1));
  process.once('message', (message: StartGenerator) => {
    run(message).then(reply, (error: unknown) => {
      if (!isEcholineError(error)) throw error;
      reply({ kind: 'failed', code: error.code, message: error.message });
    });
  });
}

/** Sampling interval of the event loop's delay, ms. */
const DELAY_RESOLUTION_MS = 10;
/** Time between the last connection and the first frame, µs. */
const HEADSTART_US = 150_000;

async function run({ url, plan, frames }: StartGenerator): Promise<GeneratorReply> {
  const generatorPriority = preferThread();
  const clip = frames ?? (await readClip(plan));
  const messages = clip.map((frame) => encodeFrameMessage(frame));
  let lost: EcholineError | null = null;
  const { streams, displays } = await openStreams({ url, plan, clip, messages }, (error) => {
    lost ??= error;
  });
  const fail = () => {
    if (lost !== null) throw midRun(lost);
  };
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  let cpuFrom = process.cpuUsage();
  let cpu = { user: 0, system: 0 };
  const edges = {
    measuring() {
      delay.enable();
      cpuFrom = process.cpuUsage();
      reply({ kind: 'measuring' });
    },
    measured() {
      delay.disable();
      cpu = process.cpuUsage(cpuFrom);
      reply({ kind: 'measured' });
    },
  };
  const drive = plan.pace === 'open' ? runOpen : runClosed;
  const window = await drive(streams, plan, edges, fail);
  fail();
  const ledgers = streams.map(({ ledger }) => ledger);
  const figures = summarise(ledgers, window);
  const { meanings, clockUncertaintyUs } = await displays.read();
  const isLossless = ledgers.every((one) => one.overlays === one.frames);
  await Promise.all([displays.close(), ...streams.map((one) => one.close())]);
  const delayMs = (ns: number) => Math.max(0, ns / 1e6 - DELAY_RESOLUTION_MS);
  return {
    kind: 'done',
    figures: {
      ...figures,
      generatorPriority,
      generatorCpuSecondsPerFrame: (cpu.user + cpu.system) / 1e6 / Math.max(1, figures.due),
      eventLoopDelayMs: {
        p50: delayMs(delay.percentile(50)),
        p99: delayMs(delay.percentile(99)),
        max: delayMs(delay.max),
      },
      clockUncertaintyMs: clockUncertaintyUs === null ? null : clockUncertaintyUs / 1000,
      meaning: isLossless ? sameOrAll(meanings) : null,
    },
    records: plan.keepRecords ? recordsOf(ledgers, window.fromFrame) : [],
  };
}

/** Loaded only where it is needed: image libraries and clip readers take long to load. */
async function readClip({ clip, fps }: LoadPlan): Promise<readonly Frame[]> {
  const { prepareClip } = await import('../load-clip.js');
  return prepareClip(clip, fps);
}

interface Prepared extends Pick<StartGenerator, 'url' | 'plan'> {
  readonly clip: readonly Frame[];
  readonly messages: readonly Uint8Array[];
}

async function openStreams(
  { url, plan, clip, messages }: Prepared,
  onLost: (error: EcholineError) => void,
): Promise<{ readonly streams: readonly StreamLoad[]; readonly displays: LoadDisplays }> {
  const frames = plan.warmUpFrames + plan.frames;
  const captureTimesUs = clip.map(({ captureTimeUs }) => captureTimeUs);
  const rhythm = { captureTimesUs, fps: plan.fps, frames, jitterMs: plan.jitterMs };
  const captured = captureOffsetsUs({ ...rhythm, seed: plan.seed });
  const streamIds = Array.from({ length: plan.streams }, (_, at) => `${plan.streamName}-${at}`);
  const ledgers = streamIds.map(
    (_, at) => new FrameLedger(dueOffsetsUs({ ...rhythm, seed: plan.seed + at })),
  );
  const streams: StreamLoad[] = [];
  const displays = await openDisplays({
    ...{ url, plan, streamIds, onLost, ledgers: ledgers.map(({ memory }) => memory) },
    onTook() {
      for (const one of streams) one.notice();
    },
  });
  const captureUs = ledgers.map(() => captured.slice());
  const opened = ledgers.map((ledger, at) => {
    const own = { streamId: streamIds[at] ?? '', ledger, captureUs: captureUs[at] ?? captured };
    return StreamLoad.open({ url, plan, messages, onLost, ...own });
  });
  streams.push(...(await Promise.all(opened)));
  // Only now: connecting takes as long as it takes.
  const startUs = readClockUs() + HEADSTART_US;
  for (const [at, { ledger }] of streams.entries()) {
    const staggerUs = startUs + Math.round(((captured[1] ?? 0) * at) / plan.streams);
    shift(ledger.dueUs, staggerUs);
    shift(captureUs[at] ?? captured, staggerUs);
  }
  return { streams, displays };
}

function shift(timesUs: Float64Array, byUs: number): void {
  timesUs.forEach((us, index) => {
    timesUs[index] = us + byUs;
  });
}

/** Streams that mean the same have the meaning of one, however many they are. */
function sameOrAll(meanings: readonly string[]): string {
  const [first = ''] = meanings;
  return meanings.every((one) => one === first) ? first : meaningOfAll(meanings);
}

function midRun(cause: EcholineError): EcholineError {
  const message = `The target was lost in mid-run: ${cause.message}`;
  return new EcholineError('ECHOLINE_SESSION_ENDED', message, {}, { cause });
}

function reply(message: GeneratorReply): void {
  if (process.connected) process.send?.(message);
}

function ignoreSignal(): void {}

main();
