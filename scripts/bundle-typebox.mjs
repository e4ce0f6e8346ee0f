// typebox comes as 700 small files, and loading them one by one was nearly half of what loading the
// service's modules took: the built code imports it from one file (docs/performance.md).

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { listFiles } from './content-hash.mjs';

/** Where the bundle lies, below the package. */
export const BUNDLED_PACKAGES = 'dist/bundled';
const ENTRIES = { typebox: 'typebox', 'typebox/value': 'typebox-value' };
const IMPORT = /(\bfrom )'(typebox(?:\/value)?)'/g;

/**
 * Bundles typebox and lets all compiled modules import it from there.
 *
 * @param {string} root
 * @param {typeof import('esbuild').build} bundle
 */
export async function bundleTypebox(root, bundle) {
  const directory = join(root, BUNDLED_PACKAGES);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  await bundle({
    absWorkingDir: root,
    entryPoints: Object.entries(ENTRIES).map(([name, out]) => ({ in: name, out })),
    outdir: directory,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    logLevel: 'silent',
  });
  copyFileSync(join(root, 'node_modules/typebox/license'), join(directory, 'typebox.license'));
  for (const file of listFiles(root, join(root, 'dist'))) {
    if (file.endsWith('.js') && !file.startsWith(BUNDLED_PACKAGES)) redirect(root, file);
  }
}

/** Lets one compiled module import the bundle; its lines stay where its source map has them. */
function redirect(root, file) {
  const path = join(root, file);
  const text = readFileSync(path, 'utf8');
  const to = relative(dirname(path), join(root, BUNDLED_PACKAGES)).split(sep).join('/');
  const changed = text.replace(IMPORT, (_, from, name) => `${from}'${to}/${ENTRIES[name]}.js'`);
  if (changed !== text) writeFileSync(path, changed);
}
