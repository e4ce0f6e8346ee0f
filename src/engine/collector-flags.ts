import { setFlagsFromString } from 'node:v8';

/**
 * V8 flags of the service and of its engines, found by measuring (docs/performance.md):
 *
 * - V8 counts the memory of received frames as part of the heap. Its own limit, a little above
 *   what lived at the last full collection, is passed every few frames although a frame's memory is
 *   given back by the next collection of the young generation. With a limit of six times what lives
 *   a full collection is rare; the memory outside the heap has a limit of its own, 64 MiB.
 * - The thread that serves frames collects the young generation by itself instead of sharing the
 *   pause with helper threads: it would wait for each that took a part, and where all cores are
 *   busy that is another thread's whole time slice.
 */
export const COLLECTOR_FLAGS: readonly string[] = [
  '--heap-growing-percent=500',
  '--no-parallel-scavenge',
];

/** Applies them to a process that has started without. Only for one that serves frames. */
export function applyCollectorFlags(): void {
  for (const flag of COLLECTOR_FLAGS) setFlagsFromString(flag);
}
