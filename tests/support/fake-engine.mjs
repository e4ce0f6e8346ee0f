import { Socket } from 'node:net';
import { createRecordReader, writeRecord } from '../../dist/engine/record-stream.js';

/**
 * A stand-in for `engine-process.js` without a model, for tests of the pool. The model directory of
 * its options says how it behaves; a frame's `frameId` says what becomes of it.
 */
const behaviour = { directory: '' };
/** Limits of each stream's plan, to be echoed. */
const limits = new Map();
const frames = new Socket({ fd: 4, readable: true, writable: true });
frames.on('error', () => process.exit(0));
frames.on('data', createRecordReader(hear));
process.on('disconnect', () => process.exit(0));
process.on('message', (request) => {
  if (request.kind === 'start') start(request.options);
});

function hear(request, payload) {
  if (request.kind === 'plan') limits.set(request.streamKey, request.plan.limits);
  if (request.kind === 'frame') answer(request, payload);
}

function start({ modelDirectory, precision, intraOpThreads, heartbeatMs }) {
  behaviour.directory = modelDirectory;
  if (modelDirectory === 'never-ready') return;
  if (modelDirectory === 'dies-at-start') process.exit(3);
  if (modelDirectory === 'wrong-model') {
    const error = { code: 'ECHOLINE_MODEL_HASH_MISMATCH', message: 'hash', details: { a: 1 } };
    process.send({ kind: 'fatal', error }, () => process.exit(1));
    return;
  }
  const identity = {
    model: { id: 'fake', sha256: '0' },
    inference: {
      precision: precision === 'auto' ? 'int8' : precision,
      reason: precision,
      executionProvider: { name: 'cpu', reason: 'configured' },
      threads:
        typeof intraOpThreads === 'number'
          ? { count: intraOpThreads, reason: 'configured' }
          : { count: intraOpThreads.autoUpTo, reason: 'measured' },
    },
    kernels: { origin: 'reference', reason: '' },
  };
  process.send({ kind: 'ready', identity });
  if (modelDirectory !== 'silent')
    setInterval(() => process.send({ kind: 'heartbeat' }), heartbeatMs);
}

/** frameId 13 kills the engine, 14 hangs it, 15 fails; others are `ok`, after 2 ms. */
function answer({ ticket, frame, trackEpoch, streamKey }, payload) {
  if (frame.frameId === 13) process.exit(9);
  if (frame.frameId === 14) {
    const end = Date.now() + 60_000;
    while (Date.now() < end);
  }
  const nowUs = Number(process.hrtime.bigint() / 1000n);
  const error = { code: 'ECHOLINE_INFERENCE_FAILED', message: 'no', details: {} };
  const findings = {
    echo: {
      trackEpoch,
      streamKey,
      pid: process.pid,
      bytes: payload.length,
      limits: limits.get(streamKey) ?? null,
    },
  };
  const result = frame.frameId === 15 ? { kind: 'failed', error } : { kind: 'ok', stageMs: {} };
  const reply = { ticket, result, receivedAtUs: nowUs, doneAtUs: nowUs };
  const body = result.kind === 'ok' ? JSON.stringify(findings) : '';
  setTimeout(() => writeRecord(frames, reply, body), 2);
}
