import type { ClassScores, Kernels } from '../../../kernels/kernels.js';
import { referenceKernels } from '../../../kernels/reference-kernels.js';
import { planResize } from '../../../kernels/resize-plan.js';
import { createShiftPyramid } from '../../../kernels/shift-pyramid.js';
import { createPreprocess } from '../../../pipeline/preprocess/preprocess.js';
import { blobGrids, seededRandom, speckleImage } from './bench-images.js';

/** Side of the network's input, and of the grid of its output. */
const TENSOR_PX = 256;
const GRID_CELLS = 64;
/** Classes that the network tells apart. */
const CHANNELS = 9;
const FRAME_US = 33_333;

/** One thing that both kinds of kernels do with the same input. */
export interface KernelCase {
  readonly name: string;
  /** Does it once; a number that it answers with belongs to the result. */
  run(kernels: Kernels): unknown;
  /** What it writes to. */
  readonly results: readonly ArrayBufferView[];
}

/**
 * All cases: images of two sizes, the network's input, its output.
 *
 * @param isSmoke - without the large size, which takes longer to make than the rest to run
 */
export function kernelCases(isSmoke = false): readonly KernelCase[] {
  return [
    ...imageCases(512, 512),
    ...(isSmoke ? [] : imageCases(1920, 1080)),
    ...pyramidCases(),
    ...differenceCases(),
    ...gridCases(),
    lineCase(),
  ];
}

/** What is run for an image of this size. */
function imageCases(widthPx: number, heightPx: number): readonly KernelCase[] {
  const name = `${widthPx} × ${heightPx}`;
  const image = speckleImage(widthPx, heightPx, 1);
  const colour = Uint8Array.from({ length: 4 * image.data.length }, (_, i) => image.data[i >> 2]);
  const gray = new Uint8Array(image.data.length);
  const cellPx = Math.ceil(Math.max(widthPx, heightPx) / 64);
  const lagPx = Math.max(1, Math.round(cellPx / 4));
  const cells = new Uint8Array(Math.ceil(widthPx / cellPx) * Math.ceil(heightPx / cellPx));
  const scale = TENSOR_PX / Math.max(widthPx, heightPx);
  const placement = {
    xPx: 0,
    yPx: 0,
    widthPx: Math.round(widthPx * scale),
    heightPx: Math.round(heightPx * scale),
  };
  const plan = planResize(widthPx, heightPx, TENSOR_PX, placement);
  const target = new Uint8Array(TENSOR_PX * TENSOR_PX);
  const whole = { xPx: 0, yPx: 0, widthPx, heightPx };
  const size = { width: widthPx, height: heightPx };
  const row = (heightPx >> 1) * widthPx;
  const column = widthPx >> 1;
  return [
    {
      name: `grayFromColour ${name}`,
      run: (k) => k.grayFromColour(colour, 4 * widthPx, size, 'rgba', gray),
      results: [gray],
    },
    {
      name: `activity ${name}`,
      run: (k) => k.activity(image, lagPx, cellPx, cells),
      results: [cells],
    },
    {
      name: `lineActivity, row ${name}`,
      run: (k) => k.lineActivity(image, lagPx, row, widthPx, 1),
      results: [],
    },
    {
      name: `lineActivity, column ${name}`,
      run: (k) => k.lineActivity(image, lagPx, column, heightPx, widthPx),
      results: [],
    },
    {
      name: `resize ${name}`,
      run: (k) => k.resize(image, whole, plan, target),
      results: [target],
    },
    preprocessCase(widthPx, heightPx),
  ];
}

/** The whole stage on a running stream: what a frame costs to prepare. */
function preprocessCase(widthPx: number, heightPx: number): KernelCase {
  const images = [speckleImage(widthPx, heightPx, 5), speckleImage(widthPx, heightPx, 6)] as const;
  const target = new Uint8Array(3 * TENSOR_PX * TENSOR_PX);
  const streams = new Map<Kernels, (index: number) => Uint8Array>();
  const streamOf = (kernels: Kernels) => {
    const side = { widthPx: TENSOR_PX, heightPx: TENSOR_PX };
    const stage = createPreprocess({ kernels, ...side, neutral: 128 });
    const state = stage.createState();
    const input = { reduced: null, spacing: null, previousTrack: null };
    let nowUs = 0;
    return (index: number) => {
      nowUs += FRAME_US;
      return stage.step(state, { ...input, image: images[index % 2] ?? images[0] }, nowUs).tensor;
    };
  };
  return {
    name: `preprocess, a stream of ${widthPx} × ${heightPx}`,
    run: (kernels) => {
      const step = streams.get(kernels) ?? streamOf(kernels);
      streams.set(kernels, step);
      step(0);
      target.set(step(1));
    },
    results: [target],
  };
}

/** Motion between two images of the network's input size. */
function pyramidCases(): readonly KernelCase[] {
  const side = TENSOR_PX;
  const before = speckleImage(side, side, 3).data;
  const now = before.map((_, i) => before[Math.max(0, i - 2 * side - 3)]);
  const previous = createShiftPyramid(side, side);
  const current = createShiftPyramid(side, side);
  referenceKernels.buildPyramid(before, previous);
  referenceKernels.buildPyramid(now, current);
  return [
    {
      name: 'buildPyramid 256 × 256',
      run: (k) => k.buildPyramid(now, current),
      results: current.levels.map(({ data }) => data),
    },
    {
      name: 'textureSums 256 × 256',
      run: (k) => k.textureSums(now, side, { xPx: 0, yPx: 0, widthPx: side, heightPx: side }),
      results: [],
    },
    {
      name: 'estimateShift 256 × 256',
      run: (k) => k.estimateShift(previous, current),
      results: [],
    },
  ];
}

/** The difference channels of the network's input. */
function differenceCases(): readonly KernelCase[] {
  const side = TENSOR_PX;
  const size = { width: side, height: side };
  const before = speckleImage(side, side, 3).data;
  const now = before.map((_, i) => before[Math.max(0, i - 2 * side - 3)]);
  const target = new Uint8Array(side * side);
  const background = Uint16Array.from(before, (value) => value << 8);
  const next = new Uint16Array(side * side);
  const moved = { xPx: 2.4, yPx: 1.7 };
  const still = { xPx: 0, yPx: 0 };
  const whole = { xPx: 2, yPx: 1 };
  return [
    {
      name: 'shiftedDifference 256 × 256',
      run: (k) => k.shiftedDifference(now, before, size, moved, 1.01, 128, target),
      results: [target],
    },
    {
      name: 'shiftedDifference, still 256 × 256',
      run: (k) => k.shiftedDifference(now, before, size, still, 0.97, 128, target),
      results: [target],
    },
    {
      name: 'backgroundDifference 256 × 256',
      run: (k) => k.backgroundDifference(now, background, size, whole, 0.04, 128, target, next),
      results: [target, next],
    },
  ];
}

/** What is run on the network's output. */
function gridCases(): readonly KernelCase[] {
  const size = { width: GRID_CELLS, height: GRID_CELLS };
  const { field, labels } = blobGrids(GRID_CELLS);
  const components = new Int32Array(field.length);
  const stack = new Int32Array(field.length);
  const points = new Float32Array(8192);
  const keep = new Uint8Array(4096);
  const peaks = new Int32Array(8);
  const start = field.findIndex((value) => value > 0);
  const count = referenceKernels.traceContour(field, size, start, points);
  const name = `${GRID_CELLS} × ${GRID_CELLS}`;
  const scoring = scoringInput(GRID_CELLS * GRID_CELLS);
  return [
    {
      name: `scoreClasses ${CHANNELS} × ${name}`,
      run: (k) => k.scoreClasses(scoring.logits, scoring.classOf, scoring.scores),
      results: Object.values(scoring.scores),
    },
    {
      name: `findPeaks ${name}`,
      run: (k) => k.findPeaks(field, size, 2, peaks),
      results: [peaks],
    },
    {
      name: `labelComponents ${name}`,
      run: (k) => k.labelComponents(labels, size, components, stack),
      results: [components],
    },
    {
      name: `traceContour, ${count} points`,
      run: (k) => k.traceContour(field, size, start, points),
      results: [points],
    },
    {
      name: `simplifyContour, ${count} points`,
      run: (k) => k.simplifyContour(points, count, 0.3, keep),
      results: [keep],
    },
  ];
}

/** Logits of as many classes as the network has, two of them counted as one. */
function scoringInput(cells: number): {
  readonly logits: Float32Array;
  readonly classOf: Uint8Array;
  readonly scores: ClassScores;
} {
  const random = seededRandom(6);
  return {
    logits: Float32Array.from({ length: CHANNELS * cells }, () => 12 * (random() - 0.5)),
    classOf: Uint8Array.from({ length: CHANNELS }, (_, channel) => Math.max(0, channel - 1)),
    scores: {
      labels: new Uint8Array(cells),
      probabilities: new Float32Array((CHANNELS - 1) * cells),
      best: new Float32Array(cells),
      second: new Float32Array(cells),
    },
  };
}

/** A shaft of 90 cells with a second line beside it. */
function lineCase(): KernelCase {
  const random = seededRandom(4);
  const count = 140;
  const votes = new Float32Array(4 * count);
  for (let vote = 0; vote < count; vote++) {
    const isOther = vote >= 90;
    const along = 60 * random();
    votes[4 * vote] = 2 + 0.9 * along;
    votes[4 * vote + 1] = (isOther ? 40 : 5) + 0.4 * along + 0.6 * (random() - 0.5);
    votes[4 * vote + 2] = 0.42 + 0.1 * (random() - 0.5);
    votes[4 * vote + 3] = 0.5 + 0.5 * random();
  }
  const scratch = new Float32Array(256);
  return {
    name: `fitLine, ${count} votes`,
    run: (k) => k.fitLine(votes, count, scratch),
    results: [],
  };
}
