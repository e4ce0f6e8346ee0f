import { accessSync, constants, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import sharp from 'sharp';
import { writeClip } from '../../clips/write-clip.js';
import type { SimulatedClip, SimulatedFrame } from '../../domain/phantom-clip.js';
import { layContactSheet } from '../../phantom/contact-sheet.js';
import { createHeldoutClip } from '../../phantom/heldout/heldout-clip.js';
import { createPhantomClip } from '../../phantom/phantom-clip.js';
import {
  type Arguments,
  type Command,
  type CommandContext,
  EXIT_INTERRUPTED,
  EXIT_OK,
} from '../command.js';
import { usageError } from '../parse-arguments.js';
import { clipOfSimulated } from '../simulated-frames.js';
import type { ShardMix } from '../training/shard-worker-messages.js';
import {
  HELDOUT_MIX,
  TRAINING_MIX,
  writeTrainingShards,
} from '../training/write-training-shards.js';

const FRAME_RATE_HZ = 30;
const SHEET_CELLS = 20;
const SHEET_COLUMNS = 5;
/** When in a clip the sheet's pictures are taken: the needle is then well in. */
const SHEET_TIME_S = 4 / 3;
const DEFAULT_FRAMES = 300;
const DEFAULT_CLIP_PX = 512;
const DEFAULT_SHEET_PX = 256;

/** `echoline phantom`: what the simulator makes, to look at, to replay, to train on. */
export const phantomCommand: Command = {
  name: 'phantom',
  summary: 'simulate: a contact sheet to look at, a clip with its truth, or training data',
  operands: { placeholder: '', min: 0, max: 0 },
  flags: [
    {
      name: 'sheet',
      kind: 'text',
      placeholder: 'FILE.png',
      description: `${SHEET_CELLS} pictures of as many scenes`,
    },
    {
      name: 'truth',
      kind: 'switch',
      placeholder: '',
      description: 'draw needle and structures over the pictures of --sheet',
    },
    {
      name: 'clip',
      kind: 'text',
      placeholder: 'DIR',
      description: 'one scene as an Echoline clip folder with its truth',
    },
    {
      name: 'frames',
      kind: 'number',
      placeholder: 'N',
      description: `length of --clip (${DEFAULT_FRAMES})`,
    },
    {
      name: 'size',
      kind: 'number',
      placeholder: 'PX',
      description: `side of the image (--clip ${DEFAULT_CLIP_PX}, --sheet ${DEFAULT_SHEET_PX})`,
    },
    {
      name: 'shards',
      kind: 'text',
      placeholder: 'DIR',
      description: 'training records for models/training',
    },
    { name: 'records', kind: 'number', placeholder: 'N', description: 'how many for --shards' },
    {
      name: 'data',
      kind: 'text',
      placeholder: 'DIR',
      description: 'licensed real frames, as backgrounds and negatives for --shards',
    },
    {
      name: 'sources',
      kind: 'text',
      placeholder: 'LIST',
      description: 'only these of phantom,composite,real,other for --shards (all)',
    },
    { name: 'seed', kind: 'number', placeholder: 'S', description: 'the same seed, the same (1)' },
    {
      name: 'heldout',
      kind: 'switch',
      placeholder: '',
      description: "the held-out generator's scenes instead",
    },
    {
      name: 'two-needles',
      kind: 'switch',
      placeholder: '',
      description: 'with a second needle that lies still where there is one, for --sheet, --clip',
    },
  ],
  notes: ['Everything it makes is simulated and says nothing about patients.'],
  run: runPhantom,
};

async function runPhantom(args: Arguments, context: CommandContext): Promise<number> {
  const sheet = args.text('sheet');
  const clip = args.text('clip');
  const shards = args.text('shards');
  const wanted = [sheet, clip, shards].filter((path) => path !== null);
  if (wanted.length !== 1) {
    throw usageError('phantom', 'expected one of --sheet FILE.png, --clip DIR, --shards DIR.');
  }
  const seed = whole(args, 'seed', 0) ?? 1;
  try {
    if (sheet !== null) await drawSheet(sheet, seed, args, context);
    if (clip !== null) await makeClip(clip, seed, args, context);
    if (shards !== null) await makeShards(shards, seed, args, context);
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw usageError('phantom', `expected a place to write to: ${error.message}.`);
  } finally {
    context.progress('');
  }
  return context.stop.aborted ? EXIT_INTERRUPTED : EXIT_OK;
}

/** Whether the file system refused something, e.g. because a folder does not exist. */
function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}

async function drawSheet(
  path: string,
  firstSeed: number,
  args: Arguments,
  context: CommandContext,
): Promise<void> {
  const sizePx = whole(args, 'size', 64) ?? DEFAULT_SHEET_PX;
  // Rendering takes seconds: a folder that is not there is told before.
  accessSync(dirname(path), constants.W_OK);
  const frames: SimulatedFrame[] = [];
  for (let index = 0; index < SHEET_CELLS && !context.stop.aborted; index++) {
    const clip = openScene(args, firstSeed + index, sizePx, 1 / SHEET_TIME_S);
    clip.nextFrame();
    frames.push(clip.nextFrame());
    context.progress(`scene ${index + 1} of ${SHEET_CELLS}`);
    await turnOfEventLoop();
  }
  if (context.stop.aborted) return;
  const options = { columns: SHEET_COLUMNS, showTruth: args.has('truth') };
  const { widthPx, heightPx, data } = layContactSheet(frames, options);
  const raw = { width: widthPx, height: heightPx, channels: 3 } as const;
  writeFileSync(path, await sharp(data, { raw }).png().toBuffer());
  await context.out(`${path}: ${frames.length} scenes, seeds from ${firstSeed}`);
}

async function makeClip(
  directory: string,
  seed: number,
  args: Arguments,
  context: CommandContext,
): Promise<void> {
  const frameCount = whole(args, 'frames', 1) ?? DEFAULT_FRAMES;
  const sizePx = whole(args, 'size', 64) ?? DEFAULT_CLIP_PX;
  const name = `${args.has('heldout') ? 'heldout' : 'phantom'}-${seed}`;
  const clip = clipOfSimulated(name, frameCount, () =>
    openScene(args, seed, sizePx, FRAME_RATE_HZ),
  );
  const onFrame = (written: number) => context.progress(`frame ${written} of ${frameCount}`);
  const count = await writeClip(directory, clip, onFrame, context.stop);
  await context.out(`${directory}: ${count} frames with their truth`);
}

async function makeShards(
  directory: string,
  seed: number,
  args: Arguments,
  context: CommandContext,
): Promise<void> {
  const records = whole(args, 'records', 1);
  if (records === null) throw usageError('phantom', '--shards DIR needs --records N.');
  await writeTrainingShards({
    directory,
    records,
    seed,
    dataDirectory: args.text('data'),
    mix: args.has('heldout') ? HELDOUT_MIX : trainingMix(args.text('sources')),
    stop: context.stop,
    onProgress: ({ recordsDone }) => {
      context.progress(`record ${recordsDone} of ${records}`);
      if (!context.isTerminal && recordsDone % 1000 === 0) {
        context.err(`record ${recordsDone} of ${records}`);
      }
    },
  });
  if (!context.stop.aborted) await context.out(`${directory}: ${records} records`);
}

/** The usual mix, or what is left of it when only some sources are asked for. */
function trainingMix(sources: string | null): ShardMix {
  if (sources === null) return TRAINING_MIX;
  const wanted = sources.split(',').map((source) => source.trim());
  const known = Object.keys(TRAINING_MIX).filter((source) => source !== 'heldout');
  const unknown = wanted.find((source) => !known.includes(source));
  if (unknown !== undefined) {
    throw usageError(
      'phantom',
      `expected some of ${known.join(',')} for --sources, not '${unknown}'.`,
    );
  }
  const entries = Object.entries(TRAINING_MIX);
  const kept = entries.map(([source, share]) => [source, wanted.includes(source) ? share : 0]);
  return { ...TRAINING_MIX, ...Object.fromEntries(kept) };
}

function openScene(
  args: Arguments,
  seed: number,
  sizePx: number,
  frameRateHz: number,
): SimulatedClip {
  const options = { seed, widthPx: sizePx, heightPx: sizePx, frameRateHz };
  const hasRestingNeedle = args.has('two-needles');
  return args.has('heldout')
    ? createHeldoutClip({ ...options, hasRestingNeedle })
    : createPhantomClip({ ...options, restingNeedleShare: hasRestingNeedle ? 1 : 0 });
}

function whole(args: Arguments, name: string, minimum: number): number | null {
  const value = args.number(name);
  if (value === null || (Number.isSafeInteger(value) && value >= minimum)) return value;
  throw usageError('phantom', `expected a whole number from ${minimum} for --${name}.`);
}
