import { spawn } from 'node:child_process';
import { arch, availableParallelism, cpus, loadavg, platform } from 'node:os';
import { openClip } from '../../clips/open-clip.js';
import type { Clip } from '../../domain/clip.js';
import { EcholineError } from '../../domain/errors.js';
import { NOTICE } from '../../protocol/version.js';
import {
  type Arguments,
  type Command,
  type CommandContext,
  EXIT_INTERRUPTED,
  EXIT_OK,
  NO_OPERANDS,
} from '../command.js';
import { atRate, type DemoFrame } from '../demo/demo-frame.js';
import { type DemoSession, openDemoSession } from '../demo/demo-session.js';
import {
  type DemoAddresses,
  forwardingCommand,
  nextSteps,
  pageAddress,
} from '../demo/demo-text.js';
import { type FrameSupply, supplyClip, supplyPhantom } from '../demo/frame-supply.js';
import { statusLine } from '../demo/status-line.js';
import { usageError } from '../parse-arguments.js';
import { type ServiceProcess, startServiceProcess } from '../service-process.js';

const STREAM_ID = 'demo';
const STATUS_INTERVAL_MS = 1_000;

/** `echoline demo`: a service, a cart and a clip, with one command. */
export const demoCommand: Command = {
  name: 'demo',
  summary: 'start a service, stream a phantom clip to it and show where to look',
  operands: NO_OPERANDS,
  flags: [
    {
      name: 'clip',
      kind: 'text',
      placeholder: 'PATH',
      description: 'stream this clip (images, film, DICOM, …) instead of the phantom',
    },
    {
      name: 'once',
      kind: 'switch',
      placeholder: '',
      description: 'one pass over the clip, then end',
    },
    {
      name: 'json',
      kind: 'switch',
      placeholder: '',
      description: 'print the figures of the last pass as one JSON line',
    },
    {
      name: 'fps',
      kind: 'number',
      placeholder: 'N',
      description: "frame rate instead of the clip's own timestamps",
    },
    { name: 'port', kind: 'number', placeholder: 'N', description: 'port of the service (8787)' },
    {
      name: 'open',
      kind: 'switch',
      placeholder: '',
      description: 'open the page in the default browser',
    },
    {
      name: 'origin',
      kind: 'text',
      placeholder: 'URL',
      description: 'origin of a forwarded port, e.g. http://localhost:9000',
    },
    {
      name: 'record',
      kind: 'text',
      placeholder: 'DIR',
      description: 'record what is streamed as an Echoline clip, in a folder below DIR',
    },
  ],
  notes: [
    'Ends with Ctrl-C. The phantom is simulated: its figures say nothing about patients.',
    'While the phantom plays at its own pace, the demo itself is the operator of its procedure.',
  ],
  run: runDemo,
};

/** One run of the demo. */
interface Demo {
  readonly args: Arguments;
  readonly context: CommandContext;
  /** null = the phantom. */
  readonly clip: Clip | null;
  readonly say: (line: string) => void;
  /** What to close at the end, newest first. */
  readonly closers: (() => Promise<void>)[];
}

async function runDemo(args: Arguments, context: CommandContext): Promise<number> {
  const isJson = args.has('json');
  const say = (line: string) => {
    if (isJson) context.err(line);
    else void context.out(line);
  };
  const fps = args.number('fps');
  if (fps !== null && fps <= 0) throw usageError('demo', 'expected --fps above 0.');
  // A path that is no clip is told before a service is started for it.
  const path = args.text('clip');
  const clip = path === null ? null : await openClip(path, { fps });
  const closers: (() => Promise<void>)[] = [];
  try {
    const onLog = (line: string) => {
      if (context.env.ECHOLINE_DEMO_LOG !== undefined) context.err(line);
    };
    const service = await startServiceProcess(serviceFlags(args), onLog, context.stop);
    closers.push(() => service.stop());
    const addresses: DemoAddresses = {
      serviceUrl: service.url,
      streamId: STREAM_ID,
      origin: args.text('origin'),
    };
    introduce(addresses, args, context, say);
    await runOnService(service, { args, context, clip, say, closers });
    if (!isJson) for (const line of nextSteps(addresses)) say(line);
  } catch (error) {
    // Once the user has said stop, it is no news that something ended before its time.
    if (!context.stop.aborted) throw error;
  } finally {
    for (const close of closers.reverse()) await close();
  }
  return args.has('once') && context.stop.aborted ? EXIT_INTERRUPTED : EXIT_OK;
}

function serviceFlags(args: Arguments): readonly string[] {
  const port = args.number('port');
  const origin = args.text('origin');
  const record = args.text('record');
  return [
    '--log-level',
    'warn',
    ...(port === null ? [] : ['--port', String(port)]),
    ...(origin === null ? [] : ['--origins', origin]),
    ...(record === null ? [] : ['--record', record]),
  ];
}

function introduce(
  addresses: DemoAddresses,
  args: Arguments,
  context: CommandContext,
  say: (line: string) => void,
): void {
  say(NOTICE);
  say(`Display: ${pageAddress(addresses)}`);
  const forwarding = forwardingCommand(addresses.serviceUrl, context.env);
  if (forwarding !== null) say(`From your own machine first: ${forwarding}`);
  const record = args.text('record');
  if (record !== null) say(`Recording into a folder below ${record}`);
  if (!args.has('once')) for (const line of nextSteps(addresses)) say(line);
  if (args.has('open')) openBrowser(pageAddress(addresses), context);
}

/** Streams until the pass is over (`--once`), the user stops it, or the service ends. */
async function runOnService(service: ServiceProcess, demo: Demo): Promise<void> {
  let isOver = false;
  const serviceLost = new Promise<never>((_, reject) => {
    void service.ended.then(() => {
      if (isOver || demo.context.stop.aborted) return;
      reject(
        new EcholineError(
          'ECHOLINE_SESSION_GOING_AWAY',
          'The service ended by itself. Try: echoline doctor',
        ),
      );
    });
  });
  try {
    await Promise.race([stream(service, demo), serviceLost]);
  } finally {
    isOver = true;
  }
}

async function stream(service: ServiceProcess, demo: Demo): Promise<void> {
  const { args, clip, context, say, closers } = demo;
  const session = await openDemoSession({
    serviceUrl: service.url,
    streamId: STREAM_ID,
    isSimulated: clip?.isSimulated ?? true,
    isOperated: clip === null && args.number('fps') === null,
    signal: context.stop,
  });
  closers.push(() => session.close());
  const timer = setInterval(() => say(statusLine(session.status())), STATUS_INTERVAL_MS);
  closers.push(async () => clearInterval(timer));
  const frames =
    clip === null ? await renderPhantom(session, demo) : await readClip(clip, context, say);
  while (!context.stop.aborted) {
    await session.runPass(frames);
    if (args.has('once')) break;
  }
  const isCutShort = args.has('once') && context.stop.aborted;
  if (args.has('json') && !isCutShort) await printFigures(service, session, context);
}

async function readClip(
  clip: Clip,
  context: CommandContext,
  say: (line: string) => void,
): Promise<readonly DemoFrame[]> {
  const frames = await supplyClip(clip, context.stop);
  if (clip.frameCount !== null && frames.length < clip.frameCount && !context.stop.aborted) {
    say(`The clip is too large for memory: its first ${frames.length} frames are streamed.`);
  }
  return frames;
}

/**
 * Streams each phantom frame as soon as it is rendered, so that the page shows something at once.
 */
async function renderPhantom(
  session: DemoSession,
  { args, context, say, closers }: Demo,
): Promise<readonly DemoFrame[]> {
  const fps = args.number('fps');
  say('Rendering the phantom clip; the page already shows its frames as they come.');
  let count = 0;
  const supply: FrameSupply = supplyPhantom((frame) => {
    count += 1;
    context.progress(`phantom frame ${count}`);
    session.preview(frame);
  });
  closers.push(() => supply.close());
  const stopped = new Promise<readonly never[]>((resolve) => {
    if (context.stop.aborted) resolve([]);
    context.stop.addEventListener('abort', () => resolve([]), { once: true });
  });
  const frames = await Promise.race([supply.complete, stopped]);
  context.progress('');
  const pace = fps === null ? 'its own pace' : `${fps} frames a second`;
  if (frames.length > 0) say(`The clip is complete: ${frames.length} frames, now at ${pace}.`);
  return fps === null ? frames : atRate(frames, fps);
}

async function printFigures(
  service: ServiceProcess,
  session: DemoSession,
  context: CommandContext,
): Promise<void> {
  const model = session.model;
  await context.out(
    JSON.stringify({
      ...session.figures(),
      model,
      machine: {
        cpu: cpus()[0]?.model ?? 'unknown',
        cores: availableParallelism(),
        loadAverage1Min: loadavg()[0],
        node: process.version,
        platform: `${platform()}-${arch()}`,
      },
      service: service.url,
      notice: NOTICE,
    }),
  );
}

function openBrowser(url: string, context: CommandContext): void {
  const opener = { darwin: 'open', win32: 'explorer' }[platform() as string] ?? 'xdg-open';
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  child.once('error', () =>
    context.err(`No browser could be opened with ${opener}; open ${url} yourself.`),
  );
  child.unref();
}
