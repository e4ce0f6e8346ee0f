// One frame through JavaScript and ONNX Runtime: image → letterbox → network → tip and contours.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { findNeedle, findStructures } from './findings.mjs';
import { createHistory, preprocess } from './preprocess.mjs';
import { ANSWERS } from './protocol.mjs';

const WARM_UP_RUNS = 20;
/** The network, warm, and the history of each stream. */
export async function createAnalyser(modelDirectory, precision, threads) {
  const manifest = JSON.parse(await readFile(join(modelDirectory, 'manifest.json'), 'utf8'));
  const { file } = precision === 'fp32' ? manifest : manifest.variants[precision];
  const weights = await readFile(join(modelDirectory, file));
  const session = await InferenceSession.create(weights, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const { shape, name, neutral } = manifest.input;
  const tensor = new Uint8Array(shape[1] * shape[2] * shape[3]).fill(neutral);
  const feeds = { [name]: new Tensor('uint8', tensor, shape) };
  for (let run = 0; run < WARM_UP_RUNS; run++) await session.run(feeds);
  const histories = new Map();

  return {
    model: { id: manifest.id, sha256: createHash('sha256').update(weights).digest('hex') },
    /** The overlay of a frame, but for its identity, clock and model. */
    async analyse(stream, frame) {
      const marks = [performance.now()];
      const image = await decode(frame);
      marks.push(performance.now());
      const history = histories.get(stream) ?? createHistory();
      histories.set(stream, history);
      const placement = preprocess(image, history, frame.captureTimeUs, tensor, shape);
      marks.push(performance.now());
      const results = await session.run(feeds);
      marks.push(performance.now());
      const heads = Object.fromEntries(
        Object.entries(manifest.outputs).map(([head, output]) => [head, results[output].data]),
      );
      const needle = findNeedle(heads, manifest, placement, frame.spacing);
      const structures = findStructures(heads.structures, manifest, placement, frame.spacing);
      marks.push(performance.now());
      const [decodeMs, preprocessMs, inferMs, postprocessMs] = marks
        .slice(1)
        .map((mark, index) => mark - marks[index]);
      return {
        image: { widthPx: image.widthPx, heightPx: image.heightPx },
        spacing: frame.spacing,
        needle,
        structures,
        imageQuality: 1 / (1 + Math.exp(-heads.frame[2])),
        guidance: ANSWERS.guidance,
        stageMs: {
          decode: decodeMs,
          preprocess: preprocessMs,
          infer: inferMs,
          postprocess: postprocessMs,
          track: 0,
          guide: 0,
        },
      };
    },
  };
}

async function decode({ format, payload, widthPx, heightPx, strideBytes }) {
  if (format === 'gray8') return { data: payload, widthPx, heightPx, strideBytes };
  const { data, info } = await sharp(payload)
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, widthPx: info.width, heightPx: info.height, strideBytes: info.width };
}
