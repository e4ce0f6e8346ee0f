import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../src/domain/frame.js';
import { NO_EXTENSIONS } from '../../src/domain/frame.js';
import type { FrameFindings } from '../../src/domain/overlay.js';
import { referenceKernels as kernels } from '../../src/kernels/reference-kernels.js';
import type { HeadOutputs } from '../../src/pipeline/frame-context.js';
import { createPipeline, type Pipeline } from '../../src/pipeline/pipeline.js';
import { createTexture, imageOf } from '../support/speckle-image.js';
import { drawNeedle, drawStructure, emptyHeads } from '../support/synthetic-heads.js';
import { frameOf } from '../support/test-frame.js';
import { TEST_MANIFEST } from '../support/test-manifest.js';
import { constantOnnx, writeModel } from '../support/tiny-onnx.js';

const texture = createTexture(41);
const image = imageOf(128, 128, (x, y) => texture(x / 2, y / 2));
const SPACING = { xMm: 0.25, yMm: 0.25 };
const FRAME_US = 33_333;

const cleanUp: (() => Promise<void> | void)[] = [];
afterAll(async () => {
  for (const task of cleanUp) await task();
});

/** A pipeline around a network that always answers the same. */
async function pipelineWith(heads: HeadOutputs): Promise<Pipeline> {
  const modelDirectory = writeModel(TEST_MANIFEST, constantOnnx(TEST_MANIFEST, heads));
  let clockUs = 0;
  const pipeline = await createPipeline({
    modelDirectory,
    precision: 'auto',
    executionProvider: 'cpu',
    executionProviderFallback: 'none',
    intraOpThreads: 1,
    kernels,
    warmUpRuns: 1,
    readClockUs: () => (clockUs += 100),
  });
  cleanUp.push(
    () => pipeline.close(),
    () => rmSync(modelDirectory, { recursive: true }),
  );
  return pipeline;
}

function needleHeads(): HeadOutputs {
  const heads = emptyHeads(TEST_MANIFEST);
  drawNeedle(heads, { from: [2, 2], to: [10, 8], heat: 0.9 });
  drawStructure(heads, 1, (x, y) => Math.hypot(x - 12, y - 12) <= 2);
  return heads;
}

/** Cells → pixels of a 128 × 128 image. */
const inImage = (cell: number): number => 8 * (cell + 0.5) - 0.5;

async function run(
  pipeline: Pipeline,
  frames: readonly Frame[],
  options: { readonly stills: boolean } = { stills: false },
): Promise<FrameFindings[]> {
  const stream = pipeline.createStream(options);
  const found: FrameFindings[] = [];
  for (const [index, frame] of frames.entries()) {
    const result = await pipeline.process(stream, frame, 0, index * FRAME_US);
    if (result.kind !== 'ok') throw result.error;
    found.push(result.findings);
  }
  return found;
}

describe('the pipeline', () => {
  it('takes a frame all the way and says so in its own pixels and millimetres', async () => {
    const pipeline = await pipelineWith(needleHeads());
    const frames = new Array<Frame>(3).fill(frameOf(image, { spacing: SPACING }));
    const findings = (await run(pipeline, frames)).at(-1);
    expect(findings?.needle.state).toBe('tip-visible');
    expect(findings?.needle.tip?.xPx).toBeCloseTo(inImage(10), 0);
    expect(findings?.needle.tip?.yPx).toBeCloseTo(inImage(8), 0);
    expect(findings?.structures.map((structure) => structure.class)).toEqual(['nerve']);
    expect(findings?.structures[0]?.areaMm2).toBeGreaterThan(20);
    expect(findings?.guidance.validity).toBe('valid');
    // From the tip to the nerve's rim: about 4.5 − 2.4 cells of 2 mm.
    expect(findings?.guidance.clearances[0]?.clearanceMm).toBeGreaterThan(3);
    expect(findings?.guidance.clearances[0]?.clearanceMm).toBeLessThan(5.5);
    expect(pipeline.model.id).toBe('test-net');
  });

  it('publishes no millimetre without a spacing', async () => {
    const pipeline = await pipelineWith(needleHeads());
    const findings = (await run(pipeline, new Array<Frame>(3).fill(frameOf(image)))).at(-1);
    expect(findings?.needle.state).toBe('tip-visible');
    const numbers = JSON.stringify(findings).match(/"[a-zA-Z0-9]*Mm2?":[^,}]*/g) ?? [];
    expect(numbers.length).toBeGreaterThanOrEqual(5);
    expect(numbers.every((member) => member.endsWith(':null'))).toBe(true);
  });

  it.each([
    ['MF', inImage(10), inImage(8)],
    ['UF', 127 - inImage(10), inImage(8)],
    ['MN', inImage(10), 127 - inImage(8)],
    ['UN', 127 - inImage(10), 127 - inImage(8)],
  ] as const)('maps findings back to the pixels of a %s image', async (orientation, xPx, yPx) => {
    const pipeline = await pipelineWith(needleHeads());
    const frame = frameOf(image, { orientation, spacing: SPACING });
    const [findings] = await run(pipeline, [frame], { stills: true });
    expect(findings?.needle.tip?.xPx).toBeCloseTo(xPx, 0);
    expect(findings?.needle.tip?.yPx).toBeCloseTo(yPx, 0);
    const end = findings?.guidance.trajectory?.segment.to ?? { xPx: 0, yPx: 0 };
    const isAtEdge = [end.xPx, end.yPx].some((v) => Math.abs(v) < 0.01 || Math.abs(v - 127) < 0.01);
    expect(isAtEdge).toBe(true);
  });

  it('reads stills at once and a stream only after confirmation', async () => {
    const pipeline = await pipelineWith(needleHeads());
    const [still] = await run(pipeline, [frameOf(image)], { stills: true });
    expect(still?.needle.state).toBe('tip-visible');
    const [first] = await run(pipeline, [frameOf(image)]);
    expect(first?.needle.state).toBe('acquiring');
  });

  it('starts all stages cold together when the track epoch rises', async () => {
    const pipeline = await pipelineWith(needleHeads());
    const stream = pipeline.createStream({ stills: false });
    const states: string[] = [];
    for (let frame = 0; frame < 8; frame++) {
      const trackEpoch = frame < 4 ? 0 : 1;
      const before = stream.preprocess;
      const result = await pipeline.process(stream, frameOf(image), trackEpoch, frame * FRAME_US);
      if (result.kind === 'ok') states.push(result.findings.needle.state);
      expect(stream.preprocess !== before).toBe(frame === 0 || frame === 4);
    }
    const cycle = ['acquiring', 'tip-visible', 'tip-visible', 'tip-visible'];
    expect(states).toEqual([...cycle, ...cycle]);
  });

  it('keeps the findings of a frozen image and says that it is frozen', async () => {
    const pipeline = await pipelineWith(needleHeads());
    const flags = { isFrozen: true, geometryChanged: false, mayCarryText: false };
    const [findings] = await run(pipeline, [frameOf(image, { flags, spacing: SPACING })]);
    expect(findings?.needle.state).toBe('tip-visible');
    expect(findings?.guidance.reasons).toEqual(['frozen']);
    const kinds = findings?.guidance.advisories.map(({ kind }) => kind);
    expect(kinds).toEqual(['stream-frozen']);
  });

  it('says that there is nothing when there is nothing', async () => {
    const pipeline = await pipelineWith(emptyHeads(TEST_MANIFEST));
    const [findings] = await run(pipeline, [frameOf(image, { spacing: SPACING })]);
    expect(findings?.needle).toMatchObject({ state: 'absent', tip: null, tipReason: 'no-needle' });
    expect(findings?.structures).toEqual([]);
    expect(findings?.imageQuality).toBeCloseTo(0.9);
  });

  it('does not believe a network that sees a needle in a black image', async () => {
    const pipeline = await pipelineWith(needleHeads());
    const [findings] = await run(pipeline, [frameOf(imageOf(128, 128, () => 0))], { stills: true });
    expect(findings?.needle.state).toBe('absent');
    expect(findings?.structures).toEqual([]);
    expect(findings?.guidance.validity).toBe('unavailable');
  });

  it('abstains from colour images, with the reason everywhere', async () => {
    const pipeline = await pipelineWith(needleHeads());
    const extensions = { ...NO_EXTENSIONS, imagingMode: 'colour' as const };
    const [findings] = await run(pipeline, [frameOf(image, { extensions })]);
    expect(findings?.needle).toMatchObject({ state: 'absent', tipReason: 'imaging-mode' });
    expect(findings?.imageQuality).toBeNull();
    expect(findings?.guidance).toMatchObject({
      validity: 'unavailable',
      reasons: ['imaging-mode'],
    });
  });

  it('returns the cart’s error for an undecodable frame, and goes on', async () => {
    const pipeline = await pipelineWith(needleHeads());
    const stream = pipeline.createStream({ stills: true });
    const broken = frameOf(image, { format: 'png', strideBytes: 0 });
    const result = await pipeline.process(stream, broken, 0, 0);
    expect(result.kind === 'invalid' && result.error.code).toBe('ECHOLINE_FRAME_DECODE');
    const next = await pipeline.process(stream, frameOf(image), 0, FRAME_US);
    expect(next.kind).toBe('ok');
  });

  it('throws ECHOLINE_INFERENCE_FAILED when the network fails, every time', async () => {
    const pipeline = await pipelineWith(needleHeads());
    await pipeline.close();
    const stream = pipeline.createStream({ stills: true });
    for (let call = 0; call < 2; call++) {
      await expect(pipeline.process(stream, frameOf(image), 0, 0)).rejects.toMatchObject({
        code: 'ECHOLINE_INFERENCE_FAILED',
      });
    }
  });

  it('takes frames of several streams at once, one after another', async () => {
    const pipeline = await pipelineWith(needleHeads());
    const streams = [0, 1, 2].map(() => pipeline.createStream({ stills: true }));
    const results = await Promise.all(
      streams.map((stream) => pipeline.process(stream, frameOf(image), 0, 0)),
    );
    for (const result of results) {
      expect(result.kind === 'ok' && result.findings.needle.state).toBe('tip-visible');
    }
  });

  it('times each stage with the clock it was given', async () => {
    const pipeline = await pipelineWith(needleHeads());
    const result = await pipeline.process(
      pipeline.createStream({ stills: true }),
      frameOf(image),
      0,
      0,
    );
    expect(result.kind === 'ok' && result.stageMs).toEqual({
      decode: 0.1,
      preprocess: 0.1,
      infer: 0.1,
      postprocess: 0.1,
      track: 0.1,
      guide: 0.1,
    });
  });
});
