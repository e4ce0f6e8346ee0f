// The socket by itself: messages of a frame's size go to a bare `ws` server in another process,
// which sends the same bytes back, or a text of `--answer` bytes. Prints one JSON line
// {"latenciesUs":[…]}, from when a message was due to its answer. With `--serve` it is that server.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocket, WebSocketServer } from 'ws';
import { sleepUntil } from './sleep-until.mjs';

const { values } = parseArgs({
  options: {
    serve: { type: 'boolean', default: false },
    bytes: { type: 'string', default: String(64 + 512 * 512) },
    /** Bytes of the answer; without it the message itself. */
    answer: { type: 'string' },
    messages: { type: 'string', default: '300' },
    fps: { type: 'string', default: '30' },
  },
});
const WARM_UP_MESSAGES = 20;
/** How long the last answers may take, ms. */
const SETTLE_MS = 5000;

function serve() {
  const answer = values.answer === undefined ? null : 'x'.repeat(Number(values.answer));
  const maxPayload = 64 * 1024 * 1024;
  const options = { host: '127.0.0.1', port: 0, perMessageDeflate: false, maxPayload };
  const server = new WebSocketServer(options, () => process.send(server.address().port));
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(answer ?? data)));
  process.once('disconnect', () => process.exit(0));
}

async function measure() {
  const args = ['--serve', ...(values.answer === undefined ? [] : ['--answer', values.answer])];
  const child = fork(fileURLToPath(import.meta.url), args);
  const port = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the echo server ended with ${code}`)));
  });
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const dues = [];
  const latenciesUs = [];
  socket.on('message', () => {
    const index = latenciesUs.length;
    latenciesUs.push(Math.round(1000 * (performance.now() - dues[index])));
  });
  const message = Buffer.alloc(Number(values.bytes), 128);
  const count = WARM_UP_MESSAGES + Number(values.messages);
  const startMs = performance.now() + 5;
  for (let index = 0; index < count; index++) {
    dues.push(startMs + (1000 * index) / Number(values.fps));
    await sleepUntil(dues[index]);
    socket.send(message);
  }
  const endMs = performance.now() + SETTLE_MS;
  while (latenciesUs.length < count && performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  socket.terminate();
  child.disconnect();
  if (latenciesUs.length < count) throw new Error('the echo server did not answer every message');
  process.stdout.write(`${JSON.stringify({ latenciesUs: latenciesUs.slice(WARM_UP_MESSAGES) })}\n`);
}

if (values.serve) serve();
else await measure();
