import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SUITES } from '../../../src/cli/bench/result.js';
import { benchCommand } from '../../../src/cli/commands/bench.js';
import { parseArguments } from '../../../src/cli/parse-arguments.js';
import { fakeContext } from '../fake-context.js';

const scratch = mkdtempSync(join(tmpdir(), 'echoline-bench-'));
const still = join(scratch, 'still.png');
const results = join(scratch, 'results');
beforeAll(async () => {
  mkdirSync(results);
  const create = { width: 64, height: 48, channels: 3, background: '#505050' } as const;
  await sharp({ create }).png().toFile(still);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** In this process: all of this is refused, or said, before anything starts. */
function bench(...argv: readonly string[]) {
  const context = fakeContext();
  return { context, status: benchCommand.run(parseArguments(benchCommand, argv), context) };
}

describe('echoline bench', () => {
  it('refuses an empty clip and a clip of one frame in one line, and writes nothing', async () => {
    const empty = join(scratch, 'empty');
    mkdirSync(empty);
    await expect(bench(empty, '--results', results).status).rejects.toMatchObject({
      code: 'ECHOLINE_CLIP_EMPTY',
    });
    await expect(bench(still, '--results', results).status).rejects.toThrow(
      /expected at least 2 frames.*--loop/,
    );
    expect(readdirSync(results)).toEqual([]);
  });

  it('refuses an address that is none', async () => {
    const { status } = bench(still, '--loop', '99', '--to', 'ftp://somewhere');
    await expect(status).rejects.toMatchObject({ code: 'ECHOLINE_CONFIG_USAGE' });
  });

  it('refuses a results folder that cannot be written before it measures', async () => {
    const file = join(scratch, 'a-file');
    writeFileSync(file, '');
    const { status } = bench('--smoke', '--suite', 'start', '--results', file);
    await expect(status).rejects.toThrow(/^Results: expected to be able to write/);
    expect(existsSync(file)).toBe(true);
  });

  it('knows its suites by name', async () => {
    const { status } = bench('--suite', 'nothing');
    await expect(status).rejects.toThrow(/expected --suite one of kernels, pipeline/);
  });

  it('says its plan in minutes without measuring anything', async () => {
    const { context, status } = bench('--plan');
    expect(await status).toBe(0);
    expect(context.outLines).toHaveLength(SUITES.length + 2);
    expect(context.outLines.at(-2)).toMatch(/^all +\d+:\d\d$/);
    const some = bench('--plan', '--quick', '--suite', 'peers');
    await some.status;
    expect(some.context.outLines.map((line) => line.split(' ')[0])).toEqual([
      'overload',
      'peers',
      'all',
      'minutes',
    ]);
  });
});
