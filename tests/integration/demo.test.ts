import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openClip } from '../../src/clips/open-clip.js';
import { framesOf } from '../clips/clip-fixtures.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const END_MS = 2_000;
const FRAMES = 12;

const scratch = mkdtempSync(join(tmpdir(), 'echoline-demo-'));
const clip = join(scratch, 'clip');
const started: ChildProcess[] = [];

/** A command of its own process group, as a terminal would start it. */
function start(...argv: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...argv], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  started.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const ended = once(child, 'close').then(([status]) => status as number | null);
  return { child, said, ended };
}

/** Ctrl-C: the terminal sends it to the whole group. */
function interrupt(child: ChildProcess): void {
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
}

/** Waits until a line matches and gives the match. */
async function lineOf(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  if (child.stdout === null) throw new Error('no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    const match = pattern.exec(line);
    if (match !== null) return match;
  }
  throw new Error(`it ended without saying ${pattern}`);
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

beforeAll(async () => {
  const made = start('phantom', '--clip', clip, '--frames', `${FRAMES}`, '--size', '128');
  expect(await made.ended).toBe(0);
});

afterEach(() => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) interrupt(child);
  }
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('echoline demo', () => {
  it('prints its figures as the one line of stdout, and what it recorded can be read', async () => {
    const recordings = join(scratch, 'recordings');
    const flags = ['--once', '--json', '--port', '0', '--fps', '25'];
    const demo = start('demo', '--clip', clip, '--record', recordings, ...flags);
    expect(await demo.ended).toBe(0);
    const lines = demo.said.out.trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    const figures = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    const verdicts = figures.verdicts as Record<string, number>;
    // On a busy machine a frame may find no credit and is then skipped by the cart itself.
    expect(Number(figures.offered) + Number(figures.skippedAtCart)).toBe(FRAMES);
    expect(Object.values(verdicts).reduce((sum, count) => sum + count, 0)).toBe(figures.offered);
    expect(figures).toMatchObject({
      overlays: verdicts.ok,
      offerToOverlayMs: { p50: expect.any(Number), p99: expect.any(Number) },
      stageMs: { infer: expect.any(Number) },
      model: { id: 'guidenet', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      machine: { cores: expect.any(Number) },
    });
    expect(figures).toHaveProperty('tipErrorMm.median');
    expect(figures).toHaveProperty('recallAt2mm');
    expect(figures).toHaveProperty('falseTipRate');
    const [folder = ''] = readdirSync(recordings);
    const recorded = await openClip(join(recordings, folder), { fps: null });
    expect(await framesOf(recorded)).toHaveLength(Number(figures.offered));
  });

  it('ends without a complaint when it is stopped while it starts', async () => {
    for (const afterMs of [150, 400, 800]) {
      const demo = start('demo', '--port', '0');
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      const stoppedAtMs = performance.now();
      interrupt(demo.child);
      await demo.ended;
      expect(performance.now() - stoppedAtMs).toBeLessThan(END_MS);
      expect(demo.said.err).toBe('');
    }
  });

  it('gives no figures of a pass that was cut short', async () => {
    const demo = start('demo', '--once', '--json', '--clip', clip, '--fps', '1', '--port', '0');
    await expect.poll(() => demo.said.err, { timeout: 18_000 }).toContain(' fps · offered');
    interrupt(demo.child);
    expect(await demo.ended).toBe(130);
    expect(demo.said.out).toBe('');
  });

  it('leaves no service behind when it is killed', async () => {
    const demo = start('demo', '--port', '0', '--clip', clip);
    const [, port = ''] = await lineOf(demo.child, /^Display: http:\/\/127\.0\.0\.1:(\d+)\//);
    expect(await isListening(Number(port))).toBe(true);
    demo.child.kill('SIGKILL');
    await expect.poll(() => isListening(Number(port)), { timeout: END_MS }).toBe(false);
  });

  it('says by itself what its service cannot have (ECHOLINE_CONFIG_PORT_IN_USE)', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const taken = start('demo', '--port', String(port));
    const nowhere = start('demo', '--port', '0', '--record', join(MAIN, 'x'));
    expect(await taken.ended).toBe(78);
    expect(taken.said.err).toMatch(/^ECHOLINE_CONFIG_PORT_IN_USE: .*--port.*\n$/);
    expect(await nowhere.ended).toBe(78);
    expect(nowhere.said.err).toMatch(/^ECHOLINE_CONFIG_INVALID: record: .*\n$/);
    blocker.close();
  });
});

describe('echoline phantom', () => {
  it('stops on Ctrl-C and keeps the frames that are written', async () => {
    const folder = join(scratch, 'stopped');
    const phantom = start('phantom', '--clip', folder, '--frames', '100000', '--size', '64');
    await expect.poll(() => existsSync(join(folder, 'clip.json')), { timeout: 10_000 }).toBe(true);
    interrupt(phantom.child);
    expect(await phantom.ended).toBe(130);
    const [, frames = '0'] = /: (\d+) frames/.exec(phantom.said.out) ?? [];
    expect(Number(frames)).toBeGreaterThan(0);
    const shards = join(scratch, 'shards');
    const training = start('phantom', '--shards', shards, '--records', '100000');
    await expect.poll(() => existsSync(shards), { timeout: 10_000 }).toBe(true);
    training.child.kill('SIGINT');
    expect(await training.ended).toBe(130);
    expect(training.said.err).toBe('');
  });
});
