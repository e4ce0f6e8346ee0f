import { createHash } from 'node:crypto';
import type { Frame } from '../../../domain/frame.js';
import type { Kernels } from '../../../kernels/kernels.js';
import { referenceKernels } from '../../../kernels/reference-kernels.js';
import { selectKernels } from '../../../kernels/select-kernels.js';
import { decodeCompressed } from '../../../pipeline/decode/decode-compressed.js';
import { createPreprocess } from '../../../pipeline/preprocess/preprocess.js';
import { prepareClip } from '../load-clip.js';
import { median } from './statistics.js';
import { type Suite, type SuiteContext, SuiteRecord } from './suite.js';

/** Side of the network's input, px, and the value of its neutral channels; as GuideNet has them. */
const TENSOR_PX = 256;
const NEUTRAL = 128;
const ROUNDS = { smoke: 1, quick: 10, full: 40 } as const;
/** A sample is at least this long, µs: CPU time is counted in microseconds. */
const SAMPLE_US = 3_000;

/**
 * What native kernels gain where a frame is prepared: CPU time of the preprocess stage with native
 * and with reference kernels, and of decoding a gray JPEG by the addon and by sharp, by turns in
 * one process. `npm run bench:kernels` compares the kernels one by one.
 */
export const kernels: Suite = async (context) => {
  const record = new SuiteRecord(context);
  const native = selectKernels('auto');
  if (native.origin === 'reference') {
    record.invalid(`there are no native kernels to compare: ${native.reason}`);
  }
  for (const size of sizesOf(context)) {
    await comparePreprocess(context, record, native.kernels, size);
  }
  await compareJpeg(context, record, native.kernels);
  return record.findings();
};

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

function sizesOf({ scale }: SuiteContext): readonly Size[] {
  const limit = scale.sizeMaxPx;
  if (limit !== null) return [{ widthPx: limit, heightPx: limit }];
  return [
    { widthPx: 512, heightPx: 512 },
    { widthPx: 1920, heightPx: 1080 },
  ];
}

async function comparePreprocess(
  context: SuiteContext,
  record: SuiteRecord,
  native: Kernels,
  size: Size,
): Promise<void> {
  const { images } = context.scale;
  const clip = { kind: 'phantom', format: 'gray8', seed: 7, images, ...size } as const;
  const frames = await prepareClip(clip, null);
  const sides = [referenceKernels, native].map((one) => preparer(one, frames));
  const [expected = '', came = ''] = sides.map((side) => side.meaning());
  if (expected !== came) record.invalid('native kernels prepare another tensor than the reference');
  record.meaning(expected);
  const [referenceUs, nativeUs] = await byTurns(
    sides.map((side) => async () => side.step()),
    ROUNDS[context.mode],
  );
  const name = `preprocess ${size.widthPx} × ${size.heightPx}`;
  addComparison(record, name, referenceUs, nativeUs);
}

/** The preprocess stage over a clip in a loop. */
function preparer(one: Kernels, frames: readonly Frame[]) {
  const options = { kernels: one, widthPx: TENSOR_PX, heightPx: TENSOR_PX, neutral: NEUTRAL };
  const stage = createPreprocess(options);
  const state = stage.createState();
  let count = 0;
  const step = () => {
    const frame = frames[count % frames.length];
    count += 1;
    if (frame === undefined) return new Uint8Array(0);
    const { widthPx, heightPx, strideBytes, payload: data, spacing } = frame;
    const image = { widthPx, heightPx, strideBytes, data };
    return stage.step(state, { image, spacing, previousTrack: null }, count * 33_333).tensor;
  };
  return {
    step,
    /** Of one pass over the clip. */
    meaning() {
      const hash = createHash('sha256');
      for (const _ of frames) hash.update(step());
      return hash.digest('hex');
    },
  };
}

async function compareJpeg(context: SuiteContext, record: SuiteRecord, native: Kernels) {
  const limit = context.scale.sizeMaxPx ?? 640;
  const [width, height] = [Math.min(640, limit), Math.min(480, limit)];
  const clip = { kind: 'phantom', widthPx: width, heightPx: height, seed: 7, images: 1 } as const;
  const [frame] = await prepareClip({ ...clip, format: 'jpeg' }, null);
  const target = new Uint8Array(width * height);
  const payload = frame?.payload ?? new Uint8Array(0);
  const { data } = await decodeCompressed('jpeg', payload, { width, height });
  record.meaning(createHash('sha256').update(data).digest('hex'));
  if (!native.decodeGrayJpeg(payload, { width, height }, target)) return;
  if (Buffer.compare(target, data) !== 0) {
    record.invalid('the addon decodes other pixels from a JPEG than sharp');
  }
  const [sharpUs, nativeUs] = await byTurns(
    [
      () => decodeCompressed('jpeg', payload, { width, height }),
      async () => native.decodeGrayJpeg(payload, { width, height }, target),
    ],
    ROUNDS[context.mode],
  );
  addComparison(record, 'JPEG decode', sharpUs, nativeUs);
}

function addComparison(record: SuiteRecord, name: string, slowUs = 0, fastUs = 0): void {
  record.figure(`${name}, reference`, slowUs, 'µs');
  record.figure(`${name}, native`, fastUs, 'µs');
  record.figure(`${name}, ratio`, slowUs / fastUs, 'ratio');
}

/** Median CPU µs of one call of each, A B A B; CPU time stays meaningful on a busy machine. */
async function byTurns(
  calls: readonly (() => Promise<unknown>)[],
  rounds: number,
): Promise<readonly number[]> {
  const samples = calls.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [index, call] of calls.entries()) {
      const us = await cpuUsOf(call);
      // The first round warms up.
      if (round >= 0 || rounds === 1) samples[index]?.push(us);
    }
  }
  return samples.map(median);
}

async function cpuUsOf(call: () => Promise<unknown>): Promise<number> {
  const from = process.cpuUsage();
  for (let calls = 1; ; calls++) {
    await call();
    const { user, system } = process.cpuUsage(from);
    if (user + system >= SAMPLE_US) return (user + system) / calls;
  }
}
