import { expect, it } from 'vitest';
import { type EvaluationOptions, evaluate } from '../../../src/cli/evaluation/evaluate.js';
import type {
  EvaluationFrame,
  EvaluationSequence,
} from '../../../src/cli/evaluation/evaluation-frame.js';
import { reportLines } from '../../../src/cli/evaluation/report.js';
import { openPipeline } from '../../../src/cli/open-pipeline.js';
import { createTexture, imageOf } from '../../support/speckle-image.js';
import { frameOf } from '../../support/test-frame.js';
import { needleModel, TIP_PX } from '../commands/test-model.js';

const texture = createTexture(41);
const image = imageOf(128, 128, (x, y) => texture(x / 2, y / 2));
const OPTIONS: EvaluationOptions = {
  modes: ['tracked', 'stills'],
  bootstrap: { draws: 50, seed: 1 },
  hasStructures: true,
  onFrame: () => undefined,
  onScored: () => undefined,
  stop: new AbortController().signal,
};

function sequence(frames: number, isClip: boolean, ...strata: string[]): EvaluationSequence {
  return {
    strata,
    block: strata.join(),
    isClip,
    isSimulated: false,
    async *frames(): AsyncGenerator<EvaluationFrame> {
      for (let index = 0; index < frames; index++) {
        const frame = frameOf(image, { frameId: index, captureTimeUs: index * 33_333 });
        yield { frame, needle: { kind: 'visible', tip: TIP_PX, shaft: null }, labels: null };
      }
    },
  };
}

it('scores clips through the tracker and as stills, stills only as such, by strata', async () => {
  const pipeline = await openPipeline(needleModel());
  const sequences = [
    sequence(4, true, 'probe: linear', 'quality: clean'),
    sequence(4, true, 'probe: linear'),
    sequence(2, false, 'set: real'),
  ];
  let seen = 0;
  const onFrame = (frames: number) => {
    seen = frames;
  };
  const results = await evaluate(pipeline, sequences, { ...OPTIONS, onFrame });
  expect(seen).toBe(10);
  expect(results.map(({ mode, headline }) => [mode, headline.frames])).toEqual([
    ['tracked', 8],
    ['stills', 10],
  ]);
  const [tracked, stills] = results;
  expect(Object.keys(tracked?.strata ?? {})).toEqual(['probe: linear', 'quality: clean']);
  expect(stills?.strata['set: real']?.frames).toBe(2);
  // Each still shows its tip; a tracker confirms first, and starts again with each clip.
  expect(stills?.headline.recallAt5px).toBe(1);
  expect(tracked?.headline.recallAt5px).toBeLessThan(1);
  expect(tracked?.headline.recallAt5px).toBeGreaterThan(0);
  expect(tracked?.strata['quality: clean']?.recallAt5px).toBe(tracked?.headline.recallAt5px);
  const lines = reportLines({ suite: 's', description: 'd', isSimulated: false, results });
  expect(lines.join('\n')).toMatch(/tracked\s+8[\s\S]*probe: linear\s+8[\s\S]*stills\s+10/);
  await pipeline.close();
});

it('stops when it is told to', async () => {
  const pipeline = await openPipeline(needleModel());
  const stop = new AbortController();
  const onFrame = (frames: number) => {
    if (frames === 2) stop.abort();
  };
  const sequences = [sequence(9, true), sequence(9, true)];
  const [result] = await evaluate(pipeline, sequences, {
    ...OPTIONS,
    modes: ['stills'],
    onFrame,
    stop: stop.signal,
  });
  expect(result?.headline.frames).toBe(2);
  await pipeline.close();
});
