import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import type { MachineState } from './result.js';

/** CPU time that this machine was promised and did not get, since it started, s; null = unknown. */
export interface LostTime {
  /** Taken by the host's other machines (`steal` of `/proc/stat`), over all cores. */
  readonly stolenSeconds: number | null;
  /** Denied by the cgroup's quota (`throttled_usec` of `cpu.stat`). */
  readonly throttledSeconds: number | null;
}

const TICKS_PER_SECOND = 100;
/** cgroup v2 of a container, and v1. */
const CPU_STATS = ['/sys/fs/cgroup/cpu.stat', '/sys/fs/cgroup/cpu/cpu.stat'];

/** The machine and its load now; `loadBefore` is what an earlier call said. */
export function describeMachine(loadBefore: number | null): MachineState {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${platform()} ${release()} ${arch()}`,
    loadBefore,
    loadAfter: readLoad(),
  };
}

/** One-minute load average; null on Windows, which has none. */
export function readLoad(): number | null {
  return platform() === 'win32' ? null : (loadavg()[0] ?? null);
}

/** Reads what was lost so far; differences of two calls count. */
export function readLostTime(): LostTime {
  const steal = /^cpu(?: +\d+){7} +(\d+)/m.exec(readOrEmpty('/proc/stat'))?.[1];
  const stats = CPU_STATS.map(readOrEmpty).find((text) => text !== '') ?? '';
  const [, unit, throttled] = /^throttled_(usec|time) (\d+)/m.exec(stats) ?? [];
  return {
    stolenSeconds: steal === undefined ? null : Number(steal) / TICKS_PER_SECOND,
    throttledSeconds:
      throttled === undefined ? null : Number(throttled) / (unit === 'usec' ? 1e6 : 1e9),
  };
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return '';
    throw error;
  }
}
