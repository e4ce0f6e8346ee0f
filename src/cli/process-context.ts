import type { CommandContext } from './command.js';

/** Exit status after a second signal, as shells count it. */
const STATUS_OF_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * The context of a command that runs in this process: its streams, environment and signals.
 *
 * The first SIGINT or SIGTERM aborts `stop`, a second one ends the process at once. A process that
 * was started over a channel (the demo's service) also stops when the other end is gone, however it
 * ended: else a killed demo would leave a service behind that keeps the port. When whoever reads
 * stdout goes away (`| head`), the process ends quietly.
 */
export function processContext(): CommandContext {
  const { stdout, stderr } = process;
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(STATUS_OF_SIGNAL[signal]);
      stop.abort();
    });
  }
  process.once('disconnect', () => stop.abort());
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const isTerminal = stderr.isTTY === true;
  let isProgressShown = false;
  const clearProgress = () => {
    if (isProgressShown) stderr.write('\r\u001b[K');
    isProgressShown = false;
  };
  return {
    env: process.env,
    isTerminal,
    stop: stop.signal,
    out(line) {
      clearProgress();
      return new Promise((done) => stdout.write(`${line}\n`, () => done()));
    },
    err(line) {
      clearProgress();
      stderr.write(`${line}\n`);
    },
    progress(line) {
      clearProgress();
      if (!isTerminal || line === '') return;
      stderr.write(line.slice(0, (stderr.columns ?? 80) - 1));
      isProgressShown = true;
    },
  };
}
