// Builds the native kernels where a compiler is there, and never fails a build: everything works
// without them, and `doctor` says what runs. Keyed by a hash of the sources, the Node version and
// which tools are there, so an up-to-date tree costs milliseconds, and what failed once is not
// tried again. Part of every set-up; also `node scripts/build-native.mjs`.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { hashFiles } from './content-hash.mjs';
import { startStep } from './progress.mjs';
import { runChild } from './run-child.mjs';

const NODE_GYP = 'node_modules/node-gyp/bin/node-gyp.js';
const STAMP = '.cache/native-build.json';
/** The addon, from the checkout's directory. */
export const BINARY = 'native/build/Release/echoline.node';
const SOURCES = ['native/binding.gyp', 'native/core', 'native/addon', 'scripts/build-native.mjs'];
/** Longest part of a compiler's words that is repeated. */
const SAID_LINES = 12;
/** More compilers at once gain nothing: the slowest file decides. */
const JOBS_MAX = 4;

/**
 * Whether the addon is what the sources would build, or cannot be built on this machine as it is.
 *
 * @param {string} root
 */
export function isNativeBuilt(root) {
  if (!existsSync(join(root, 'native/binding.gyp'))) return true;
  const { key, outcome } = readStamp(join(root, STAMP));
  if (key !== keyOf(root)) return false;
  return outcome !== 'built' || existsSync(join(root, BINARY));
}

/**
 * Whether only Node's headers were missing when the addon was to be built.
 *
 * @param {string} root
 */
export function lacksHeaders(root) {
  return readStamp(join(root, STAMP)).outcome === 'no-headers';
}

/**
 * Builds the addon. Says on stderr what became of it; throws nothing.
 *
 * @param {string} root
 * @param {{ mayDownload?: boolean }} options whether node-gyp may fetch Node's headers from
 *   nodejs.org where they do not lie beside Node; a set-up fetches npm packages only
 * @returns {Promise<'built' | 'failed' | 'no-compiler' | 'no-headers'>}
 */
export async function buildNative(root, { mayDownload = false } = {}) {
  try {
    return await tryToBuild(root, mayDownload);
  } catch (error) {
    process.stderr.write(`echoline: native kernels left out: ${error.message}\n`);
    return 'failed';
  }
}

async function tryToBuild(root, mayDownload) {
  const missing = missingTool(root);
  // The key of what is built now: sources may change while the compiler is at work.
  const key = keyOf(root);
  if (missing !== null) return leaveOut(root, key, 'no-compiler', `no ${missing} here.`);
  if (!mayDownload && headersPrefix() === null) {
    return leaveOut(
      root,
      key,
      'no-headers',
      "Node's headers are not here; npm run build gets them.",
    );
  }
  const step = startStep('building native kernels');
  // Objects are kept, and made anew where their sources changed, unless Node did.
  const isSameNode = readStamp(join(root, STAMP)).node === process.version;
  const work = isSameNode ? ['configure', 'build'] : ['rebuild'];
  const jobs = ['--jobs', String(Math.min(JOBS_MAX, availableParallelism()))];
  const { status, output } = await gyp(root, [...work, ...jobs, '--directory', 'native']);
  step.end(status === 0 ? 'done' : 'failed');
  if (status === 0) return stamp(root, key, 'built');
  const said = output.trim().split('\n').slice(-SAID_LINES).join('\n');
  return leaveOut(root, key, 'failed', `the build said:\n${said}`);
}

function leaveOut(root, key, outcome, why) {
  process.stderr.write(`echoline: native kernels left out: ${why}\n`);
  rmSync(join(root, 'native/build'), { recursive: true, force: true });
  return stamp(root, key, outcome);
}

function gyp(root, args) {
  return runChild(process.execPath, [join(root, NODE_GYP), ...args], {
    cwd: root,
    env: gypEnvironment(),
  });
}

/** Node's headers lie beside Node itself in most installations; null where they do not. */
function headersPrefix() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include/node/node_api.h')) ? prefix : null;
}

function gypEnvironment() {
  const prefix = headersPrefix();
  return prefix === null ? { ...process.env } : { ...process.env, npm_config_nodedir: prefix };
}

/** What is missing for a build, in words; null when nothing is. */
function missingTool(root) {
  if (!existsSync(join(root, NODE_GYP))) return 'node-gyp';
  if (process.platform === 'win32') return null;
  const compiler = (process.env.CXX ?? 'c++').split(' ')[0];
  for (const [name, tool] of [
    ['C++ compiler', compiler],
    ['make', 'make'],
    ['Python 3', 'python3'],
  ]) {
    if (!isOnPath(tool)) return `${name} (${tool})`;
  }
  return null;
}

function isOnPath(tool) {
  const directories = (process.env.PATH ?? '').split(delimiter);
  return tool.includes('/') ? existsSync(tool) : directories.some((d) => existsSync(join(d, tool)));
}

function keyOf(root) {
  const words = [process.version, process.arch, process.platform, missingTool(root) ?? 'has tools'];
  return hashFiles(root, SOURCES, words);
}

function stamp(root, key, outcome) {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const text = JSON.stringify({ key, outcome, node: process.version });
  writeFileSync(join(root, STAMP), `${text}\n`);
  return outcome;
}

function readStamp(path) {
  const none = { key: '', outcome: '', node: '' };
  if (!existsSync(path)) return none;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    process.stderr.write(`echoline: ${path} is not readable (${error.message}), building anew\n`);
    return none;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  if (isNativeBuilt(root)) process.stderr.write('echoline: native kernels are up to date\n');
  else await buildNative(root, { mayDownload: true });
}
