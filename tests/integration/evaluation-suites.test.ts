import { expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/command-line.js';
import { evalCommand } from '../../src/cli/commands/eval.js';
import { blindModel } from '../cli/commands/test-model.js';
import { fakeContext } from '../cli/fake-context.js';

it('every suite runs or says that it has no data, with the right number of frames', async () => {
  const context = fakeContext();
  const argv = ['eval', '--suite', 'all', '--clips', '2', '--frames', '3', '--data', '/nowhere'];
  const entries = [{ name: 'eval', load: async () => evalCommand }];
  const status = await runCommandLine(
    [...argv, '--json', '--model', blindModel()],
    entries,
    context,
  );
  expect(status).toBe(0);
  const { suites } = JSON.parse(context.outLines.at(-1) ?? '');
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
});
