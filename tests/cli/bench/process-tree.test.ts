import { describe, expect, it } from 'vitest';
import { parseStat, readTreeUse } from '../../../src/cli/bench/process-tree.js';

describe('the use of a process tree', () => {
  it('reads /proc/PID/stat, whatever the process calls itself', () => {
    const line =
      '42 (a) b (c) S 7 42 42 0 -1 4194560 100 0 0 0 11 22 3 4 20 0 5 0 900 800000 250 1 2\n';
    expect(parseStat(line)).toEqual({ pid: 42, parentPid: 7, ticks: 40, pages: 250 });
    expect(parseStat('')).toBeNull();
  });

  it.runIf(process.platform === 'linux')('sees this process, and none that is not there', () => {
    expect(readTreeUse(process.pid)?.memoryBytes).toBeGreaterThan(1e6);
    expect(readTreeUse(2 ** 30)).toBeNull();
  });
});
