// `npm pack` and `npm publish` run this first (prepack): makes the checkout ready and puts the
// native kernels where node-gyp-build looks for prebuilt ones, in prebuildify's layout:
// native/prebuilds/<platform>-<arch>/echoline[.glibc|.musl].node. Binaries of other machines,
// copied in beside it, are packed too. Says on stderr what it did.

import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BINARY } from './build-native.mjs';
import { ensureReady, ROOT } from './setup.mjs';

/** Where prebuilt binaries lie, from the package's directory. */
const PREBUILDS = 'native/prebuilds';

/**
 * Copies the addon that is built here to its place among the prebuilt ones.
 *
 * @param {string} root where it was built
 * @param {string} target the package's directory to put it into
 * @returns {string | null} its path in the package; null where nothing is built
 */
export function placePrebuild(root, target) {
  const binary = join(root, BINARY);
  if (!existsSync(binary)) return null;
  const directory = join(PREBUILDS, `${process.platform}-${process.arch}`);
  const path = join(directory, `echoline${libcTag()}.node`);
  mkdirSync(join(target, directory), { recursive: true });
  copyFileSync(binary, join(target, path));
  return path;
}

/** Which C library the binary is for; only Linux has a choice. */
function libcTag() {
  if (process.platform !== 'linux') return '';
  return process.report.getReport().header.glibcVersionRuntime === undefined ? '.musl' : '.glibc';
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await ensureReady();
  const placed = placePrebuild(ROOT, ROOT);
  const there = existsSync(join(ROOT, PREBUILDS)) ? readdirSync(join(ROOT, PREBUILDS)) : [];
  process.stderr.write(
    placed === null
      ? 'echoline: no native kernels are built here: none of this platform are packed\n'
      : `echoline: packing native kernels for ${there.join(', ')}\n`,
  );
}
