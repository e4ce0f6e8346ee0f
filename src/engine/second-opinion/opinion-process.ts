import { constants, setPriority } from 'node:os';
import { assert } from '../../domain/assert.js';
import { isEcholineError } from '../../domain/errors.js';
import type { ModelManifest } from '../../domain/model-manifest.js';
import { driftBetween, summariseHeads } from '../../pipeline/infer/drift.js';
import type { InferenceBackend } from '../../pipeline/infer/inference-backend.js';
import { loadManifest, loadModel } from '../../pipeline/infer/load-model.js';
import { createTfjsBackend } from '../../pipeline/infer/tfjs/tfjs-backend.js';
import { readClockUs } from '../read-clock.js';
import type { OpinionReply, OpinionRequest, OpinionSample } from './opinion-messages.js';

/**
 * Entry of the process that gives an engine its second opinion: forked by the engine, at the lowest
 * priority, so that it only takes time that no frame needs. It ends when its channel closes:
 * nothing else keeps it.
 */
function main(): void {
  process.on('SIGINT', ignoreSignal);
  process.on('SIGTERM', ignoreSignal);
  setPriority(constants.priority.PRIORITY_LOW);
  let opinion: Promise<Opinion | null> | null = null;
  process.on('message', (message) => {
    const request = message as OpinionRequest;
    if (request.kind === 'start') {
      opinion = openOpinion(request);
      return;
    }
    assert(opinion !== null, 'the first message to a second opinion is start');
    void opinion.then((opened) => opened?.judge(request.sample));
  });
}

interface Opinion {
  judge(sample: OpinionSample): Promise<void>;
}

/** null, and the channel closed, where it cannot be opened. */
async function openOpinion(
  request: Extract<OpinionRequest, { kind: 'start' }>,
): Promise<Opinion | null> {
  try {
    const manifest = await loadManifest(request.modelDirectory);
    const model = await loadModel(request.modelDirectory, manifest, 'fp32');
    const backend = await createTfjsBackend({ model, runtime: request.runtime });
    reply({ kind: 'ready', by: backend.description });
    return { judge: (sample) => judge(sample, backend, manifest) };
  } catch (error) {
    giveUp(error);
    return null;
  }
}

async function judge(
  sample: OpinionSample,
  backend: InferenceBackend,
  manifest: ModelManifest,
): Promise<void> {
  const startUs = readClockUs();
  try {
    backend.input.set(sample.input);
    await backend.run();
  } catch (error) {
    giveUp(error);
    return;
  }
  const drift = driftBetween(sample.summary, summariseHeads(backend.outputs, manifest), manifest);
  reply({ kind: 'compared', drift, tookMs: (readClockUs() - startUs) / 1000 });
}

function giveUp(error: unknown): void {
  if (!isEcholineError(error)) throw error;
  const { code, message } = error;
  reply({ kind: 'unavailable', code, message }, () => process.disconnect());
}

function reply(message: OpinionReply, onSent: () => void = ignoreSent): void {
  // The channel may close at any time, and with it this process ends.
  if (process.connected) process.send?.(message, onSent);
}

function ignoreSignal(): void {}

function ignoreSent(): void {}

main();
