import { expect, it } from 'vitest';
import type {
  EvaluationFrame,
  EvaluationSequence,
  NeedleKnowledge,
} from '../../../../src/cli/evaluation/evaluation-frame.js';
import {
  evaluateRobustness,
  PERTURBATIONS,
} from '../../../../src/cli/evaluation/robustness/robustness.js';
import { openPipeline } from '../../../../src/cli/open-pipeline.js';
import { createTexture, imageOf } from '../../../support/speckle-image.js';
import { frameOf } from '../../../support/test-frame.js';
import { needleModel, TIP_PX } from '../../commands/test-model.js';

const texture = createTexture(41);
const image = imageOf(128, 128, (x, y) => texture(x / 2, y / 2));

function clip(stratum: string, needle: NeedleKnowledge): EvaluationSequence {
  return {
    strata: [`needle: ${stratum}`],
    block: stratum,
    isClip: true,
    isSimulated: true,
    async *frames(): AsyncGenerator<EvaluationFrame> {
      for (let index = 0; index < 8; index++) {
        const spacing = { xMm: 0.2, yMm: 0.2 };
        const changes = { frameId: index, captureTimeUs: index * 40_000, spacing };
        yield { frame: frameOf(image, changes), needle, labels: null };
      }
    },
  };
}
const CLIPS = [
  clip('in-plane-visible-tip', { kind: 'visible', tip: TIP_PX, shaft: null }),
  clip('in-plane-partial-shaft', { kind: 'visible', tip: TIP_PX, shaft: null }),
  clip('in-plane-hidden-tip', { kind: 'hidden', tip: TIP_PX, shaft: null }),
  clip('needle-free', { kind: 'none' }),
];
const OPTIONS = {
  bootstrap: { draws: 20, seed: 1 },
  onFrame: () => undefined,
  onScored: () => undefined,
};

it('compares each perturbation with the untouched run of the same clips', async () => {
  // A model that says the same of every picture: only what moves the truth can cost it recall.
  const pipeline = await openPipeline(needleModel());
  const stop = new AbortController().signal;
  const { rows } = await evaluateRobustness(pipeline, CLIPS, { ...OPTIONS, stop });
  await pipeline.close();
  expect(rows.map(({ name }) => name)).toEqual([
    'untouched',
    ...PERTURBATIONS.map(({ name }) => name),
  ]);
  const of = (name: string) => rows.find((row) => row.name === name);
  // Eight frames, of which the tracker believes the second and all after it.
  expect(of('untouched')).toMatchObject({ frames: 24, recallAt2mm: 0.875, recallDrop: 0 });
  expect(of('gain +12 dB')).toMatchObject({ recallAt2mm: 0.875, recallDrop: 0, falseTipRatio: 1 });
  expect(of('left-right flip')).toMatchObject({ recallAt2mm: 0, recallDrop: 0.875 });
  expect(of('left-right flip')?.recallDropInterval).toEqual({ low: 0.875, high: 0.875 });
});

it('leaves out what was cut short by a stop, so that no row compares different clips', async () => {
  const pipeline = await openPipeline(needleModel());
  const stop = new AbortController();
  const onFrame = (frames: number) => {
    if (frames === 8 * 3 + 4) stop.abort();
  };
  const options = { ...OPTIONS, onFrame, stop: stop.signal };
  const first = await evaluateRobustness(pipeline, CLIPS, options);
  await pipeline.close();
  expect(first.rows.map(({ name }) => name)).toEqual([
    'untouched',
    ...PERTURBATIONS.slice(0, 2).map(({ name }) => name),
  ]);
});
