// One process at a time may install or build in a checkout; the others wait and then find the work
// done. The lock is a file with the holder's process id, so that a killed holder blocks nobody.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startStep } from './progress.mjs';

const POLL_MS = 200;

/**
 * Runs `work` while holding the checkout's set-up lock.
 *
 * @template T
 * @param {string} root
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSetupLock(root, work) {
  const path = join(root, '.cache', 'setup.lock');
  mkdirSync(dirname(path), { recursive: true });
  let waiting = null;
  while (!tryLock(path)) {
    const holder = holderOf(path);
    if (holder === null || !isAlive(holder)) {
      rmSync(path, { force: true });
      continue;
    }
    waiting ??= startStep(`waiting for the set-up that process ${holder} is doing`);
    await wait(POLL_MS);
  }
  waiting?.end();
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function tryLock(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Process id in the lock file; null when it vanished or holds nothing sensible. */
function holderOf(path) {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
