import { setTimeout as sleep } from 'node:timers/promises';
import { readClockUs } from '../engine/read-clock.js';

const LOOK_EVERY_MS = 10;

/** Waits until something is true, at most `limitMs`. */
export async function until(isTrue: () => boolean, limitMs: number): Promise<void> {
  const endUs = readClockUs() + limitMs * 1000;
  while (!isTrue() && readClockUs() < endUs) await sleep(LOOK_EVERY_MS);
}
