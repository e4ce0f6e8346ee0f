// Runs a child process whose whole output belongs to the diagnostics, and takes it down with us.

import { spawn } from 'node:child_process';

const KEPT_CHARACTERS = 20_000;

/**
 * Runs a command and collects what it says (stdout and stderr, the last 20,000 characters).
 *
 * When this process gets SIGINT or SIGTERM meanwhile, the child gets it too and this process exits
 * with the status that says so.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, shell?: boolean }} options
 * @returns {Promise<{ status: number, output: string }>}
 */
export function runChild(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      shell: options.shell ?? false,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk.toString()).slice(-KEPT_CHARACTERS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const onInterrupt = () => stop('SIGINT', 130);
    const onTerminate = () => stop('SIGTERM', 143);
    const stop = (signal, status) => {
      child.kill(signal);
      process.exit(status);
    };
    process.once('SIGINT', onInterrupt);
    process.once('SIGTERM', onTerminate);
    const finish = (status, more) => {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
      resolve({ status, output: output + more });
    };
    child.once('error', (error) => finish(127, `${command}: ${error.message}\n`));
    child.once('close', (code) => finish(code ?? 1, ''));
  });
}
