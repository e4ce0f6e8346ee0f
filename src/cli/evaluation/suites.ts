import { existsSync } from 'node:fs';
import { canReadFilms } from '../../clips/video-programs.js';
import { type GrayImage, NO_EXTENSIONS } from '../../domain/frame.js';
import type { LabelMap } from '../../domain/ground-truth.js';
import type { SimulatedClip } from '../../domain/phantom-clip.js';
import { heldoutSuite } from '../../phantom/heldout/heldout-suite.js';
import { createPhantomClip } from '../../phantom/phantom-clip.js';
import { frameOfSimulated } from '../simulated-frames.js';
import { type RealFrame, readRealFrame } from '../training/real-frame.js';
import { listRealFrames } from '../training/real-frame-sets.js';
import { listRealVideos, readRealVideo } from '../training/real-videos.js';
import { LABEL_VESSEL } from '../training/shard-record.js';
import {
  type EvaluationFrame,
  type EvaluationSequence,
  type NeedleKnowledge,
  needleKnowledge,
} from './evaluation-frame.js';
import { mirrored } from './robustness/geometry-perturbations.js';
import type { EvaluationJob } from './run-suite.js';

/** What a suite may need. */
export interface SuiteOptions {
  /** The licensed real data; null or not there = suites that need it are skipped. */
  readonly dataDirectory: string | null;
  /** Fewer clips and frames than a suite has by itself; null = all. */
  readonly clips: number | null;
  readonly framesPerClip: number | null;
}

/** A named set of sequences with known truth. */
export interface Suite {
  readonly name: string;
  readonly description: string;
  readonly isSimulated: boolean;
  readonly kind: EvaluationJob['kind'];
  /** null = there is no data for it here. */
  open(options: SuiteOptions): Iterable<EvaluationSequence> | null;
}

/** Every suite, in the order of the table. */
export const SUITES: readonly Suite[] = [
  {
    name: 'heldout',
    description: 'simulated by a generator that the training never saw',
    isSimulated: true,
    kind: 'figures',
    open: openHeldout,
  },
  {
    name: 'phantom',
    description: 'the training phantom, with seeds of its own',
    isSimulated: true,
    kind: 'figures',
    open: openPhantom,
  },
  {
    name: 'real-needle-free',
    description: 'real stills and videos without a needle, held-out groups',
    isSimulated: false,
    kind: 'figures',
    open: openRealNeedleFree,
  },
  {
    name: 'usgra',
    description: 'real nerve-block frames with nerve and vessel masks, held-out groups',
    isSimulated: false,
    kind: 'figures',
    open: openUsgra,
  },
  {
    name: 'entry-side',
    description: 'held-out clips with a visible tip as they are and mirrored',
    isSimulated: true,
    kind: 'figures',
    open: openBothSides,
  },
  {
    name: 'robustness',
    description: 'held-out clips through the tracker under knobs, codecs, screens and bad streams',
    isSimulated: true,
    kind: 'robustness',
    open: (options) => openHeldout({ ...options, clips: options.clips ?? EVERY_STRATUM_ONCE }),
  },
  {
    name: 'int8',
    description: 'the int8 network against the fp32 one on held-out frames, each for itself',
    isSimulated: true,
    kind: 'int8',
    open: (options) =>
      openHeldout({
        ...options,
        clips: options.clips ?? EVERY_STRATUM_ONCE,
        framesPerClip: options.framesPerClip ?? PARITY_FRAMES,
      }),
  },
  {
    name: 'two-needles',
    description: 'held-out clips with a visible tip and a second needle that lies still',
    isSimulated: true,
    kind: 'figures',
    open: (options) => openVisible({ ...options, hasRestingNeedle: true }),
  },
  {
    name: 'speed',
    description: 'time of the network alone against the one that was recommended, by turns',
    isSimulated: false,
    kind: 'speed',
    open: () => [],
  },
];

const PHANTOM_FIRST_SEED = 7_000_000;
const PHANTOM_CLIPS = 24;
const PHANTOM_FRAMES = 30;
const PHANTOM_SIDE_PX = 384;
const PARITY_FRAMES = 6;
const VISIBLE_TIP = 'needle: in-plane-visible-tip';
/** Held-out clips where each runs several times. */
const EVERY_STRATUM_ONCE = 42;

interface HeldoutOptions extends SuiteOptions {
  readonly hasRestingNeedle?: boolean;
}

function* openHeldout(options: HeldoutOptions): Generator<EvaluationSequence> {
  const size = {
    hasRestingNeedle: options.hasRestingNeedle ?? false,
    ...(options.clips !== null && { clips: options.clips }),
    ...(options.framesPerClip !== null && { framesPerClip: options.framesPerClip }),
  };
  for (const { seed, stratum, clip, framesPerClip } of heldoutSuite(size)) {
    const strata = [
      `needle: ${stratum.needle}`,
      `probe: ${stratum.probe}`,
      `quality: ${stratum.quality}`,
      ...(stratum.distractor === null ? [] : [`distractor: ${stratum.distractor}`]),
      ...(clip.needleDiameterMm === null ? [] : [gaugeStratum(clip.needleDiameterMm)]),
    ];
    yield simulatedSequence(clip, framesPerClip, strata, `heldout ${seed}`);
  }
}

/**
 * Each clip with a visible tip from both sides: what a side is worth shows only where nothing else
 * differs. The two are one block.
 */
function* openBothSides(options: SuiteOptions): Generator<EvaluationSequence> {
  yield* openVisible(options);
  for (const sequence of openVisible(options)) {
    yield {
      ...sequence,
      async *frames() {
        for await (const frame of sequence.frames()) yield mirrored(frame);
      },
    };
  }
}

function* openVisible(options: HeldoutOptions): Generator<EvaluationSequence> {
  for (const sequence of openHeldout(options)) {
    if (sequence.strata.includes(VISIBLE_TIP)) yield sequence;
  }
}

/** Outer diameters of 20 G and 25 G needles (ISO 9626), mm, between which the cells are cut. */
function gaugeStratum(diameterMm: number): string {
  if (diameterMm >= 0.9) return 'gauge: 20 G or thicker';
  return diameterMm >= 0.51 ? 'gauge: 21 to 25 G' : 'gauge: thinner than 25 G';
}

function* openPhantom(options: SuiteOptions): Generator<EvaluationSequence> {
  const clips = options.clips ?? PHANTOM_CLIPS;
  for (let index = 0; index < clips; index++) {
    const clip = createPhantomClip({
      seed: PHANTOM_FIRST_SEED + index,
      widthPx: PHANTOM_SIDE_PX,
      heightPx: PHANTOM_SIDE_PX,
    });
    const framesPerClip = options.framesPerClip ?? PHANTOM_FRAMES;
    const strata = [`probe: ${clip.probeGeometry}`];
    yield simulatedSequence(clip, framesPerClip, strata, `phantom ${index}`);
  }
}

function simulatedSequence(
  clip: SimulatedClip,
  frameCount: number,
  strata: readonly string[],
  block: string,
): EvaluationSequence {
  async function* frames(): AsyncGenerator<EvaluationFrame> {
    for (let index = 0; index < frameCount; index++) {
      const simulated = clip.nextFrame();
      const { needle, restingNeedle, labels } = simulated.truth;
      yield {
        frame: frameOfSimulated(clip, simulated, index),
        needle: needleKnowledge(needle),
        ...(restingNeedle && { resting: needleKnowledge(restingNeedle) }),
        labels,
      };
    }
  }
  return { strata, block, isClip: true, isSimulated: true, frames };
}

function openRealNeedleFree(options: SuiteOptions): Iterable<EvaluationSequence> | null {
  const stills = realSequences(
    options,
    () => true,
    { kind: 'none' },
    () => null,
  );
  return stills === null ? null : [...stills, ...videoSequences(options)];
}

function openUsgra(options: SuiteOptions): Iterable<EvaluationSequence> | null {
  return realSequences(options, (set) => set === 'usgra-seg', { kind: 'unknown' }, usgraLabels);
}

function realSequences(
  options: SuiteOptions,
  isWanted: (set: string) => boolean,
  needle: NeedleKnowledge,
  labelsOf: (frame: RealFrame) => LabelMap | null,
): Iterable<EvaluationSequence> | null {
  const { dataDirectory } = options;
  if (dataDirectory === null || !existsSync(dataDirectory)) return null;
  const files = listRealFrames(dataDirectory).filter(
    (file) => file.isValidation && isWanted(file.set),
  );
  if (files.length === 0) return null;
  const kept = options.clips === null ? files : files.slice(0, options.clips);
  return kept.map((file, index) => ({
    strata: [`set: ${file.set}`],
    block: file.group,
    isClip: false,
    isSimulated: false,
    async *frames(): AsyncGenerator<EvaluationFrame> {
      const real = await readRealFrame(file);
      yield { frame: frameOfReal(real.image, index), needle, labels: labelsOf(real) };
    },
  }));
}

const VIDEO_FRAMES = 60;

/** Held-out real videos as they move; films only where `ffmpeg` is installed. */
function videoSequences(options: SuiteOptions): EvaluationSequence[] {
  const files = listRealVideos(options.dataDirectory ?? '').filter((file) => file.isValidation);
  const hasFilms = files.length > 0 && canReadFilms();
  const readable = files.filter((file) => hasFilms || file.path.endsWith('.mha'));
  return readable.slice(0, options.clips ?? readable.length).map((file) => ({
    strata: [`set: ${file.set}, video`],
    block: file.group,
    isClip: true,
    isSimulated: false,
    async *frames(): AsyncGenerator<EvaluationFrame> {
      const { frames } = await readRealVideo(file);
      const shown = frames.slice(0, options.framesPerClip ?? VIDEO_FRAMES);
      for (const [index, image] of shown.entries()) {
        const frame = { ...frameOfReal(image, index), captureTimeUs: index * 33_333 };
        yield { frame, needle: { kind: 'none' }, labels: null };
      }
    },
  }));
}

function frameOfReal(image: GrayImage, frameId: number): EvaluationFrame['frame'] {
  return {
    epoch: 0,
    frameId,
    captureTimeUs: frameId * 1_000_000,
    flags: { isFrozen: false, geometryChanged: false, mayCarryText: true },
    format: 'gray8',
    probeGeometry: 'unknown',
    orientation: 'unknown',
    widthPx: image.widthPx,
    heightPx: image.heightPx,
    strideBytes: image.strideBytes,
    spacing: null,
    extensions: NO_EXTENSIONS,
    payload: image.data,
  };
}

/** The masks of usgra-seg know nerves and vessels; everything else is background to them. */
function usgraLabels({ labels }: RealFrame): LabelMap {
  const nerve = 1;
  const data = labels.data.map((label) => {
    if (label === nerve) return 1;
    return label === LABEL_VESSEL ? 2 : 0;
  });
  const { widthPx, heightPx } = labels;
  return { widthPx, heightPx, classes: ['background', 'nerve', 'vessel'], data };
}
