import { createHash } from 'node:crypto';
import { median } from '../../../domain/median.js';
import type { Kernels } from '../../../kernels/kernels.js';
import { referenceKernels } from '../../../kernels/reference-kernels.js';
import { type KernelCase, kernelCases } from './kernel-cases.js';

/** A timed sample repeats a kernel for about this long: CPU time is counted in microseconds. */
const SAMPLE_MS = 2;
const WARM_UP_RUNS = 20;

/** One kernel in both forms. */
export interface KernelComparison {
  readonly name: string;
  /** Median CPU time of one call with its JavaScript wrapper. */
  readonly referenceUs: number;
  readonly nativeUs: number;
  /** SHA-256 of what the reference computes, lower-case hex. */
  readonly sha256: string;
  /** Whether the native kernel computes the same, to the last bit. */
  readonly isSame: boolean;
}

/**
 * Compares kernels with the reference on seeded images: both do the same, in one run, by turns. CPU
 * time, not wall-clock time: it stays meaningful on a machine that others use.
 *
 * @param native - kernels to compare; what is the reference in both is measured, too
 * @param rounds - timed samples of each; medians are reported. 0 = smoke: each once, on the smaller
 *   images only, so that times mean nothing
 */
export function compareKernels(native: Kernels, rounds: number): readonly KernelComparison[] {
  const isSmoke = rounds === 0;
  const fresh = kernelCases(isSmoke);
  const run = isSmoke ? once : compare;
  return kernelCases(isSmoke).map((one, index) => run(one, fresh[index] ?? one, native, rounds));
}

function once(one: KernelCase, fresh: KernelCase, native: Kernels): KernelComparison {
  const referenceUs = timeUs(one, referenceKernels, 1);
  const nativeUs = timeUs(one, native, 1);
  return { name: one.name, referenceUs, nativeUs, ...sameness(fresh, native) };
}

/** @param fresh - the same case, run by nobody yet: streams have a past */
function compare(
  one: KernelCase,
  fresh: KernelCase,
  native: Kernels,
  rounds: number,
): KernelComparison {
  for (let i = 0; i < WARM_UP_RUNS; i++) {
    one.run(referenceKernels);
    one.run(native);
  }
  const slow = repeats(timeUs(one, referenceKernels, 5));
  const fast = repeats(timeUs(one, native, 20));
  const referenceUs: number[] = [];
  const nativeUs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    referenceUs.push(timeUs(one, referenceKernels, slow));
    nativeUs.push(timeUs(one, native, fast));
  }
  return {
    name: one.name,
    referenceUs: median(referenceUs),
    nativeUs: median(nativeUs),
    ...sameness(fresh, native),
  };
}

function sameness(fresh: KernelCase, native: Kernels) {
  const sha256 = digest(fresh, referenceKernels);
  return { sha256, isSame: digest(fresh, native) === sha256 };
}

function repeats(callUs: number): number {
  return Math.max(1, Math.round((1000 * SAMPLE_MS) / Math.max(callUs, 0.01)));
}

/** CPU µs of one call, measured over `count` calls. */
function timeUs(one: KernelCase, kernels: Kernels, count: number): number {
  const from = process.cpuUsage();
  for (let i = 0; i < count; i++) one.run(kernels);
  const { user, system } = process.cpuUsage(from);
  return (user + system) / count;
}

/** What a case answers and writes. */
function digest(one: KernelCase, kernels: Kernels): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(one.run(kernels) ?? null));
  for (const { buffer, byteOffset, byteLength } of one.results) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}
