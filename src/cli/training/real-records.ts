import type { Random } from '../../phantom/random.js';
import { IDENTITY_LABELS, type Preprocess } from './clip-records.js';
import { labelGrid } from './label-grid.js';
import { needleFreeTargets } from './needle-targets.js';
import type { RealFrame } from './real-frame.js';
import type { RealVideo } from './real-videos.js';
import { recordGroup } from './record-group.js';
import { GRID, LABEL_NEITHER, LABEL_UNKNOWN, type ShardRecord } from './shard-record.js';

/** Emits one real frame as it is: a still without a needle, with what is known of its anatomy. */
export function emitRealStill(
  frame: RealFrame,
  still: Preprocess,
  emit: (record: ShardRecord) => void,
): void {
  const { image, labels, file } = frame;
  const input = { image, spacing: null, previousTrack: null, reduced: null };
  const prepared = still.step(still.createState(), input, 0);
  emit({
    ...needleFreeTargets(),
    input: prepared.tensor,
    labels: labelGrid(labels, prepared.imageToTensor, IDENTITY_LABELS),
    spacing: null,
    imageQuality: null,
    probeShift: null,
    contact: null,
    source: 'real-needle-free',
    hasHistory: false,
    group: recordGroup(file.set, file.group, file.isValidation),
  });
}

const FRAME_INTERVALS_US = [22_222, 33_333, 33_333, 40_000, 66_667];

/** Emits frames of a real video without a needle, with the motion channels that it makes. */
export function emitRealVideo(
  video: RealVideo,
  random: Random,
  motion: Preprocess,
  emit: (record: ShardRecord) => void,
): void {
  const { file, frames } = video;
  const state = motion.createState();
  const wanted = [1];
  while (wanted.length < 4) wanted.push((wanted.at(-1) ?? 0) + 1 + random.int(6));
  const passed = wanted.at(-1) ?? 0;
  const first = random.int(Math.max(1, frames.length - passed));
  const intervalUs = random.pick(FRAME_INTERVALS_US);
  const labels = new Uint8Array(GRID * GRID).fill(file.isNerveFree ? LABEL_NEITHER : LABEL_UNKNOWN);
  for (const [index, image] of frames.slice(first, first + passed + 1).entries()) {
    const input = { image, spacing: null, previousTrack: null, reduced: null };
    const prepared = motion.step(state, input, index * intervalUs);
    if (!wanted.includes(index)) continue;
    emit({
      ...needleFreeTargets(),
      input: prepared.tensor,
      labels,
      spacing: null,
      imageQuality: null,
      probeShift: null,
      contact: null,
      source: 'real-needle-free',
      hasHistory: prepared.hasHistory,
      group: recordGroup(file.set, file.group, file.isValidation),
    });
  }
}
