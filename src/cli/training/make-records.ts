import { createCompositeClip } from '../../phantom/composite/composite-clip.js';
import { createHeldoutClip } from '../../phantom/heldout/heldout-clip.js';
import { PHANTOM_CLASSES } from '../../phantom/phantom-classes.js';
import { createPhantomClip } from '../../phantom/phantom-clip.js';
import { createRandom, type Random } from '../../phantom/random.js';
import { createPreprocessPair, emitClipRecords } from './clip-records.js';
import { createOtherNegative, freezeAfter } from './other-negatives.js';
import type { RealFrame } from './real-frame.js';
import { RealFrameCache } from './real-frame-cache.js';
import { emitRealStill, emitRealVideo } from './real-records.js';
import { recordGroup } from './record-group.js';
import type { ShardRecord } from './shard-record.js';
import type { ShardMix, ShardWorkerOrder } from './shard-worker-messages.js';

type Emit = (record: ShardRecord) => void;
type Preprocess = ReturnType<typeof createPreprocessPair>;

/** Sides of simulated images; what the network sees is 256 whatever the screen. */
const SIDES_PX = [224, 256, 256, 320, 384, 480];
const FRAME_RATES_HZ = [15, 20, 25, 30, 30, 30, 45];
/** Share of scenes that are for validation, and of clips that are shown as unrelated stills. */
const VALIDATION_SHARE = 0.07;
const STILL_SHARE = 0.25;
/** Share of the moving phantom scenes with a needle in which a second one rests. */
const RESTING_NEEDLE_SHARE = 0.05;
/** Share of real frames, and of composites' backgrounds, that come from videos. */
const VIDEO_SHARE = 0.22;
/** Frames of a held-out clip that become records: the first, and then every sixth. */
const HELDOUT_GAPS = [2, 5, 5, 5];
/** First seed of held-out sets: not the one of the suite that `echoline eval` reports. */
const HELDOUT_FIRST_SEED = 84_000;

/** Makes an order's records: job after job until there are enough. */
export async function makeRecords(order: ShardWorkerOrder, write: Emit): Promise<void> {
  const preprocess = createPreprocessPair();
  const real = order.dataDirectory === null ? null : new RealFrameCache(order.dataDirectory);
  const mix =
    real === null || real.size === 0 ? { ...order.mix, composite: 0, real: 0 } : order.mix;
  let left = order.records;
  const emit: Emit = (record) => {
    if (left <= 0) return;
    left--;
    write(record);
  };
  for (let job = order.worker; left > 0; job += order.workers) {
    const random = createRandom(order.seed).fork(`job ${job}`);
    await makeJob(job, random, mix, real, preprocess, emit);
  }
}

async function makeJob(
  job: number,
  random: Random,
  mix: ShardMix,
  real: RealFrameCache | null,
  preprocess: Preprocess,
  emit: Emit,
): Promise<void> {
  switch (drawSource(random, mix)) {
    case 'heldout':
      return makeHeldout(job, preprocess, emit);
    case 'other':
      return makeOther(random, preprocess, emit);
    case 'real':
      if (real !== null) await makeReal(real, random, preprocess, emit);
      return;
    case 'phantom':
      return makePhantom(random, preprocess, emit);
    case 'composite':
      if (real !== null) await drawAndComposite(real, random, preprocess, emit);
      return;
  }
}

function drawSource(random: Random, mix: ShardMix): keyof ShardMix {
  const entries = Object.entries(mix) as [keyof ShardMix, number][];
  let position = random.uniform() * entries.reduce((sum, [, share]) => sum + share, 0);
  for (const [source, share] of entries) {
    position -= share;
    if (position < 0) return source;
  }
  return 'phantom';
}

function makeHeldout(job: number, preprocess: Preprocess, emit: Emit): void {
  const seed = HELDOUT_FIRST_SEED + job;
  const clip = createHeldoutClip({ seed, widthPx: 384, heightPx: 384, frameRateHz: 25 });
  const plan = {
    source: 'phantom',
    group: recordGroup('heldout', clip.family, true),
    gaps: HELDOUT_GAPS,
    isStill: false,
    hasSpacing: true,
  } as const;
  emitClipRecords(clip, plan, preprocess, emit);
}

/** A clip of the training phantom: a new scene, so that every clip is a family of its own. */
function makePhantom(random: Random, preprocess: Preprocess, emit: Emit): void {
  const options = {
    seed: random.int(2 ** 31),
    widthPx: random.pick(SIDES_PX) + random.int(32),
    heightPx: random.pick(SIDES_PX) + random.int(32),
    frameRateHz: random.pick(FRAME_RATES_HZ),
  };
  const gaps = drawGaps(random);
  const isFrozen = random.chance(0.05);
  const isValidation = random.chance(VALIDATION_SHARE);
  const isStill = random.chance(STILL_SHARE);
  // Only motion tells which of two needles is followed.
  const restingNeedleShare = isStill || isFrozen ? 0 : RESTING_NEEDLE_SHARE;
  const phantom = createPhantomClip({ ...options, restingNeedleShare });
  const clip = isFrozen ? freezeAfter(phantom, gaps[1] ?? 1) : phantom;
  const plan = {
    source: 'phantom',
    group: recordGroup('phantom', phantom.family, isValidation),
    gaps,
    isStill,
    hasSpacing: true,
  } as const;
  emitClipRecords(clip, plan, preprocess, emit);
}

/** A photograph as it is, or a stretch of a video. */
async function makeReal(
  real: RealFrameCache,
  random: Random,
  preprocess: Preprocess,
  emit: Emit,
): Promise<void> {
  const video = random.chance(VIDEO_SHARE) ? await real.drawVideo(random) : null;
  if (video === null) emitRealStill(await real.draw(random), preprocess.still, emit);
  else emitRealVideo(video, random, preprocess.motion, emit);
}

async function drawAndComposite(
  real: RealFrameCache,
  random: Random,
  preprocess: Preprocess,
  emit: Emit,
): Promise<void> {
  const frame = random.chance(VIDEO_SHARE) ? await real.drawVideoFrame(random) : null;
  makeComposite(frame ?? (await real.draw(random)), random, preprocess, emit);
}

/** A photograph set in motion, with a needle, with lines that are none, or as it is. */
function makeComposite(frame: RealFrame, random: Random, preprocess: Preprocess, emit: Emit): void {
  const kind = random.uniform();
  const needle = kind < 0.66 ? 'random' : kind < 0.74 ? 'distractor' : 'none';
  const clip = createCompositeClip({
    seed: random.int(2 ** 31),
    background: frame.image,
    backgroundLabels: frame.labels.data,
    backgroundClasses: PHANTOM_CLASSES,
    widthPx: random.pick(SIDES_PX) + random.int(32),
    heightPx: random.pick(SIDES_PX) + random.int(32),
    needle,
    family: frame.file.group,
  });
  const plan = {
    source: needle === 'none' ? 'real-needle-free' : 'composite',
    group: recordGroup(frame.file.set, frame.file.group, frame.file.isValidation),
    gaps: drawGaps(random),
    isStill: random.chance(STILL_SHARE),
    hasSpacing: clip.spacingKnown,
  } as const;
  emitClipRecords(clip, plan, preprocess, emit);
}

/** The first frame, which has no history, and three or four later ones. */
function drawGaps(random: Random): number[] {
  return [0, ...Array.from({ length: 3 + random.int(2) }, () => 1 + random.int(7))];
}

function makeOther(random: Random, preprocess: Preprocess, emit: Emit): void {
  const clip = createOtherNegative(random);
  // A lost signal begins with the picture that was lost, which is no record.
  const gaps = clip.family === 'other-lost' ? [1, 0, 0] : [0, 1];
  const plan = {
    source: 'other',
    group: recordGroup('other', `${clip.family} ${random.int(1e6)}`, random.chance(0.1)),
    gaps,
    isStill: random.chance(0.3),
    hasSpacing: false,
  } as const;
  emitClipRecords(clip, plan, preprocess, emit);
}
