// The network by itself: `run()` and nothing round it, paced or back to back. Prints one JSON line
// {"latenciesUs":[…],"cpuSeconds":…}; both are of the runs alone, not of the waiting between them.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sleepUntil } from './sleep-until.mjs';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    precision: { type: 'string', default: 'int8' },
    threads: { type: 'string', default: '1' },
    runs: { type: 'string', default: '300' },
    /** Runs a second; without it back to back. */
    hz: { type: 'string' },
  },
});
if (values.model === undefined) throw new Error('expected --model FOLDER');

const WARM_UP_RUNS = 20;
const manifest = JSON.parse(await readFile(join(values.model, 'manifest.json'), 'utf8'));
const { file } = values.precision === 'fp32' ? manifest : manifest.variants[values.precision];
// The session of src/pipeline/infer/ort-backend.ts: the same options, outputs preallocated.
const session = await InferenceSession.create(await readFile(join(values.model, file)), {
  executionProviders: ['cpu'],
  intraOpNumThreads: Number(values.threads),
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  extra: { session: { intra_op: { allow_spinning: '0' } } },
});
const { name, shape } = manifest.input;
const input = new Uint8Array(shape.reduce((product, side) => product * side, 1));
for (let i = 0; i < input.length; i++) input[i] = (i * 2654435761) >>> 24;
const feeds = { [name]: new Tensor('uint8', input, shape) };
const outputs = Object.fromEntries(
  session.outputMetadata.map((output) => {
    const size = output.shape.reduce((product, side) => product * side, 1);
    return [output.name, new Tensor('float32', new Float32Array(size), [...output.shape])];
  }),
);
for (let run = 0; run < WARM_UP_RUNS; run++) await session.run(feeds, outputs);

const hz = values.hz === undefined ? null : Number(values.hz);
const latenciesUs = [];
let cpuUs = 0;
const startMs = performance.now() + 5;
for (let run = 0; run < Number(values.runs); run++) {
  if (hz !== null) await sleepUntil(startMs + (1000 * run) / hz);
  const cpuBefore = process.cpuUsage();
  const beforeMs = performance.now();
  await session.run(feeds, outputs);
  latenciesUs.push(Math.round(1000 * (performance.now() - beforeMs)));
  const { user, system } = process.cpuUsage(cpuBefore);
  cpuUs += user + system;
}
process.stdout.write(`${JSON.stringify({ latenciesUs, cpuSeconds: cpuUs / 1e6 })}\n`);
