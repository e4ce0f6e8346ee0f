import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { assert } from '../domain/assert.js';
import { EcholineError, isEcholineError } from '../domain/errors.js';
import type { Frame } from '../domain/frame.js';
import { loadNativeAddon } from '../kernels/native-addon.js';
import { type SelectedKernels, selectKernels } from '../kernels/select-kernels.js';
import {
  createPipeline,
  type FrameResult,
  type Pipeline,
  type StreamState,
} from '../pipeline/pipeline.js';
import { createTurns } from '../pipeline/turns.js';
import {
  type EngineOptions,
  type EngineReply,
  type EngineStart,
  FRAME_MEMORY_DESCRIPTOR,
  type FrameReply,
  type FrameRequest,
  type StreamRequest,
} from './engine-messages.js';
import { findingsJson } from './findings-json.js';
import { openFrameSocket } from './frame-socket.js';
import { readClockUs } from './read-clock.js';
import { writeRecord } from './record-stream.js';
import { type StartedOpinion, startOpinion } from './second-opinion/start-opinion.js';

/**
 * Entry of an engine process: forked by the service, answers frames, owns no socket but the one to
 * the service.
 *
 * It ignores SIGINT and SIGTERM, which a terminal sends to the whole process group: the service
 * decides when an engine ends, by closing the channel. The channel also closes when the service is
 * killed, so no engine outlives it. A programmer's error is left uncaught and ends the process.
 */
function main(): void {
  process.on('SIGINT', ignoreSignal);
  process.on('SIGTERM', ignoreSignal);
  process.on('disconnect', () => process.exit(0));
  process.once('message', (message) => {
    const { options, memoryBytes } = message as EngineStart;
    void runEngine(options, mapMemory(memoryBytes));
  });
  if (!process.connected) process.exit(0);
}

async function runEngine(options: EngineOptions, memory: Uint8Array | null): Promise<void> {
  const { pipeline, kernels } = await loadPipeline(options);
  const opinion = startSecondOpinion(pipeline, options);
  const streams = new Map<number, StreamState>();
  let waiting = 0;
  // Requests are carried out strictly one after the other: a runtime has one set of buffers.
  const inTurn = createTurns();
  const carryOut = async (request: StreamRequest, body: Uint8Array, receivedAtUs: number) => {
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
    const { ticket, trackEpoch, frame: rest, place } = request;
    const frame = Object.assign(rest, { payload: payloadOf(place, body, memory) });
    const result = await processFrame(pipeline, stream, frame, trackEpoch);
    answer(socket, { ticket, receivedAtUs, doneAtUs: readClockUs() }, result);
    // After the answer, and only while no other frame would have to wait for it.
    if (result.kind === 'ok' && waiting === 0) opinion?.offer(pipeline.network, readClockUs());
  };
  const onRecord = async (head: unknown, body: Uint8Array) => {
    const receivedAtUs = readClockUs();
    waiting += 1;
    // Awaited, so that a programmer's error goes unhandled and ends the process.
    await inTurn(() => carryOut(head as StreamRequest, body, receivedAtUs));
  };
  // The channel closes with the service too, and `disconnect` then ends the process.
  const socket = openFrameSocket(onRecord, ignoreSendError);
  reply({
    kind: 'ready',
    identity: {
      model: pipeline.model,
      inference: pipeline.selected,
      kernels: { origin: kernels.origin, reason: kernels.reason },
    },
  });
  setInterval(() => reply({ kind: 'heartbeat' }), options.heartbeatMs);
}

/** Maps the memory where the service puts payloads, for reading only. */
function mapMemory(bytes: number | null): Uint8Array | null {
  if (bytes === null) return null;
  const loaded = loadNativeAddon();
  assert(loaded.kind === 'loaded', 'service and engine load the same addon');
  const mapped = loaded.addon.mapSharedMemory(FRAME_MEMORY_DESCRIPTOR, bytes, false);
  const memory = new Uint8Array(mapped);
  closeSync(FRAME_MEMORY_DESCRIPTOR);
  return memory;
}

/** The payload where it lies. The service leaves it alone until it has the result. */
function payloadOf(
  place: FrameRequest['place'],
  body: Uint8Array,
  memory: Uint8Array | null,
): Uint8Array {
  if (place === null) return body;
  assert(memory !== null, 'a place is in the shared memory');
  return memory.subarray(place.atBytes, place.atBytes + place.lengthBytes);
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
  frame: Frame,
  trackEpoch: number,
): Promise<FrameResult | { readonly kind: 'failed'; readonly error: EcholineError }> {
  try {
    return await pipeline.process(stream, frame, trackEpoch, frame.captureTimeUs);
  } catch (error) {
    if (!isEcholineError(error)) throw error;
    return { kind: 'failed', error };
  }
}

function answer(
  socket: Socket,
  times: Omit<FrameReply, 'result'>,
  result: Awaited<ReturnType<typeof processFrame>>,
): void {
  if (!socket.writable) return;
  if (result.kind === 'ok') {
    const { findings, stageMs } = result;
    const { ticket, receivedAtUs, doneAtUs } = times;
    const ok = { kind: 'ok', stageMs } as const;
    const head: FrameReply = { ticket, receivedAtUs, doneAtUs, result: ok };
    writeRecord(socket, head, findingsJson(findings));
    return;
  }
  const { code, message, details } = result.error;
  const head: FrameReply = {
    ...times,
    result: { kind: result.kind, error: { code, message, details } },
  };
  writeRecord(socket, head);
}

function reply(message: EngineReply): void {
  // The channel may close at any time; `disconnect` then ends the process.
  if (process.connected) process.send?.(message, ignoreSendError);
}

function ignoreSignal(): void {}

function ignoreSendError(): void {}

main();
