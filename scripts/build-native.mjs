// Builds the native kernels where a compiler is there, and never fails a build: everything works
// without them, and `doctor` says what runs. Keyed by a hash of the sources, the Node version and
// the compiler's absence or presence, so an up-to-date tree costs milliseconds.
// Part of `npm run build`; also `node scripts/build-native.mjs`.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { hashFiles } from './content-hash.mjs';
import { startStep } from './progress.mjs';
import { runChild } from './run-child.mjs';

const STAMP = '.cache/native-build.json';
const BINARY = 'native/build/Release/echoline.node';
const SOURCES = ['native/binding.gyp', 'native/core', 'native/addon', 'scripts/build-native.mjs'];
/** Longest part of a compiler's words that is repeated. */
const SAID_LINES = 12;

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
 * Builds the addon. Says on stderr what became of it; throws nothing.
 *
 * @param {string} root
 * @returns {Promise<'built' | 'failed' | 'no-compiler'>}
 */
export async function buildNative(root) {
  const missing = missingTool();
  // The key of what is built now: sources may change while the compiler is at work.
  const key = keyOf(root);
  if (missing !== null) {
    process.stderr.write(`echoline: native kernels left out: ${missing}\n`);
    rmSync(join(root, 'native/build'), { recursive: true, force: true });
    return stamp(root, key, 'no-compiler');
  }
  const step = startStep('building native kernels');
  // Objects are kept, and made anew where their sources changed, unless Node did.
  const isSameNode = readStamp(join(root, STAMP)).node === process.version;
  const work = isSameNode ? ['configure', 'build'] : ['rebuild'];
  const { status, output } = await gyp(root, [...work, '--directory', 'native']);
  step.end(status === 0 ? 'done' : 'failed');
  if (status === 0) return stamp(root, key, 'built');
  rmSync(join(root, 'native/build'), { recursive: true, force: true });
  const said = output.trim().split('\n').slice(-SAID_LINES).join('\n');
  process.stderr.write(`echoline: native kernels left out, the build said:\n${said}\n`);
  return stamp(root, key, 'failed');
}

function gyp(root, args) {
  const program = join(root, 'node_modules/node-gyp/bin/node-gyp.js');
  return runChild(process.execPath, [program, ...args], { cwd: root, env: gypEnvironment() });
}

/**
 * Node's headers lie beside Node itself in most installations; where they do not, node-gyp fetches
 * them from nodejs.org.
 */
function gypEnvironment() {
  const prefix = dirname(dirname(process.execPath));
  const hasHeaders = existsSync(join(prefix, 'include/node/node_api.h'));
  return hasHeaders ? { ...process.env, npm_config_nodedir: prefix } : { ...process.env };
}

/** What is missing for a build, in words; null when nothing is. */
function missingTool() {
  if (process.platform === 'win32') return null;
  const compiler = process.env.CXX ?? 'c++';
  for (const [name, tool] of [
    ['C++ compiler', compiler],
    ['make', 'make'],
    ['Python 3', 'python3'],
  ]) {
    const { error, status } = spawnSync(tool, ['--version'], { stdio: 'ignore', shell: false });
    if (error !== undefined || status !== 0) return `no ${name} (${tool}) here.`;
  }
  return null;
}

function keyOf(root) {
  const words = [process.version, process.arch, process.platform, missingTool() ?? 'has tools'];
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
  else await buildNative(root);
}
