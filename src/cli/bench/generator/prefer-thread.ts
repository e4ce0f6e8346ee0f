import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** What the system gave a thread: before all others, before most, or as everybody. */
export type ThreadPriority = 'real-time' | 'high' | 'normal';

/** Behind the kernel's own threads, before everything that is not real-time. */
const REAL_TIME_PRIORITY = 1;
const HIGH_NICENESS = -10;

/**
 * Lets the calling thread run as soon as it is due. Cart and display are machines of their own in
 * reality: a target that fills all cores must not make its own load late. Linux's fair scheduler
 * lets a running thread finish its slice of some ms before any other of its class, whatever their
 * niceness; only a real-time thread (`chrt` of util-linux, root or CAP_SYS_NICE) need not wait.
 */
export function preferThread(): ThreadPriority {
  if (setScheduling(['--rr', '--pid', String(REAL_TIME_PRIORITY)])) return 'real-time';
  return setNiceness(HIGH_NICENESS) ? 'high' : 'normal';
}

/** Takes back what a thread has inherited of the above, as far as there was any. */
export function stopPreferringThread(): void {
  setScheduling(['--other', '--pid', '0']);
  setNiceness(0);
}

/** false where the system refuses, or is no Linux. */
function setScheduling(args: readonly string[]): boolean {
  try {
    const [threadId = ''] = readlinkSync('/proc/thread-self').split('/').reverse();
    execFileSync('chrt', [...args, threadId], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Of this thread on Linux, of the process elsewhere; false where the system refuses. */
function setNiceness(niceness: number): boolean {
  try {
    setPriority(niceness);
    return true;
  } catch {
    return false;
  }
}
