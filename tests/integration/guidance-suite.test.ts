import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

interface Row {
  readonly metric: string;
  readonly value: number | null;
  readonly verdict: string;
}

it('the guidance suite prints every row of its table, with the truth as detector too', () => {
  const flags = ['--suite', 'guidance', '--clips', '2', '--frames', '75'];
  const argv = [MAIN, 'eval', ...flags, '--detector', 'oracle', '--json'];
  const stdout = execFileSync(process.execPath, argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  const report = JSON.parse(stdout.toString().trimEnd().split('\n').at(-1) ?? '');
  expect(report).toMatchObject({ suite: 'guidance', detector: 'oracle', procedures: 2 });
  expect(report.frames).toBe(150);
  const rows = report.rows as readonly Row[];
  for (const part of [
    'distance error, median',
    'jitter',
    'jump',
    'acquisition',
    're-acquisition',
    'hidden',
    'false advisories',
    'missed advisories',
    'pass count exact',
    'pass count within 1',
    'onset delay',
    'area error',
    'cost of track + guide',
    'cost of spread',
  ]) {
    expect(
      rows.some(({ metric }) => metric.includes(part)),
      part,
    ).toBe(true);
  }
  // No procedure was whole, so nothing is said of passes and injections.
  const ofWhole = rows.filter(({ metric }) => metric.includes('pass count'));
  expect(ofWhole.every(({ verdict }) => verdict === 'no data')).toBe(true);
  const distance = rows.find(({ metric }) => metric.includes('error, median'));
  expect(distance?.value).toBeLessThan(1);
});

it('another detector is refused', () => {
  const argv = [MAIN, 'eval', '--suite', 'guidance', '--detector', 'magic'];
  expect(() => execFileSync(process.execPath, argv, { stdio: 'pipe' })).toThrow('network|oracle');
});
