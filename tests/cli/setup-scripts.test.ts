import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { status: string; assertionResults: readonly unknown[] }[];
}
/** The scripts are plain JavaScript, because they run before anything is installed. */
interface Scripts {
  countResults(report: Report): Counts;
  summaryLine(counts: Counts): string;
  isNodeRecent(version: string): boolean;
  hashFiles(root: string, paths: readonly string[], words?: readonly string[]): string;
  withSetupLock<Result>(root: string, work: () => Promise<Result>): Promise<Result>;
}

async function script<Name extends keyof Scripts>(file: string, name: Name) {
  const url = new URL(`../../scripts/${file}`, import.meta.url).href;
  const module = (await import(url)) as Scripts;
  return module[name];
}

function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'echoline-setup-'));
}

describe('the test script', () => {
  it('counts tests, and a file that could not be loaded as one failure', async () => {
    const countResults = await script('test-summary.mjs', 'countResults');
    const report = {
      numPassedTests: 5,
      numFailedTests: 2,
      numPendingTests: 1,
      numTodoTests: 1,
      testResults: [
        { status: 'failed', assertionResults: [] },
        { status: 'failed', assertionResults: [{}] },
        { status: 'passed', assertionResults: [{}] },
      ],
    };
    expect(countResults(report)).toEqual({ passed: 5, failed: 3, skipped: 2 });
  });

  it('ends with a line that names skipped tests only when there are some', async () => {
    const summaryLine = await script('test-summary.mjs', 'summaryLine');
    expect(summaryLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
    expect(summaryLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  });
});

describe('the set-up', () => {
  it('knows which Node is recent enough', async () => {
    const isNodeRecent = await script('setup.mjs', 'isNodeRecent');
    const versions = ['18.20.0', '20.18.3', '20.19.0', '20.20.2', '22.0.0', '24.1.0'];
    expect(versions.map(isNodeRecent)).toEqual([false, false, true, true, true, true]);
  });

  it('knows files by their content and names, not by their times', async () => {
    const hashFiles = await script('content-hash.mjs', 'hashFiles');
    const root = scratch();
    mkdirSync(join(root, 'src'));
    writeFileSync(join(root, 'src/a'), 'one');
    const hash = () => hashFiles(root, ['src', 'absent'], ['word']);
    const first = hash();
    writeFileSync(join(root, 'src/a'), 'one');
    expect(hash()).toBe(first);
    writeFileSync(join(root, 'src/a'), 'two');
    const second = hash();
    expect(second).not.toBe(first);
    writeFileSync(join(root, 'src/b'), '');
    const third = hash();
    expect(third).not.toBe(second);
    rmSync(join(root, 'src/b'));
    expect(hash()).toBe(second);
    writeFileSync(join(root, 'absent'), '');
    expect(hash()).not.toBe(second);
  });

  it('lets one process at a time work, and takes over from a dead one', async () => {
    const withSetupLock = await script('setup-lock.mjs', 'withSetupLock');
    const root = scratch();
    mkdirSync(join(root, '.cache'));
    const deadProcess = 2 ** 22 + 1;
    writeFileSync(join(root, '.cache/setup.lock'), String(deadProcess));
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} ends`);
      return name;
    };
    const both = [withSetupLock(root, work('a')), withSetupLock(root, work('b'))];
    expect(await Promise.all(both)).toEqual(['a', 'b']);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    const failing = withSetupLock(root, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(readdirSync(join(root, '.cache'))).toEqual([]);
  });
});
