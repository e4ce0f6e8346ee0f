import { evaluate, type ScoredFrame } from '../../src/cli/evaluation/evaluate.js';
import type {
  EvaluationFrame,
  EvaluationSequence,
  NeedleKnowledge,
} from '../../src/cli/evaluation/evaluation-frame.js';
import type { EvaluationReport } from '../../src/cli/evaluation/evaluation-report.js';
import { createFrameGallery, type KeptFrame } from '../../src/cli/evaluation/frame-gallery.js';
import { reachRows } from '../../src/cli/evaluation/reach.js';
import type { SuiteReport } from '../../src/cli/evaluation/suite-report.js';
import { openPipeline } from '../../src/cli/open-pipeline.js';
import { needleModel, TIP_PX } from '../cli/commands/test-model.js';
import { createTexture, imageOf } from './speckle-image.js';
import { frameOf } from './test-frame.js';

const texture = createTexture(41);
const image = imageOf(128, 128, (x, y) => texture(x / 2, y / 2));
const SPACING = { xMm: 0.2, yMm: 0.2 };

function clip(block: string, needle: NeedleKnowledge, isSimulated: boolean): EvaluationSequence {
  const kind = needle.kind === 'none' ? 'needle-free' : 'in-plane-visible-tip';
  return {
    strata: isSimulated ? [`needle: ${kind}`, 'probe: <linear>'] : ['set: somebody’s'],
    block,
    isClip: isSimulated,
    isSimulated,
    async *frames(): AsyncGenerator<EvaluationFrame> {
      for (let index = 0; index < 6; index++) {
        const changes = { frameId: index, captureTimeUs: index * 60_000, spacing: SPACING };
        yield { frame: frameOf(image, changes), needle, labels: null };
      }
    },
  };
}

const shaft = { from: { xPx: 0, yPx: 0 }, to: TIP_PX };
const NEAR: NeedleKnowledge = { kind: 'visible', tip: TIP_PX, shaft };
const FAR: NeedleKnowledge = { kind: 'visible', tip: { xPx: 20, yPx: 100 }, shaft: null };

/** A report on two suites, one simulated and one real, by a model that always sees one needle. */
export async function sampleReport(): Promise<{
  readonly report: EvaluationReport;
  readonly kept: readonly KeptFrame[];
}> {
  const pipeline = await openPipeline(needleModel());
  const gallery = createFrameGallery();
  const score = async (suite: string, isSimulated: boolean): Promise<SuiteReport> => ({
    suite,
    description: `a <sample> of ${suite}`,
    isSimulated,
    results: await evaluate(
      pipeline,
      [
        clip(`${suite} 1`, NEAR, isSimulated),
        clip(`${suite} 2`, FAR, isSimulated),
        clip(`${suite} 3`, { kind: 'none' }, isSimulated),
      ],
      {
        modes: ['tracked', 'stills'],
        bootstrap: { draws: 50, seed: 1 },
        hasStructures: true,
        onFrame: () => undefined,
        onScored: (scored: ScoredFrame) => gallery.add(scored),
        stop: new AbortController().signal,
      },
    ),
  });
  const suites: SuiteReport[] = [
    await score('heldout', true),
    await score('real-needle-free', false),
    { suite: 'usgra', description: 'masks', isSimulated: false, skipped: 'no data' },
  ];
  await pipeline.close();
  const conditions = {
    echoline: '0.0.0',
    startedAt: '2026-11-24T00:00:00.000Z',
    durationS: 1,
    node: 'v20',
    machine: '2 × test',
    isComplete: true,
    precision: 'fp32: the model comes in no other',
    bootstrapDraws: 50,
    bootstrapSeed: 1,
    hasRealData: true,
  };
  const report = { model: pipeline.model, conditions, suites, reach: reachRows(suites) };
  return { report, kept: gallery.kept() };
}
