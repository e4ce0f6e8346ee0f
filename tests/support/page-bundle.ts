import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const PAGE_SOURCE = new URL('../../src/display/page/', import.meta.url).pathname;

/** The display page, built from the sources as they are now, in a directory of its own. */
export interface PageBundle {
  readonly directory: string;
  remove(): Promise<void>;
}

/** Builds the page as `npm run build` does, so that a stale `dist` cannot hide a fault. */
export async function buildPage(): Promise<PageBundle> {
  const directory = await mkdtemp(join(tmpdir(), 'echoline-page-'));
  await build({
    entryPoints: ['page.ts', 'page.css', 'picture-encoder-worker.ts'].map((entry) =>
      join(PAGE_SOURCE, entry),
    ),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    outdir: directory,
  });
  await copyFile(join(PAGE_SOURCE, 'index.html'), join(directory, 'index.html'));
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}
