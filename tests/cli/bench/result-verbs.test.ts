import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runResultVerb } from '../../../src/cli/bench/result-verbs.js';
import { benchCommand } from '../../../src/cli/commands/bench.js';
import { parseArguments } from '../../../src/cli/parse-arguments.js';
import { wholeBenchResult } from '../../support/bench-result.js';
import { fakeContext } from '../fake-context.js';

let folder: string;
let result: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'echoline-verbs-'));
  result = join(folder, 'a.json');
  writeFileSync(result, JSON.stringify(wholeBenchResult()));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(...argv: readonly string[]) {
  const context = fakeContext();
  return { context, status: runResultVerb(parseArguments(benchCommand, argv), context) };
}

describe('echoline bench report', () => {
  it('writes the page beside the first result, or where it is told to', async () => {
    const { context, status } = run('report', result);
    expect(await status).toBe(0);
    expect(context.errLines).toEqual([`Report: ${join(folder, 'a.html')}`]);
    expect(readFileSync(join(folder, 'a.html'), 'utf8')).toMatch(/^<!doctype html>/);
    const other = join(folder, 'other.html');
    await run('report', result, result, '--html', other).status;
    expect(readFileSync(other, 'utf8').match(/<h2>/g)).toHaveLength(2);
  });

  it('takes a folder of results', async () => {
    const file = join(folder, 'page.html');
    await run('report', folder, '--html', file).status;
    expect(existsSync(file)).toBe(true);
  });

  it('writes nothing where a result is wrong, or the page has no place', async () => {
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, '{"schema":1');
    const wrong = run('report', result, bad).status;
    await expect(wrong).rejects.toMatchObject({ code: 'ECHOLINE_BENCH_RESULT' });
    expect(existsSync(join(folder, 'a.html'))).toBe(false);
    const nowhere = run('report', result, '--html', join(folder, 'no', 'such', 'page.html')).status;
    await expect(nowhere).rejects.toMatchObject({ code: 'ECHOLINE_CONFIG_INVALID' });
    await expect(run('report').status).rejects.toMatchObject({ code: 'ECHOLINE_CONFIG_USAGE' });
  });
});

describe('echoline bench compare', () => {
  it('takes two results and any number of conditions', async () => {
    const args = ['--fail-if', 'p99>1.1', '--fail-if', 'cpu>=1'];
    const { context, status } = run('compare', result, result, ...args);
    expect(await status).toBe(1);
    expect(context.outLines.at(-2)).toBe('p99>1.1: not met');
    expect(context.outLines.at(-1)).toMatch(/^cpu>=1: met by end-to-end/);
  });

  it.each([[[]], [['a']], [['a', 'b', 'c']]])(
    'refuses %j instead of two results',
    async (paths) => {
      const { status } = run('compare', ...paths);
      await expect(status).rejects.toMatchObject({ code: 'ECHOLINE_CONFIG_USAGE' });
    },
  );
});

describe('echoline bench merge', () => {
  it('writes one result and its page beside the first part, or where it is told to', async () => {
    const status = await run('merge', result, result).status;
    const names = readdirSync(folder).filter((name) => name.includes('merged'));
    expect(names.map((name) => name.replace(/^.*-/, '')).sort()).toEqual([
      'merged.html',
      'merged.json',
    ]);
    expect(status).toBe(wholeBenchResult().invalidBecause.length > 0 ? 1 : 0);
    const other = mkdtempSync(join(tmpdir(), 'echoline-merged-'));
    await run('merge', folder, '--results', other).status;
    expect(readdirSync(other)).toHaveLength(2);
    rmSync(other, { recursive: true });
  });

  it('refuses nothing, and results that are not parts of one run', async () => {
    await expect(run('merge').status).rejects.toMatchObject({ code: 'ECHOLINE_CONFIG_USAGE' });
    const quick = join(folder, 'quick.json');
    writeFileSync(quick, JSON.stringify({ ...wholeBenchResult(), mode: 'smoke' }));
    const { status } = run('merge', result, quick);
    await expect(status).rejects.toMatchObject({ code: 'ECHOLINE_BENCH_NOT_COMPARABLE' });
  });
});

it('anything else is a clip, and not handled here', async () => {
  expect(await run('./compare').status).toBeNull();
  expect(await run().status).toBeNull();
});
