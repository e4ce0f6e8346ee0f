import { type CartConnection, connectCart } from '../../cart/cart-client.js';
import { openClip } from '../../clips/open-clip.js';
import type { Clip } from '../../domain/clip.js';
import { EcholineError, isEcholineError } from '../../domain/errors.js';
import type { Frame } from '../../domain/frame.js';
import { VERDICT_KINDS } from '../../domain/verdict.js';
import { readClockUs } from '../../engine/read-clock.js';
import { type Arguments, type Command, type CommandContext, EXIT_OK } from '../command.js';
import { usageError } from '../parse-arguments.js';

const STATUS_EVERY_MS = 1000;
/** Longest pause between two frames: longer gaps in a clip are shortened to it. */
const GAP_MAX_US = 2_000_000;
/** Delay of this process after which the clip's pace starts again from now. */
const BEHIND_MAX_US = 50_000;

/** `echoline replay`: a clip as a cart. */
export const replayCommand: Command = {
  name: 'replay',
  summary: 'stream a clip to a running service, as a cart would',
  operands: { placeholder: 'CLIP', min: 1, max: 1 },
  flags: [
    {
      name: 'to',
      kind: 'text',
      placeholder: 'URL',
      description: 'the service, e.g. ws://127.0.0.1:8787, or the full address of a stream',
    },
    {
      name: 'stream',
      kind: 'text',
      placeholder: 'ID',
      description: 'stream to offer the frames on (default: replay)',
    },
    {
      name: 'fps',
      kind: 'number',
      placeholder: 'N',
      description: "frame rate instead of the clip's own timestamps",
    },
    {
      name: 'as-fast-as-possible',
      kind: 'switch',
      placeholder: '',
      description: 'each frame when the one before has its verdict; none is left out',
    },
    { name: 'loop', kind: 'switch', placeholder: '', description: 'again and again until Ctrl-C' },
    {
      name: 'token',
      kind: 'text',
      placeholder: 'TOKEN',
      description: 'bearer token, where the service asks for one',
    },
  ],
  notes: [
    'CLIP: images, a film, DICOM ultrasound, .mha or an Echoline recording (see infer --help).',
    'Paced by the timestamps of the clip. A frame that finds no credit waits, and a newer one',
    'takes its place (left out); every frame that was sent gets a verdict.',
  ],
  run: runReplay,
};

async function runReplay(args: Arguments, context: CommandContext): Promise<number> {
  const [path = ''] = args.operands;
  const url = args.text('to');
  const fps = args.number('fps');
  if (url === null) throw usageError('replay', 'expected --to URL.');
  if (fps !== null && fps <= 0) throw usageError('replay', 'expected --fps above 0.');
  const clip = await openClip(path, { fps });
  let isClosed = false;
  const cart = await connectCart({
    url,
    streamId: args.text('stream') ?? 'replay',
    token: args.text('token') ?? undefined,
    name: `replay of ${clip.name}`.slice(0, 64),
    isSimulated: clip.isSimulated,
    readClockUs,
    onVerdict: () => undefined,
    onBye: (bye) => context.err(`The service says bye: ${bye.reason}`),
    onClose: () => {
      isClosed = true;
    },
  });
  const replay = new Replay(clip, cart, context);
  const timer = setInterval(() => replay.showProgress(), STATUS_EVERY_MS);
  try {
    do await replay.pass(args.has('as-fast-as-possible'), () => isClosed);
    while (args.has('loop') && !context.stop.aborted);
    if (!context.stop.aborted) await cart.waitForVerdicts();
  } finally {
    clearInterval(timer);
    context.progress('');
    await context.out(replay.sentence());
    await cart.close('end of the replay');
  }
  return EXIT_OK;
}

/** One replay over one connection. */
class Replay {
  readonly #clip: Clip;
  readonly #cart: CartConnection;
  readonly #context: CommandContext;
  #frameId = 0;
  #captureTimeUs = 0;
  /** Frames that the client itself refused to send, e.g. larger than the service allows. */
  #refused = 0;

  constructor(clip: Clip, cart: CartConnection, context: CommandContext) {
    this.#clip = clip;
    this.#cart = cart;
    this.#context = context;
  }

  /** Offers each frame of the clip once. */
  async pass(isFast: boolean, isClosed: () => boolean): Promise<void> {
    const { stop } = this.#context;
    let previousUs: number | null = null;
    let dueUs = readClockUs();
    for await (const { frame, file } of this.#clip.frames()) {
      const gapUs = previousUs === null ? 0 : frame.captureTimeUs - previousUs;
      previousUs = frame.captureTimeUs;
      dueUs += Math.min(Math.max(gapUs, 0), GAP_MAX_US);
      if (isFast) await this.#cart.waitForVerdicts();
      else await waitUntil(dueUs, stop);
      // Frames keep the distances of the clip; after a delay of our own they start from now.
      const nowUs = readClockUs();
      if (isFast || nowUs - dueUs > BEHIND_MAX_US) dueUs = nowUs;
      if (stop.aborted) return;
      if (isClosed()) {
        throw new EcholineError(
          'ECHOLINE_SESSION_GOING_AWAY',
          'The service closed the connection before the clip was over.',
        );
      }
      this.#offer(frame, dueUs, file);
    }
  }

  /** Rising frame ids and capture times on this machine's clock: the clip's own may repeat. */
  #offer(frame: Frame, dueUs: number, file: string | null): void {
    this.#captureTimeUs = Math.max(Math.round(dueUs), this.#captureTimeUs + 1);
    const frameId = this.#frameId++;
    try {
      this.#cart.offer({ ...frame, epoch: 0, frameId, captureTimeUs: this.#captureTimeUs });
    } catch (error) {
      if (!isEcholineError(error)) throw error;
      this.#refused += 1;
      this.#context.err(`${file ?? `frame ${frameId}`}: ${error.code}: ${error.message}`);
    }
  }

  /** How many frames were offered, sent and left out, and which verdicts came. */
  sentence(): string {
    const { sent, skipped, pending, verdicts } = this.#cart.counts;
    const counts = VERDICT_KINDS.map((kind) => `${kind} ${verdicts[kind]}`).join(', ');
    const refused = this.#refused > 0 ? `, refused ${this.#refused}` : '';
    const open = pending > 0 ? `, without verdict ${pending}` : '';
    return (
      `${this.#clip.name}: offered ${this.#frameId}, sent ${sent}, ` +
      `left out ${skipped}${refused}; ${counts}${open}`
    );
  }

  showProgress(): void {
    if (this.#context.isTerminal) this.#context.progress(this.sentence());
    else this.#context.err(this.sentence());
  }
}

async function waitUntil(dueUs: number, stop: AbortSignal): Promise<void> {
  const milliseconds = (dueUs - readClockUs()) / 1000;
  if (milliseconds <= 0 || stop.aborted) return;
  await new Promise<void>((done) => {
    const finish = () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', finish);
      done();
    };
    const timer = setTimeout(finish, milliseconds);
    stop.addEventListener('abort', finish);
  });
}
