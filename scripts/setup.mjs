// Makes a checkout ready to run: dependencies and build, only what is missing or stale. Plain
// JavaScript without dependencies, because it runs before there are any. Used by the build, demo
// and test scripts and by bin/echoline.mjs.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildNative, isNativeBuilt } from './build-native.mjs';
import { build, isBuilt } from './build-steps.mjs';
import { hashFiles } from './content-hash.mjs';
import { startStep } from './progress.mjs';
import { runChild } from './run-child.mjs';
import { withSetupLock } from './setup-lock.mjs';

/** The package's own directory. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const NODE_MIN = [20, 19, 0];
const STAMP = 'node_modules/.echoline-setup.json';

/**
 * Makes the checkout ready, or ends the process with one clear message on stderr.
 * An installed package (no sources) is ready as it is.
 */
export async function ensureReady(root = ROOT) {
  requireNode(process.versions.node);
  if (!existsSync(join(root, 'tsconfig.json')) || !existsSync(join(root, 'src'))) return;
  try {
    if (isInstalled(root) && isBuilt(root) && isNativeBuilt(root)) return;
    await withSetupLock(root, async () => {
      if (!isInstalled(root)) await install(root);
      if (!isBuilt(root)) await build(root);
      // Optional: says what it lacks, and never fails.
      if (!isNativeBuilt(root)) await buildNative(root);
    });
  } catch (error) {
    process.stderr.write(`echoline: ${error.message}\n`);
    process.exit(1);
  }
}

/** Ends the process with one clear line where Node is too old. */
function requireNode(version) {
  if (isNodeRecent(version)) return;
  process.stderr.write(
    `echoline: Node ${NODE_MIN.join('.')} or newer is needed, this is Node ${version}. ` +
      'Install a current one from https://nodejs.org and try again.\n',
  );
  process.exit(1);
}

/**
 * @param {string} version e.g. "20.19.1"
 */
export function isNodeRecent(version) {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10));
  for (let i = 0; i < NODE_MIN.length; i++) {
    if (parts[i] !== NODE_MIN[i]) return parts[i] > NODE_MIN[i];
  }
  return true;
}

/** Whether node_modules is what the lock file asks for, by our own stamp or npm's own list. */
function isInstalled(root) {
  const stampPath = join(root, STAMP);
  const key = dependencyKey(root);
  if (existsSync(stampPath)) return readFileSync(stampPath, 'utf8') === key;
  if (!matchesLock(root)) return false;
  writeFileSync(stampPath, key);
  return true;
}

function dependencyKey(root) {
  const platform = `${process.platform} ${process.arch}`;
  return `${hashFiles(root, ['package-lock.json', '.npmrc'], [platform])}\n`;
}

/**
 * Whether an installation that somebody made by hand has every package of the lock file in its
 * version. Optional packages (other platforms) may be missing.
 */
function matchesLock(root) {
  const installedPath = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedPath)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedPath, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' || entry.optional === true || installed[path]?.version === entry.version,
  );
}

/**
 * Installs the dependencies without running any package's install script: none is needed, and
 * onnxruntime-node's would download from outside the registry (architecture, decision 12).
 */
async function install(root) {
  const step = startStep('installing dependencies (npm ci)');
  const args = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  const env = {
    ...process.env,
    ONNXRUNTIME_NODE_INSTALL: 'skip',
    npm_config_ignore_scripts: 'true',
    NODE_ENV: 'development',
  };
  const npm = npmCommand();
  const options = { cwd: root, env, shell: npm.shell };
  const { status, output } = await runChild(npm.command, [...npm.args, ...args], options);
  step.end(status === 0 ? 'done' : 'failed');
  if (status !== 0) {
    throw new Error(
      `npm ci failed with status ${status}. What npm said:\n${output.trim()}\n` +
        'Check the connection to the npm registry, then try again.',
    );
  }
  writeFileSync(join(root, STAMP), dependencyKey(root));
}

/** The npm that started us where there is one, else the one on the PATH. */
function npmCommand() {
  const own = process.env.npm_execpath;
  if (own !== undefined && /npm-cli\.c?js$/.test(own) && existsSync(own)) {
    return { command: process.execPath, args: [own], shell: false };
  }
  const isWindows = process.platform === 'win32';
  return { command: isWindows ? 'npm.cmd' : 'npm', args: [], shell: isWindows };
}

/** Imports a module of the built package. */
export function importBuilt(path, root = ROOT) {
  return import(pathToFileURL(join(root, 'dist', path)).href);
}
