import { assert } from '../domain/assert.js';
import { EcholineError, isEcholineError } from '../domain/errors.js';
import { type SelectedKernels, selectKernels } from '../kernels/select-kernels.js';
import { createPipeline, type Pipeline, type StreamState } from '../pipeline/pipeline.js';
import type { EngineOptions, EngineReply, EngineRequest, EngineResult } from './engine-messages.js';
import { readClockUs } from './read-clock.js';
import { type StartedOpinion, startOpinion } from './second-opinion/start-opinion.js';

/**
 * Entry of an engine process: forked by the service, answers `EngineRequest`s, owns no socket.
 *
 * It ignores SIGINT and SIGTERM, which a terminal sends to the whole process group: the service
 * decides when an engine ends, by closing the channel. The channel also closes when the service is
 * killed, so no engine outlives it. A programmer's error is left uncaught and ends the process.
 */
function main(): void {
  process.on('SIGINT', ignoreSignal);
  process.on('SIGTERM', ignoreSignal);
  process.on('disconnect', () => process.exit(0));
  let engine: Promise<Engine> | null = null;
  process.on('message', (message) => {
    const request = message as EngineRequest;
    if (request.kind === 'start') {
      engine = startEngine(request.options);
      return;
    }
    assert(engine !== null, 'the first message to an engine is start');
    void engine.then((started) => started.handle(request));
  });
  if (!process.connected) process.exit(0);
}

interface Engine {
  handle(request: Exclude<EngineRequest, { kind: 'start' }>): Promise<void>;
}

async function startEngine(options: EngineOptions): Promise<Engine> {
  const { pipeline, kernels } = await loadPipeline(options);
  const opinion = startSecondOpinion(pipeline, options);
  const streams = new Map<number, StreamState>();
  let waiting = 0;
  // Frames are processed strictly one after the other: a runtime has one set of buffers.
  let last: Promise<void> = Promise.resolve();
  reply({
    kind: 'ready',
    identity: {
      model: pipeline.model,
      inference: pipeline.selected,
      kernels: { origin: kernels.origin, reason: kernels.reason },
    },
  });
  setInterval(() => reply({ kind: 'heartbeat' }), options.heartbeatMs);
  return {
    handle(request) {
      const receivedAtUs = readClockUs();
      waiting += 1;
      last = last.then(async () => {
        waiting -= 1;
        if (request.kind === 'forget') {
          streams.delete(request.streamKey);
          return;
        }
        const stream = streams.get(request.streamKey) ?? pipeline.createStream({ stills: false });
        streams.set(request.streamKey, stream);
        if (request.kind === 'plan') {
          stream.plan = request.plan;
          return;
        }
        const result = await processFrame(pipeline, stream, request);
        reply({
          kind: 'result',
          ticket: request.ticket,
          result,
          receivedAtUs,
          doneAtUs: readClockUs(),
        });
        // After the answer, and only while no other frame would have to wait for it.
        if (result.kind === 'ok' && waiting === 0) opinion?.offer(pipeline.network, readClockUs());
      });
      return last;
    },
  };
}

/** null where none is wanted. */
function startSecondOpinion(pipeline: Pipeline, options: EngineOptions): StartedOpinion | null {
  const { modelDirectory, secondOpinion, secondOpinionIntervalMs } = options;
  if (secondOpinion === 'off') return null;
  return startOpinion({
    runtime: secondOpinion,
    modelDirectory,
    manifest: pipeline.manifest,
    intervalMs: secondOpinionIntervalMs,
    onReport: (report) => reply({ kind: 'second-opinion', report }),
  });
}

interface Loaded {
  readonly pipeline: Pipeline;
  readonly kernels: SelectedKernels;
}

/** Loads model and kernels; what the deployer has to mend is reported before the process ends. */
async function loadPipeline(options: EngineOptions): Promise<Loaded> {
  try {
    const kernels = kernelsFor(options.kernels);
    const pipeline = await createPipeline({ ...options, kernels: kernels.kernels, readClockUs });
    return { pipeline, kernels };
  } catch (error) {
    if (!isEcholineError(error)) throw error;
    const { code, message, details } = error;
    const report: EngineReply = { kind: 'fatal', error: { code, message, details } };
    process.send?.(report, () => process.exit(1));
    return new Promise(() => {});
  }
}

function kernelsFor(wanted: EngineOptions['kernels']): SelectedKernels {
  const selected = selectKernels(wanted);
  if (wanted !== 'native' || selected.origin === 'native') return selected;
  const message = `kernels: expected native, but ${selected.reason}. Use auto or reference.`;
  throw new EcholineError('ECHOLINE_CONFIG_INVALID', message, { key: 'kernels' });
}

async function processFrame(
  pipeline: Pipeline,
  stream: StreamState,
  request: Extract<EngineRequest, { kind: 'frame' }>,
): Promise<EngineResult> {
  try {
    const { frame, trackEpoch } = request;
    const result = await pipeline.process(stream, frame, trackEpoch, frame.captureTimeUs);
    if (result.kind === 'ok') return result;
    const { code, message, details } = result.error;
    return { kind: 'invalid', error: { code, message, details } };
  } catch (error) {
    if (!isEcholineError(error)) throw error;
    const { code, message, details } = error;
    return { kind: 'failed', error: { code, message, details } };
  }
}

function reply(message: EngineReply): void {
  // The channel may close at any time; `disconnect` then ends the process.
  if (process.connected) process.send?.(message, ignoreSendError);
}

function ignoreSignal(): void {}

function ignoreSendError(): void {}

main();
