import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all its descendants use. */
export interface TreeUse {
  /** User and system time since they started, s; of children that ended too. */
  readonly cpuSeconds: number;
  /** Sum of resident memory, bytes. Pages that processes share count for each of them. */
  readonly memoryBytes: number;
}

/** Clock ticks a second and bytes a page as every Linux on x86 and ARM servers has them. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** What a process tree uses, from `/proc`; null where there is none, or the process is gone. */
export function readTreeUse(rootPid: number): TreeUse | null {
  const stats = readStats();
  if (!stats.has(rootPid)) return null;
  const children = new Map<number, number[]>();
  for (const { pid, parentPid } of stats.values()) {
    children.set(parentPid, [...(children.get(parentPid) ?? []), pid]);
  }
  let ticks = 0;
  let pages = 0;
  const pending = [rootPid];
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    const stat = stats.get(pid);
    ticks += stat?.ticks ?? 0;
    pages += stat?.pages ?? 0;
    pending.push(...(children.get(pid) ?? []));
  }
  return { cpuSeconds: ticks / TICKS_PER_SECOND, memoryBytes: pages * PAGE_BYTES };
}

interface ProcessStat {
  readonly pid: number;
  readonly parentPid: number;
  readonly ticks: number;
  readonly pages: number;
}

function readStats(): ReadonlyMap<number, ProcessStat> {
  if (process.platform !== 'linux') return new Map();
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(readStatFile)
    .map(parseStat);
  return new Map(stats.flatMap((stat) => (stat === null ? [] : [[stat.pid, stat] as const])));
}

/** Empty for a process that ended meanwhile. */
function readStatFile(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return '';
    throw error;
  }
}

/** A line of `/proc/PID/stat` (proc(5)); null for anything else. The name may hold anything. */
export function parseStat(line: string): ProcessStat | null {
  const [, pid, rest] = /^(\d+) \(.*\) \S (.+)$/s.exec(line) ?? [];
  if (pid === undefined || rest === undefined) return null;
  const fields = rest.trim().split(' ').map(Number);
  // Fields 4 (ppid), 14 to 17 (utime, stime, cutime, cstime) and 24 (rss); `rest` starts at 4.
  const at = (field: number) => fields[field - 4] ?? 0;
  return {
    pid: Number(pid),
    parentPid: at(4),
    ticks: at(14) + at(15) + at(16) + at(17),
    pages: at(24),
  };
}
