// A guidance server as most people would first write it in Node: `ws`, ONNX Runtime, one thread.
// Frames are analysed in the order they came, each as soon as the one before is done.

import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';
import { createAnalyser } from './analyse.mjs';
import { cartWelcome, clockReply, displayWelcome, nowUs, readFrame } from './protocol.mjs';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    precision: { type: 'string', default: 'int8' },
    threads: { type: 'string', default: '1' },
    port: { type: 'string', default: '0' },
    /** Never outlive the benchmark. */
    'until-stdin-ends': { type: 'boolean', default: false },
  },
});
if (values.model === undefined) throw new Error('expected --model FOLDER');

const analyser = await createAnalyser(values.model, values.precision, Number(values.threads));
/** Sockets of the displays of each stream. */
const displays = new Map();
const queue = [];
let isBusy = false;

async function workOff() {
  if (isBusy) return;
  isBusy = true;
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) await answer(next);
  isBusy = false;
}

async function answer({ socket, stream, message, receivedAtUs }) {
  let verdict = 'ok';
  let frame = { epoch: null, frameId: null };
  try {
    frame = readFrame(message);
    const findings = await analyser.analyse(stream, frame);
    const text = JSON.stringify({
      type: 'overlay',
      stream,
      epoch: frame.epoch,
      trackEpoch: 0,
      frameId: frame.frameId,
      captureTimeUs: frame.captureTimeUs,
      ...findings,
      clock: { receivedAtUs, publishedAtUs: nowUs(), cartOffsetUs: null, uncertaintyUs: null },
      model: analyser.model,
    });
    for (const display of displays.get(stream) ?? []) display.send(text);
  } catch (error) {
    process.stderr.write(`${stream}: ${error}\n`);
    verdict = 'invalid';
  }
  const { epoch, frameId } = frame;
  socket.send(JSON.stringify({ type: 'verdict', epoch, frameId, verdict, credits: 1 }));
}

const http = createServer((_, response) => response.writeHead(404).end());
const sockets = new WebSocketServer({
  server: http,
  perMessageDeflate: false,
  maxPayload: 16 * 1024 * 1024,
  handleProtocols: () => 'echoline.v1',
});
sockets.on('connection', (socket, request) => {
  const [, , , stream, kind] = (request.url ?? '').split('?')[0].split('/');
  const isCart = kind === 'frames';
  socket.on('error', (error) => process.stderr.write(`${stream}: ${error}\n`));
  socket.on('message', (data, isBinary) => {
    if (isBinary) {
      queue.push({ socket, stream, message: data, receivedAtUs: nowUs() });
      workOff();
      return;
    }
    const message = JSON.parse(data.toString());
    if (message.type === 'hello') {
      socket.send(JSON.stringify((isCart ? cartWelcome : displayWelcome)(stream, analyser.model)));
      if (!isCart) displays.set(stream, (displays.get(stream) ?? new Set()).add(socket));
    }
    if (message.type === 'clock') socket.send(JSON.stringify(clockReply(message)));
  });
  socket.on('close', () => displays.get(stream)?.delete(socket));
});
http.listen(Number(values.port), '127.0.0.1', () => {
  const url = `http://127.0.0.1:${http.address().port}`;
  process.stdout.write(`${JSON.stringify({ event: 'ready', url })}\n`);
});
process.once('SIGTERM', () => process.exit(0));
if (values['until-stdin-ends']) process.stdin.resume().once('end', () => process.exit(0));
