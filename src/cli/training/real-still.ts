import { IDENTITY_LABELS, type Preprocess } from './clip-records.js';
import { labelGrid } from './label-grid.js';
import { needleFreeTargets } from './needle-targets.js';
import type { RealFrame } from './real-frame.js';
import { recordGroup } from './record-group.js';
import type { ShardRecord } from './shard-record.js';

/** Emits one real frame as it is: a still without a needle, with what is known of its anatomy. */
export function emitRealStill(
  frame: RealFrame,
  still: Preprocess,
  emit: (record: ShardRecord) => void,
): void {
  const { image, labels, file } = frame;
  const input = { image, spacing: null, previousTrack: null };
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
