import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Runs a program to its end; rejects with its last words. Another one only in tests. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>;

/** Where the Python peer's packages are, and what they have to be. */
export interface PythonPlace {
  /** `requirements.txt`, every version pinned. */
  readonly requirements: string;
  /** Folder for the virtual environment; made here, and only whole ones stay. */
  readonly directory: string;
}

/** A Python with the packages, or why there is none and what to do. */
export type PythonFound = { readonly python: string } | { readonly reason: string };

const STAMP = 'echoline-requirements.sha256';
const MINIMUM = '3.10';
const IS_RECENT = `import sys; sys.exit(sys.version_info < (${MINIMUM.replace('.', ', ')}))`;

/**
 * The virtual environment as an earlier run has set it up. Downloads nothing.
 *
 * @returns a reason too where it was set up for other requirements than today's
 */
export function findPythonEnvironment({ requirements, directory }: PythonPlace): PythonFound {
  const stamp = join(directory, STAMP);
  const isCurrent = existsSync(stamp) && readFileSync(stamp, 'utf8') === hashOf(requirements);
  if (isCurrent) return { python: pythonOf(directory) };
  return { reason: 'not installed: run npm run bench -- --suite peers once, which sets it up' };
}

/**
 * Sets up the virtual environment where it is missing or stale, from the package index that pip is
 * configured for. It is made beside its place and moved there when it is complete.
 */
export async function setUpPythonEnvironment(
  place: PythonPlace,
  run: RunProgram,
): Promise<PythonFound> {
  const found = findPythonEnvironment(place);
  if ('python' in found) return found;
  try {
    await run('python3', ['-c', IS_RECENT]);
  } catch (error) {
    return {
      reason:
        `not installed: expected python3 of version ${MINIMUM} or newer (${wordsOf(error)}). ` +
        'Install it (Debian: apt-get install python3 python3-venv) and run this again',
    };
  }
  const building = `${place.directory}-${process.pid}`;
  try {
    await mkdir(building, { recursive: true });
  } catch (error) {
    return { reason: `not installed: ${building} cannot be written (${wordsOf(error)})` };
  }
  try {
    return await build(building, place, run);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

async function build(
  building: string,
  { requirements, directory }: PythonPlace,
  run: RunProgram,
): Promise<PythonFound> {
  try {
    await run('python3', ['-m', 'venv', '--clear', building]);
  } catch (error) {
    return {
      reason:
        `not installed: python3 cannot make a virtual environment (${wordsOf(error)}). ` +
        'Install venv and pip (Debian: apt-get install python3-venv) and run this again',
    };
  }
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
  try {
    await run(pythonOf(building), ['-m', 'pip', 'install', ...quiet, '-r', requirements]);
  } catch (error) {
    return {
      reason:
        `not installed: pip could not install ${requirements} (${wordsOf(error)}). ` +
        'Check the network, or PIP_INDEX_URL where a mirror is used, and run this again',
    };
  }
  await writeFile(join(building, STAMP), hashOf(requirements));
  await rm(directory, { recursive: true, force: true });
  await rename(building, directory);
  return { python: pythonOf(directory) };
}

function pythonOf(directory: string): string {
  return join(directory, 'bin', 'python');
}

function hashOf(requirements: string): string {
  return createHash('sha256').update(readFileSync(requirements)).digest('hex');
}

/** The last line of what a program or the system said: the rest is its way there. */
function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
