import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BenchResult, SUITES } from '../../src/cli/bench/result.js';
import { BROWSER_MISSING, browserTitle } from '../support/browser.js';
import { startService } from '../support/service.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
/** The smoke form takes seconds; on a machine that trains networks beside it, minutes. */
const LIMIT_MS = 600_000;

function begin(argv: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, 'bench', ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const ended = once(child, 'close').then(([status]) => ({ status: status as number, ...said }));
  return { said, ended };
}

function bench(...argv: readonly string[]) {
  return begin(argv).ended;
}

function resultOf(out: string): BenchResult {
  return JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as BenchResult;
}

describe('the benchmark', { timeout: LIMIT_MS }, () => {
  const scratch = mkdtempSync(join(tmpdir(), 'echoline-bench-'));
  const folder = (name: string) => {
    const path = join(scratch, name);
    mkdirSync(path);
    return path;
  };
  const clip = join(scratch, 'clip');

  beforeAll(async () => {
    mkdirSync(clip);
    const image = sharp({
      create: { width: 64, height: 48, channels: 3, background: '#505050' },
    }).png();
    for (const name of ['1', '2', '3', '4']) await image.toFile(join(clip, `${name}.png`));
  });

  it('runs all suites in smoke form, hashes what they computed, and fills every row of the table', {
    timeout: LIMIT_MS,
  }, async () => {
    const { status, out } = await bench('--smoke', '--json');
    expect(status).toBe(0);
    const { suites, rows, model, meaning } = resultOf(out);
    const floors = suites.flatMap(({ figures }) =>
      figures.filter(({ name }) => /^floor |^raw run/.test(name)),
    );
    expect(floors).toHaveLength(7);
    expect(floors.every(({ value }) => value > 0)).toBe(true);
    expect(suites.map(({ suite }) => suite).sort()).toEqual([...SUITES].sort());
    expect(suites.every((one) => /^[0-9a-f]{64}$/.test(one.meaning))).toBe(true);
    expect(rows).toHaveLength(12);
    expect(model?.id).toBe('guidenet');
    expect(meaning).toMatch(/^[0-9a-f]{64}$/);
    const of = (name: string) => suites.find(({ suite }) => suite === name)?.meaning;
    // The same clips through sockets and processes, and in one process.
    expect(of('end-to-end')).toBe(of('pipeline'));
    for (const { measurements } of suites) {
      for (const { figures } of measurements) {
        const answered = Object.values(figures.verdicts).reduce((sum, count) => sum + count, 0);
        expect(figures.skipped + figures.unanswered + answered).toBe(figures.due);
      }
    }
  });

  it('measures a clip on a service of its own', async () => {
    const results = folder('results');
    const argv = ['--loop', '4', '--warmup', '4', '--jitter', '2', '--results', results, '--json'];
    const { out, err } = await bench(clip, ...argv);
    const { mode, suites } = resultOf(out);
    expect(mode).toBe('clip');
    const [measurement] = suites[0]?.measurements ?? [];
    expect(measurement?.figures.due).toBe(12);
    expect(err).toMatch(/due → overlay received/);
    const csv = readdirSync(results).find((name) => name.endsWith('.csv')) ?? '';
    expect(readFileSync(join(results, csv), 'utf8').trimEnd().split('\n')).toHaveLength(13);
    expect(readdirSync(results).some((name) => name.endsWith('.json'))).toBe(true);
  });

  describe('on a service that runs already', () => {
    let service: Awaited<ReturnType<typeof startService>>;
    beforeAll(async () => {
      service = await startService();
    });
    afterAll(async () => {
      await service.close();
    });

    it.skipIf(BROWSER_MISSING !== null)(
      browserTitle('says when a browser drew each overlay'),
      async () => {
        const results = ['--results', folder('drawn-results')];
        const load = ['--to', service.url, '--loop', '10', '--warmup', '4'];
        const { err } = await bench(clip, ...load, '--display', 'chromium', ...results);
        expect(err).toMatch(/due → drawn by the browser: p50/);
      },
    );

    it('says so when the service dies in mid-run, and writes nothing', async () => {
      const results = folder('dead-results');
      const load = ['--to', service.url, '--loop', '500', '--fps', '20'];
      const running = begin([clip, ...load, '--results', results]);
      while (!(await isStreaming(service.url)) && running.said.err === '') {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await service.close();
      const { status, err } = await running.ended;
      expect(status).toBe(1);
      expect(err).toMatch(/^ECHOLINE_SESSION_ENDED: The target was lost in mid-run: /m);
      expect(readdirSync(results)).toEqual([]);
    });
  });
});

async function isStreaming(url: string): Promise<boolean> {
  const { streams } = (await (await fetch(`${url}/v1/streams`)).json()) as {
    readonly streams: readonly { readonly state: string }[];
  };
  return streams.some(({ state }) => state === 'streaming');
}
