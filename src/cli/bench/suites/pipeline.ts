import { median } from '../../../domain/median.js';
import { FRAME_STAGES, type StageMs } from '../../../domain/overlay.js';
import { readClockUs } from '../../../engine/read-clock.js';
import { selectKernels } from '../../../kernels/select-kernels.js';
import { createPipeline, type Pipeline } from '../../../pipeline/pipeline.js';
import { latencyFiguresOf } from '../latency-figures.js';
import { prepareClip } from '../load-clip.js';
import { createMeaningHash } from '../meaning.js';
import { PLAIN_TARGET } from '../own-service.js';
import { type ClipCase, casesOf, clipOf, TABLE_CASES } from './end-to-end.js';
import { limitClip, type Suite, type SuiteContext, SuiteRecord } from './suite.js';

const FRAME_US = 33_333;
const WARM_UP_RUNS = 20;

/** A frame's path in one process, stage by stage: no socket, no hop, no waiting. */
export const pipeline: Suite = async (context) => {
  const record = new SuiteRecord(context);
  const { modelDirectory, precision, intraOpThreads } = PLAIN_TARGET;
  const opened = await createPipeline({
    modelDirectory,
    precision,
    intraOpThreads,
    executionProvider: 'cpu',
    executionProviderFallback: 'none',
    kernels: selectKernels('auto').kernels,
    warmUpRuns: context.mode === 'smoke' ? 1 : WARM_UP_RUNS,
    readClockUs,
  });
  try {
    for (const one of casesOf(context, TABLE_CASES))
      await measureCase(context, record, opened, one);
  } finally {
    await opened.close();
  }
  return record.findings();
};

async function measureCase(
  context: SuiteContext,
  record: SuiteRecord,
  opened: Pipeline,
  one: ClipCase,
): Promise<void> {
  const { frames, warmUpFrames, meaningFrames, sizeMaxPx } = context.scale;
  const clip = limitClip(clipOf(context, one), sizeMaxPx);
  context.say(`pipeline: ${one.format} ${clip.widthPx} × ${clip.heightPx}`);
  const loop = await prepareClip(clip, null);
  const stream = opened.createStream({ stills: false });
  const meaning = createMeaningHash();
  const stages: StageMs[] = [];
  const totals: number[] = [];
  for (let frameId = 0; frameId < warmUpFrames + frames; frameId++) {
    const frame = loop[frameId % loop.length];
    if (frame === undefined || context.stop.aborted) break;
    const fromUs = readClockUs();
    const result = await opened.process(stream, frame, 0, frameId * FRAME_US);
    if (result.kind === 'invalid') throw result.error;
    if (frameId < meaningFrames) meaning.add(result.findings);
    if (frameId < warmUpFrames) continue;
    totals.push(readClockUs() - fromUs);
    stages.push(result.stageMs);
  }
  record.meaning(meaning.read());
  const name = `${one.format} ${one.widthPx} × ${one.heightPx}`;
  for (const stage of FRAME_STAGES) {
    record.figure(`${name}, ${stage}`, median(stages.map((ms) => ms[stage])), 'ms');
  }
  const total = latencyFiguresOf(totals);
  record.figure(`${name}, all p50`, total?.p50 ?? Number.NaN, 'ms');
  record.figure(`${name}, all p99`, total?.p99 ?? Number.NaN, 'ms');
}
