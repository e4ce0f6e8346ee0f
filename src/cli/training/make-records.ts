import { createHeldoutClip } from '../../phantom/heldout/heldout-clip.js';
import { createRandom, type Random } from '../../phantom/random.js';
import { createPreprocessPair, emitClipRecords } from './clip-records.js';
import { createOtherNegative } from './other-negatives.js';
import { RealFrameCache } from './real-frame-cache.js';
import { emitRealStill } from './real-still.js';
import { recordGroup } from './record-group.js';
import type { ShardRecord } from './shard-record.js';
import type { ShardMix, ShardWorkerOrder } from './shard-worker-messages.js';

type Emit = (record: ShardRecord) => void;
type Preprocess = ReturnType<typeof createPreprocessPair>;

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
      if (real !== null) emitRealStill(await real.draw(random), preprocess.still, emit);
      return;
    case 'composite':
    case 'phantom':
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
    labelsOf: null,
    isScored: true,
    hasSpacing: true,
  } as const;
  emitClipRecords(clip, plan, preprocess, emit);
}

function makeOther(random: Random, preprocess: Preprocess, emit: Emit): void {
  const clip = createOtherNegative(random);
  const plan = {
    source: 'other',
    group: recordGroup('other', `${clip.family} ${random.int(1e6)}`, random.chance(0.1)),
    gaps: [0, 1],
    isStill: random.chance(0.3),
    labelsOf: null,
    isScored: true,
    hasSpacing: false,
  } as const;
  emitClipRecords(clip, plan, preprocess, emit);
}
