import type { LabelMap } from '../../domain/ground-truth.js';
import type { SimulatedClip, SimulatedFrame } from '../../domain/phantom-clip.js';
import { selectKernels } from '../../kernels/select-kernels.js';
import { PHANTOM_CLASSES } from '../../phantom/phantom-classes.js';
import type { PreprocessInput } from '../../pipeline/preprocess/preprocess.js';
import {
  createPreprocess,
  type PreprocessOutput,
  type PreprocessState,
} from '../../pipeline/preprocess/preprocess.js';
import type { StatefulStage } from '../../pipeline/stage.js';
import { labelGrid } from './label-grid.js';
import { needleTargets } from './needle-targets.js';
import {
  INPUT_PX,
  LABEL_NEITHER,
  LABEL_UNKNOWN,
  LABEL_VESSEL,
  type RecordSource,
  type ShardRecord,
} from './shard-record.js';

export type Preprocess = StatefulStage<PreprocessState, PreprocessInput, PreprocessOutput>;

/** The pipeline's own preprocess stage: `motion` with difference channels, `still` without. */
export function createPreprocessPair(): {
  readonly motion: Preprocess;
  readonly still: Preprocess;
} {
  const { kernels } = selectKernels();
  const size = { kernels, widthPx: INPUT_PX, heightPx: INPUT_PX, neutral: 128 };
  return { motion: createPreprocess(size), still: createPreprocess({ ...size, stills: true }) };
}

/** Which frames of a clip become records, and what the truth does not say about them. */
export interface ClipRecordPlan {
  readonly source: RecordSource;
  /** With VALIDATION_BIT where it applies. */
  readonly group: number;
  /** Frames to pass before each record: the first entry is how many before the first record. */
  readonly gaps: readonly number[];
  /** True for a clip that is shown as unrelated stills. */
  readonly isStill: boolean;
  /** Whether millimetres are known. */
  readonly hasSpacing: boolean;
}

/** Renders a clip, sends every frame through preprocess, and emits the planned records. */
export function emitClipRecords(
  clip: SimulatedClip,
  plan: ClipRecordPlan,
  preprocess: { readonly motion: Preprocess; readonly still: Preprocess },
  emit: (record: ShardRecord) => void,
): void {
  const stage = plan.isStill ? preprocess.still : preprocess.motion;
  const state = stage.createState();
  for (const gap of plan.gaps) {
    for (let passed = 0; passed < gap; passed++) takeFrame(clip, stage, state);
    const { frame, prepared } = takeFrame(clip, stage, state);
    emit(recordOf(frame, prepared, plan));
  }
}

function takeFrame(
  clip: SimulatedClip,
  stage: Preprocess,
  state: PreprocessState,
): { readonly frame: SimulatedFrame; readonly prepared: PreprocessOutput } {
  const frame = clip.nextFrame();
  const { image, truth, timeUs } = frame;
  // A clip's time starts at 0; the stage takes any time.
  const input = { image, spacing: truth.spacing, previousTrack: null, reduced: null };
  return { frame, prepared: stage.step(state, input, timeUs) };
}

/** The record of one simulated frame. */
export function recordOf(
  frame: SimulatedFrame,
  prepared: PreprocessOutput,
  plan: ClipRecordPlan,
): ShardRecord {
  const { truth } = frame;
  const map = prepared.imageToTensor;
  const { tensorSpacing } = prepared;
  const shift = Math.hypot(truth.probeShiftPx.xPx * map.a, truth.probeShiftPx.yPx * map.d);
  return {
    ...needleTargets(truth.needle, map),
    input: prepared.tensor,
    labels: labelGrid(truth.labels, map, translation(truth.labels)),
    spacing:
      plan.hasSpacing && tensorSpacing !== null ? [tensorSpacing.xMm, tensorSpacing.yMm] : null,
    imageQuality: knownOrNull(truth.imageQuality),
    probeShift: prepared.hasHistory ? shift : null,
    contact: knownOrNull(truth.contact),
    source: plan.source,
    hasHistory: prepared.hasHistory,
    group: plan.group,
  };
}

/** Composites say NaN where nobody judged the photograph. */
function knownOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Every label stays what it is. */
export const IDENTITY_LABELS = Uint8Array.from({ length: 256 }, (_, label) => label);

/**
 * From a label map's own classes to the shards'. Partial labels stay what they are; what the shards
 * cannot say becomes unknown.
 */
export function translation(labels: Pick<LabelMap, 'classes'>): Uint8Array {
  const table = new Uint8Array(256).fill(LABEL_UNKNOWN);
  table[LABEL_NEITHER] = LABEL_NEITHER;
  table[LABEL_VESSEL] = LABEL_VESSEL;
  for (const [index, name] of labels.classes.entries()) {
    const known = PHANTOM_CLASSES.indexOf(name);
    table[index] = name === 'vessel' ? LABEL_VESSEL : known < 0 ? LABEL_UNKNOWN : known;
  }
  return table;
}
