import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { SuiteContext } from '../../src/cli/bench/suites/suite.js';
import type { Target, TargetKind, TargetOptions } from '../../src/cli/bench/target.js';
import type { TargetPool } from '../../src/cli/bench/target-pool.js';

/** The compiled suite: the load generator is a process, and a fork cannot run TypeScript. */
async function built() {
  const load = (path: string) =>
    import(new URL(`../../dist/cli/bench/${path}`, import.meta.url).href);
  type PeersSuite = typeof import('../../src/cli/bench/suites/peers.js');
  type Scales = typeof import('../../src/cli/bench/suites/suite.js');
  return {
    ...((await load('suites/peers.js')) as PeersSuite),
    ...((await load('suites/suite.js')) as Scales),
  };
}

const NEVER = new AbortController().signal;
/** On a machine that does something else. */
const PATIENT_MS = 180_000;
const PLAIN: TargetOptions = {
  streams: 1,
  displays: 1,
  workers: 1,
  intraOpThreads: 1,
  modelDirectory: '',
  precision: 'int8',
  isPatient: true,
};
const FRAME_ID_OFFSET = 16;
const ANSWERS = JSON.parse(
  readFileSync(new URL('../../bench/peers/answers.json', import.meta.url), 'utf8'),
);

/**
 * A target that answers each frame with `superseded`.
 *
 * @param diesAt - frame of the first paced load at which it is gone; null = never
 */
function standIn(name: string, diesAt: number | null): TargetKind {
  const start = async (): Promise<Target> => {
    const server = new WebSocketServer({ port: 0, handleProtocols: () => 'echoline.v1' });
    const die = () => {
      for (const socket of server.clients) socket.terminate();
      server.close();
    };
    server.on('connection', (socket, { url = '' }) => {
      const [, , , stream = '', kind] = url.split('?')[0]?.split('/') ?? [];
      socket.on('message', (data, isBinary) => {
        if (!isBinary) return greet(socket, data, stream, kind === 'frames');
        const frameId = frameIdOf(data);
        if (stream.startsWith('bench') && frameId === diesAt) return die();
        const verdict = { type: 'verdict', epoch: 1, frameId, verdict: 'superseded', credits: 1 };
        socket.send(JSON.stringify(verdict));
      });
    });
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    return { name, url, processId: null, close: async () => die() };
  };
  const description = 'answers without a network';
  return { name, description, whyUnavailable: async () => null, start };
}

function greet(socket: WebSocket, data: RawData, stream: string, isCart: boolean): void {
  if (JSON.parse(data.toString()).type !== 'hello') return;
  const clock = { nowUs: 0 };
  const model = { id: 'dying', sha256: '0'.repeat(64), precision: 'int8' };
  const info = { ...ANSWERS.streamInfo, stream };
  const welcome = isCart
    ? { ...ANSWERS.cartWelcome, stream, clock }
    : { ...ANSWERS.displayWelcome, info, model, clock };
  socket.send(JSON.stringify(welcome));
}

function frameIdOf(data: RawData): number {
  const bytes = data as Buffer;
  return Number(bytes.readBigUInt64LE(FRAME_ID_OFFSET));
}

const MISSING: TargetKind = {
  name: 'missing',
  description: 'a peer that is not installed',
  whyUnavailable: async () => 'not installed: install it with these words',
  start: () => Promise.reject(new Error('a peer that is not there must not be started')),
};

describe('the suite of peers', { timeout: PATIENT_MS }, () => {
  it('goes on without a peer that is missing and one that dies in mid-run, and says so', async () => {
    const { peers, SCALES } = await built();
    const own = await standIn('echoline', null).start(PLAIN, NEVER);
    const dying = await standIn('dying', 2).start(PLAIN, NEVER);
    const targets: TargetPool = {
      own: async () => own,
      peer: async (kind) => (await kind.whyUnavailable()) ?? dying,
      restart: async () => undefined,
      close: async () => undefined,
    };
    const lines: string[] = [];
    const context: SuiteContext = {
      mode: 'smoke',
      // What these targets say means nothing: no frames for that.
      scale: { ...SCALES.smoke, repetitions: 2, meaningFrames: 0 },
      stop: NEVER,
      targets,
      peers: [MISSING, standIn('dying', 2)],
      floors: null,
      say: (line) => lines.push(line),
      resultOf: async (suite) => ({
        suite,
        measurements: [],
        figures: [{ name: 'capacity', value: 30, unit: 'frames/s' }],
        meaning: '',
        seconds: 0,
        invalidBecause: [],
      }),
    };
    const { measurements, invalidBecause } = await peers(context);
    await own.close();
    const owns = measurements.filter(({ target }) => target === 'echoline');
    expect(owns.map(({ repetition }) => repetition)).toEqual([0, 1]);
    expect(measurements).toHaveLength(2);
    expect(lines).toContain('missing: not available: not installed: install it with these words');
    expect(invalidBecause).toContain(
      'missing is not available: not installed: install it with these words',
    );
    expect(invalidBecause).toContainEqual(
      expect.stringMatching(/^dying did not survive its load: The target was lost in mid-run: /),
    );
  });
});
