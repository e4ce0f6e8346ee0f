import { execFileSync, type StdioOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

interface Row {
  readonly metric: string;
  readonly value: number | null;
  readonly verdict: string;
}

interface Result {
  readonly detector: string;
  readonly rows: readonly Row[];
}

function run(...flags: string[]) {
  const argv = [MAIN, 'eval', '--suite', 'guidance', '--clips', '2', '--frames', '60', '--json'];
  const stdio: StdioOptions = ['ignore', 'pipe', 'ignore'];
  const stdout = execFileSync(process.execPath, [...argv, ...flags], { stdio });
  return JSON.parse(stdout.toString().trimEnd().split('\n').at(-1) ?? '');
}

const whatIsSeen = ({ rows }: Result): readonly Row[] =>
  rows.filter(({ metric }) => !metric.startsWith('cost'));

it('the guidance suite prints every row, the same whoever plays and whatever else reads', () => {
  const report = run('--detector', 'both', '--workers', '2');
  expect(report).toMatchObject({ suite: 'guidance', procedures: 2, frames: 120 });
  const [network, oracle] = report.results as readonly [Result, Result];
  expect([network.detector, oracle.detector]).toEqual(['network', 'oracle']);
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
    'without fluid',
    'cost of track + guide',
    'cost of spread',
  ]) {
    const has = ({ rows }: Result) => rows.some(({ metric }) => metric.includes(part));
    expect([network, oracle].every(has), part).toBe(true);
  }
  // No procedure was whole, so nothing is said of passes and injections.
  const ofWhole = oracle.rows.filter(({ metric }) => metric.includes('pass count'));
  expect(ofWhole.every(({ verdict }) => verdict === 'no data')).toBe(true);
  const distance = oracle.rows.find(({ metric }) => metric.includes('error, median'));
  expect(distance?.value).toBeLessThan(1);
  const alone = run('--detector', 'oracle', '--workers', '1');
  expect(whatIsSeen(alone.results[0])).toEqual(whatIsSeen(oracle));
});
