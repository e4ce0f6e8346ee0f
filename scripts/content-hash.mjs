// Content hashes: what was set up or built is known by what it was made from, never by file times.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/**
 * All files under a directory, sorted, as paths relative to `root` with forward slashes.
 *
 * @param {string} root
 * @param {string} directory absolute
 * @returns {string[]}
 */
export function listFiles(root, directory) {
  if (!existsSync(directory)) return [];
  const found = [];
  const pending = [directory];
  while (pending.length > 0) {
    const current = pending.pop();
    for (const entry of readdirSync(current, { withFileTypes: true })) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) pending.push(path);
      else if (entry.isFile()) found.push(relative(root, path).split(sep).join('/'));
    }
  }
  return found.sort();
}

/**
 * SHA-256 over names and contents of files (or of the files under directories), plus words.
 * A path that does not exist counts as absent.
 *
 * @param {string} root
 * @param {readonly string[]} paths relative to root
 * @param {readonly string[]} words
 * @returns {string} hex
 */
export function hashFiles(root, paths, words = []) {
  const hash = createHash('sha256');
  for (const word of words) hash.update(`${word}\0`);
  for (const path of paths) {
    const absolute = join(root, path);
    if (!existsSync(absolute)) {
      hash.update(`absent ${path}\0`);
      continue;
    }
    const files = statSync(absolute).isDirectory() ? listFiles(root, absolute) : [path];
    for (const file of files) {
      hash.update(`${file}\0`);
      hash.update(readFileSync(join(root, file)));
      hash.update('\0');
    }
  }
  return hash.digest('hex');
}
