import { setPriority } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { EcholineError, isEcholineError } from '../../../domain/errors.js';
import type { Frame } from '../../../domain/frame.js';
import { readClockUs } from '../../../engine/read-clock.js';
import { encodeFrameMessage } from '../../../protocol/frame-message.js';
import type { LoadPlan } from '../load-plan.js';
import { meaningOfAll } from '../meaning.js';
import { captureOffsetsUs, dueOffsetsUs } from '../schedule.js';
import { runClosed, runOpen } from './drive-streams.js';
import type { GeneratorReply, StartGenerator } from './generator-messages.js';
import { StreamLoad } from './stream-load.js';
import { recordsOf, summarise } from './summarise.js';

/**
 * Entry of the load generator: a process of its own, so that what it costs is not the target's and
 * what the target costs is not its own. Ends with its channel.
 */
function main(): void {
  process.on('SIGINT', ignoreSignal);
  preferSelf();
  process.once('disconnect', () => process.exit(1));
  process.once('message', (message: StartGenerator) => {
    run(message).then(reply, (error: unknown) => {
      if (!isEcholineError(error)) throw error;
      reply({ kind: 'failed', code: error.code, message: error.message });
    });
  });
}

/** Before what it loads, behind what the system needs. */
const PRIORITY = -10;

/**
 * A target that fills all cores must not make its own load late: cart and display are machines of
 * their own in reality. Threads inherit it. Without the right to it the run may be found invalid.
 */
function preferSelf(): void {
  try {
    setPriority(PRIORITY);
  } catch (error) {
    if (!(error instanceof Error && 'info' in error)) throw error;
  }
}

/** Sampling interval of the event loop's delay, ms. */
const DELAY_RESOLUTION_MS = 10;
/** Time between the last connection and the first frame, µs. */
const HEADSTART_US = 150_000;

async function run({ url, plan, frames }: StartGenerator): Promise<GeneratorReply> {
  const clip = frames ?? (await readClip(plan));
  const messages = clip.map((frame) => encodeFrameMessage(frame));
  let lost: EcholineError | null = null;
  const streams = await openStreams({ url, plan, clip, messages }, (error) => {
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
  const clockUs = streams[0]?.clockUncertaintyUs ?? null;
  const isLossless = streams.every((one) => one.overlays === one.frames);
  const meanings = streams.map(({ meaning }) => meaning.read());
  await Promise.all(streams.map((one) => one.close()));
  const delayMs = (ns: number) => Math.max(0, ns / 1e6 - DELAY_RESOLUTION_MS);
  return {
    kind: 'done',
    figures: {
      ...figures,
      generatorCpuSecondsPerFrame: (cpu.user + cpu.system) / 1e6 / Math.max(1, figures.due),
      eventLoopDelayMs: {
        p50: delayMs(delay.percentile(50)),
        p99: delayMs(delay.percentile(99)),
        max: delayMs(delay.max),
      },
      clockUncertaintyMs: clockUs === null ? null : clockUs / 1000,
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

function openStreams(
  { url, plan, clip, messages }: Prepared,
  onLost: (error: EcholineError) => void,
): Promise<readonly StreamLoad[]> {
  const frames = plan.warmUpFrames + plan.frames;
  const captureTimesUs = clip.map(({ captureTimeUs }) => captureTimeUs);
  const rhythm = { captureTimesUs, fps: plan.fps, frames, jitterMs: plan.jitterMs };
  const captured = captureOffsetsUs({ ...rhythm, seed: plan.seed });
  const startUs = readClockUs() + HEADSTART_US;
  const opened = Array.from({ length: plan.streams }, (_, index) => {
    const staggerUs = startUs + Math.round(((captured[1] ?? 0) * index) / plan.streams);
    const due = dueOffsetsUs({ ...rhythm, seed: plan.seed + index });
    return StreamLoad.open({
      index,
      url,
      plan,
      messages,
      dueUs: due.map((us) => us + staggerUs),
      captureUs: captured.map((us) => us + staggerUs),
      onLost,
    });
  });
  return Promise.all(opened);
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
