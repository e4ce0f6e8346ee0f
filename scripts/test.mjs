// `npm test`: makes the checkout ready, runs vitest, and ends with `N passed, N failed`.
// `--update` also writes pictures of the page's main states into docs/images.
// `--unit` leaves out what opens sockets, forks engines or starts a browser. All further arguments
// go to vitest, e.g. `npm test -- tests/clips`.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureReady, ROOT } from './setup.mjs';
import { countResults, summaryLine } from './test-summary.mjs';

async function main() {
  process.once('exit', (status) => {
    if (status !== 0 && !hasSummary) process.stdout.write('0 passed, 1 failed\n');
  });
  await ensureReady();
  const args = process.argv.slice(2);
  const isUnit = args.includes('--unit');
  if (args.includes('--update')) process.env.ECHOLINE_UPDATE_IMAGES = '1';
  const rest = args.filter((arg) => arg !== '--unit');
  const reportPath = join(ROOT, '.cache', `test-report-${process.pid}.json`);
  const status = await runVitest([
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportPath}`,
    ...(isUnit ? ['--project=unit'] : []),
    ...rest,
  ]);
  const counts = existsSync(reportPath)
    ? countResults(JSON.parse(readFileSync(reportPath, 'utf8')))
    : { passed: 0, failed: 1, skipped: 0 };
  rmSync(reportPath, { force: true });
  // An error outside of every test (an unhandled rejection, no test found) is a failure too.
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  hasSummary = true;
  process.stdout.write(`${summaryLine(counts)}\n`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
}

let hasSummary = false;

function runVitest(args) {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, ...args], { cwd: ROOT, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve(code ?? 1));
    child.once('error', () => resolve(127));
  });
}

await main();
