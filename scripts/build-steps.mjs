// Builds what is stale: `tsc -b` for the four TypeScript projects, then the display page's bundle
// and its static files, and the bundle of a package that is slow to load. Keyed by a hash of the
// sources, so an unchanged tree costs milliseconds.

import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BUNDLED_PACKAGES, bundleTypebox } from './bundle-typebox.mjs';
import { hashFiles, listFiles } from './content-hash.mjs';
import { startStep } from './progress.mjs';
import { runChild } from './run-child.mjs';

const STAMP = 'dist/.build.json';
const PAGE_SOURCE = 'src/display/page';
const PAGE_OUTPUT = 'dist/display/page';
const PAGE_FILES = ['index.html'];
const PAGE_ENTRIES = ['page.ts', 'page.css', 'picture-encoder-worker.ts'];
const SOURCES = [
  'src',
  'tsconfig.base.json',
  'tsconfig.json',
  'package-lock.json',
  'scripts/build-steps.mjs',
  'scripts/bundle-typebox.mjs',
];

/**
 * Whether `dist` is what the sources would build.
 *
 * The page's bundle replaces what `tsc` emits for the same file, so a bare `tsc -b` can undo it:
 * therefore the stamp also knows the bundle's hash.
 *
 * @param {string} root
 */
export function isBuilt(root) {
  const stampPath = join(root, STAMP);
  if (!existsSync(stampPath)) return false;
  if (!existsSync(join(root, 'dist/cli/main.js'))) return false;
  const stamp = readFileSync(stampPath, 'utf8');
  return stamp === stampText(root);
}

/**
 * Builds. The caller holds the set-up lock and the dependencies are installed.
 *
 * @param {string} root
 * @throws {Error} with the compiler's words
 */
export async function build(root) {
  const step = startStep('building');
  try {
    await compile(root);
    const bundle = await loadBundler(root);
    await bundlePage(root, bundle);
    await bundleTypebox(root, bundle);
    removeOrphans(root);
    writeFileSync(join(root, STAMP), stampText(root));
    step.end();
  } catch (error) {
    step.end('failed');
    throw error;
  }
}

async function compile(root) {
  rmSync(join(root, STAMP), { force: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status, output } = await runChild(process.execPath, [tsc, '-b'], { cwd: root });
  if (status !== 0) throw new Error(`The TypeScript build failed.\n${output.trim()}`);
}

/** esbuild's `build`; loaded late, as the checkout may have been without it. */
async function loadBundler(root) {
  const path = join(root, 'node_modules/esbuild/lib/main.js');
  return (await import(pathToFileURL(path).href)).default.build;
}

async function bundlePage(root, bundle) {
  const entryPoints = PAGE_ENTRIES.map((entry) => join(root, PAGE_SOURCE, entry));
  const missing = entryPoints.find((entry) => !existsSync(entry));
  if (missing !== undefined) throw new Error(`Expected the display page's entry at ${missing}.`);
  mkdirSync(join(root, PAGE_OUTPUT), { recursive: true });
  await bundle({
    absWorkingDir: root,
    entryPoints,
    outdir: join(root, PAGE_OUTPUT),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    sourcemap: true,
    logLevel: 'silent',
  });
  for (const file of PAGE_FILES) {
    copyFileSync(join(root, PAGE_SOURCE, file), join(root, PAGE_OUTPUT, file));
  }
}

/** Removes outputs whose source is gone, so that nothing runs on code that no longer exists. */
function removeOrphans(root) {
  const outputs = /^dist\/(.+?)(\.d\.ts|\.d\.ts\.map|\.js|\.js\.map)$/;
  for (const file of listFiles(root, join(root, 'dist'))) {
    if (file.startsWith(BUNDLED_PACKAGES)) continue;
    const match = outputs.exec(file);
    if (match !== null && !existsSync(join(root, 'src', `${match[1]}.ts`))) {
      rmSync(join(root, file));
    }
  }
}

function stampText(root) {
  const page = join(root, PAGE_OUTPUT, 'page.js');
  const pageHash = existsSync(page)
    ? createHash('sha256').update(readFileSync(page)).digest('hex')
    : 'absent';
  const key = hashFiles(root, SOURCES);
  return `${JSON.stringify({ sources: key, page: pageHash })}\n`;
}
