import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { blindModel } from '../cli/commands/test-model.js';

/** The compiled command: a test runner's modules take half as long again to draw the phantoms. */
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

it('every suite runs or says that it has no data, with the right number of frames', async () => {
  const page = join(mkdtempSync(join(tmpdir(), 'echoline-eval-')), 'report.html');
  const argv = [MAIN, 'eval', '--suite', 'all', '--clips', '2', '--frames', '3', '--json'];
  const flags = ['--data', '/nowhere', '--report', page, '--draws', '20', '--model', blindModel()];
  const { stdout } = await promisify(execFile)(process.execPath, [...argv, ...flags]);
  const { suites, reach, conditions } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  const [heldout, phantom, ...rest] = suites;
  const real = rest.slice(0, 2);
  for (const suite of [heldout, phantom]) {
    expect(suite.results.map((result: { mode: string }) => result.mode)).toEqual([
      'tracked',
      'stills',
    ]);
    for (const { headline } of suite.results) {
      expect(headline.frames).toBe(6);
      expect(headline.framesVisibleTip + headline.framesHiddenTip).toBeGreaterThan(0);
      expect(Object.keys(headline.dice)).toContain('nerve');
    }
  }
  expect(heldout.results[0].strata['needle: needle-free'].falseTipRate).toBe(0);
  expect(real.map((suite: { suite: string }) => suite.suite)).toEqual([
    'real-needle-free',
    'usgra',
  ]);
  expect(real.every((suite: { skipped: string }) => suite.skipped === 'no data')).toBe(true);
  const [bothSides, robustness, int8, twoNeedles] = rest.slice(2);
  // One of the two clips has a visible tip, and is shown from the left and from the right.
  for (const { headline, strata } of bothSides.results) {
    expect(headline.frames).toBe(6);
    expect(strata['entry: left'].frames).toBe(3);
    expect(strata['entry: right'].frames).toBe(3);
  }
  // A blind model loses nothing, under two dozen perturbations of one clip and a needle-free one.
  expect(robustness.robustness.rows.length).toBeGreaterThan(20);
  for (const row of robustness.robustness.rows) {
    expect(row.frames).toBeGreaterThan(3);
    expect(row).toMatchObject({ recallAt2mm: 0, recallDrop: 0, falseTipRate: 0, falseTipRatio: 0 });
  }
  expect(int8.skipped).toContain('no int8 file');
  for (const { mode, headline } of twoNeedles.results) {
    const restingNeedleRate = mode === 'tracked' ? 0 : null;
    expect(headline).toMatchObject({ frames: 3, framesVisibleTip: 3, restingNeedleRate });
  }
  const falseTips = reach.find(({ on }: { on: string }) => on === 'held-out phantom, needle-free');
  expect(falseTips).toMatchObject({ value: 0, verdict: 'met, no interval' });
  expect(conditions.bootstrapDraws).toBe(20);
  expect(readFileSync(page, 'utf8')).toContain('synthetic accuracy is not clinical accuracy');
}, 60_000);
