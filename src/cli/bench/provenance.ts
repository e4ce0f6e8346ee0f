import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT, packageVersion } from '../package-root.js';
import type { BenchResult } from './result.js';

/** Packages whose versions a figure may depend on. */
const PACKAGES = ['onnxruntime-node', 'ws', 'fastify', 'sharp', 'hdr-histogram-js'];

/** The commit this checkout is at; null outside of one, or without git. */
export function readCommit(): BenchResult['commit'] {
  if (!existsSync(join(PACKAGE_ROOT, '.git'))) return null;
  const sha = git('rev-parse', 'HEAD');
  const changes = git('status', '--porcelain', '--untracked-files=no');
  return sha === null || changes === null ? null : { sha, isDirty: changes !== '' };
}

function git(...args: readonly string[]): string | null {
  try {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
    return execFileSync('git', args, { cwd: PACKAGE_ROOT, encoding: 'utf8', stdio }).trim();
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** Versions of what ran. */
export function readVersions(): BenchResult['versions'] {
  const installed = PACKAGES.flatMap((name) => {
    const path = join(PACKAGE_ROOT, 'node_modules', name, 'package.json');
    if (!existsSync(path)) return [];
    const { version } = JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string };
    return [[name, version] as const];
  });
  return {
    echoline: packageVersion(),
    node: process.versions.node,
    ...Object.fromEntries(installed),
  };
}

/** What a service says it runs; nulls for one that does not say. */
export async function readIdentity(url: string): Promise<Pick<BenchResult, 'model' | 'kernels'>> {
  const said = await fetch(new URL('/version', url)).then(
    (response) => (response.ok ? response.json() : null),
    () => null,
  );
  const version = said as VersionAnswer | null;
  const { model, inference, kernels } = version ?? {};
  return {
    model:
      model === undefined || model === null
        ? null
        : { ...model, precision: inference?.precision ?? 'unknown' },
    kernels: kernels ?? null,
  };
}

/** The part of `/version` that counts here; a peer may say less. */
interface VersionAnswer {
  readonly model?: { readonly id: string; readonly sha256: string } | null;
  readonly inference?: { readonly precision: string } | null;
  readonly kernels?: { readonly origin: string; readonly reason: string } | null;
}
