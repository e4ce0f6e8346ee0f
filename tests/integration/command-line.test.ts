import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly out: readonly string[];
  readonly err: string;
}

function start(argv: readonly string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...argv], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(argv: readonly string[]) {
  const child = start(argv);
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, out: out.split('\n').slice(0, -1), err } satisfies Ended;
}

/** A service in a process of its own. */
async function serve(...flags: readonly string[]) {
  const child = start(['serve', '--port', '0', '--log-level', 'silent', ...flags]);
  if (child.stdout === null) throw new Error('no stdout');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const ready = JSON.parse(line) as { readonly event: string; readonly url: string };
  return {
    ready,
    async stop() {
      child.kill('SIGTERM');
      const [status] = (await once(child, 'close')) as [number | null];
      return status;
    },
  };
}

describe('the built command line', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'echoline-cli-'));
  const recordings = join(scratch, 'recordings');
  const clip = join(scratch, 'clip');
  let service: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    const making = run(['phantom', '--clip', clip, '--frames', '12', '--size', '128']);
    service = await serve('--record', recordings);
    expect((await making).status).toBe(0);
  });

  afterAll(async () => {
    expect(await service.stop()).toBe(0);
    rmSync(scratch, { recursive: true, force: true });
  });

  it('says where the service is once it accepts connections', async () => {
    expect(service.ready.event).toBe('ready');
    const answer = await fetch(new URL('/readyz', service.ready.url));
    expect(answer.status).toBe(200);
  });

  it('replays a clip so that every frame gets its verdict, and the service records it', async () => {
    const { url } = service.ready;
    const argv = ['replay', clip, '--to', url, '--stream', 'cli', '--as-fast-as-possible'];
    const replay = await run(argv);
    expect(replay.status).toBe(0);
    expect(replay.out.at(-1)).toBe(
      'phantom-1: offered 12, sent 12, left out 0; ' +
        'ok 12, superseded 0, expired 0, invalid 0, failed 0',
    );
    const [folder = ''] = readdirSync(recordings).filter((name) => name.startsWith('cli-'));
    await expect
      .poll(() => readFileSync(join(recordings, folder, 'frames.jsonl'), 'utf8').split('\n').length)
      .toBe(13);
    const again = await run(['infer', join(recordings, folder), '--jsonl']);
    expect(again.out).toHaveLength(12);
    const [line = ''] = again.out;
    expect(JSON.parse(line)).toMatchObject({ type: 'overlay', index: 0, frameId: 0 });
  });

  it('replays at the pace of the clip', async () => {
    const startedAtMs = performance.now();
    const argv = ['replay', clip, '--to', service.ready.url, '--stream', 'paced', '--fps', '20'];
    const replay = await run(argv);
    expect(replay.status).toBe(0);
    expect(replay.out.at(-1)).toContain('offered 12');
    expect(performance.now() - startedAtMs).toBeGreaterThan(11 * 50);
  });

  it('says that nobody answers, or that the port is taken (ECHOLINE_CONFIG_PORT_IN_USE)', async () => {
    const { port } = new URL(service.ready.url);
    const [nobody, second] = await Promise.all([
      run(['replay', clip, '--to', 'ws://127.0.0.1:1']),
      run(['serve', '--port', port, '--log-level', 'silent']),
    ]);
    expect(nobody.status).toBe(1);
    expect(nobody.err).toContain('ECHOLINE_SESSION_UNREACHABLE');
    expect(second.status).toBe(78);
    expect(second.err).toContain('ECHOLINE_CONFIG_PORT_IN_USE');
  });

  it('ends quietly when its reader goes away', async () => {
    const child = start(['infer', clip, '--jsonl']);
    child.stdout?.destroy();
    const [status] = (await once(child, 'close')) as [number | null];
    expect(status).toBe(0);
  });
});
