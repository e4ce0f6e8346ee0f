// The socket by itself: messages of a frame's size go to a bare `ws` server in another process,
// which sends the same bytes back; half an interval later as many go to it on a second socket and
// are answered with a text of `--answer` bytes. Prints one JSON line {"latenciesUs":[…],
// "shortLatenciesUs":[…]}, from when a message was due to its answer. With `--serve` it is that
// server.

import { execFileSync, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocket, WebSocketServer } from 'ws';
import { sleepUntil } from './sleep-until.mjs';

const { values } = parseArgs({
  options: {
    serve: { type: 'boolean', default: false },
    bytes: { type: 'string', default: String(64 + 512 * 512) },
    /** Bytes of the short answer. */
    answer: { type: 'string', default: '11000' },
    messages: { type: 'string', default: '300' },
    fps: { type: 'string', default: '30' },
  },
});
const WARM_UP_MESSAGES = 20;
/** How long the last answers may take, ms. */
const SETTLE_MS = 5000;
const SHORT_PATH = '/short';

function serve() {
  const text = 'x'.repeat(Number(values.answer));
  const maxPayload = 64 * 1024 * 1024;
  const options = { host: '127.0.0.1', port: 0, perMessageDeflate: false, maxPayload };
  const server = new WebSocketServer(options, () => process.send(server.address().port));
  server.on('connection', (socket, { url }) => {
    const isShort = url === SHORT_PATH;
    socket.on('message', (data) => socket.send(isShort ? text : data));
  });
  process.once('disconnect', () => process.exit(0));
}

/** A connection that notes how late each answer is. */
async function connect(url) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const dues = [];
  const latenciesUs = [];
  socket.on('message', () => {
    const index = latenciesUs.length;
    latenciesUs.push(Math.round(1000 * (performance.now() - dues[index])));
  });
  return { socket, dues, latenciesUs };
}

async function measure() {
  const args = ['--serve', '--answer', values.answer];
  const child = fork(fileURLToPath(import.meta.url), args, { execArgv: [] });
  preferSelf();
  const port = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the echo server ended with ${code}`)));
  });
  const url = `ws://127.0.0.1:${port}`;
  const echoes = [await connect(`${url}/`), await connect(`${url}${SHORT_PATH}`)];
  const message = Buffer.alloc(Number(values.bytes), 128);
  const count = WARM_UP_MESSAGES + Number(values.messages);
  const startMs = performance.now() + 5;
  for (let turn = 0; turn < 2 * count; turn++) {
    const { socket, dues } = echoes[turn % 2];
    const dueMs = startMs + (500 * turn) / Number(values.fps);
    dues.push(dueMs);
    await sleepUntil(dueMs);
    socket.send(message);
  }
  const areAnswered = () => echoes.every(({ latenciesUs }) => latenciesUs.length >= count);
  const endMs = performance.now() + SETTLE_MS;
  while (!areAnswered() && performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  for (const { socket } of echoes) socket.terminate();
  child.disconnect();
  if (!areAnswered()) throw new Error('the echo server did not answer every message');
  const [latenciesUs, shortLatenciesUs] = echoes.map((one) =>
    one.latenciesUs.slice(WARM_UP_MESSAGES),
  );
  process.stdout.write(`${JSON.stringify({ latenciesUs, shortLatenciesUs })}\n`);
}

/** As the load generator (src/cli/bench/generator/prefer-thread.ts), so that sums compare. */
function preferSelf() {
  try {
    execFileSync('chrt', ['--rr', '--pid', '1', String(process.pid)], { stdio: 'ignore' });
  } catch {
    // As everybody then; the generator is not real-time there either.
  }
}

if (values.serve) serve();
else await measure();
