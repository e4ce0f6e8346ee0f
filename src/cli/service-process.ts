import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EcholineError, isErrorCode } from '../domain/errors.js';

/** How long an orderly stop may take before the process is killed, ms. */
const STOP_GRACE_MS = 1_200;
/** How long the service may take until it accepts connections, ms. */
const READY_TIMEOUT_MS = 30_000;

/** A service in a process of its own, as it would be beside a real cart. */
export interface ServiceProcess {
  /** e.g. `http://127.0.0.1:8787` */
  readonly url: string;
  /** Its process; null when it ended while it was asked. */
  readonly processId: number | null;
  /** Resolves when the process has ended, by itself or by `stop`. */
  readonly ended: Promise<void>;
  /** Ends it: orderly first, by force after 1.2 s. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts `echoline serve` as a process of its own, so that what is measured has crossed real
 * sockets between processes.
 *
 * @param flags - further flags of `serve`
 * @param onLog - receives the service's stderr line by line
 * @param stop - aborted while the service starts: it is ended at once
 * @throws EcholineError the service's own where it said why it does not come up, else one with its
 *   last words; ECHOLINE_SESSION_ENDED when `stop` was aborted first
 */
export async function startServiceProcess(
  flags: readonly string[],
  onLog: (line: string) => void,
  stop: AbortSignal,
): Promise<ServiceProcess> {
  const main = fileURLToPath(new URL('./main.js', import.meta.url));
  const child = fork(main, ['serve', ...flags], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  return startReadyProcess(child, onLog, stop, READY_TIMEOUT_MS);
}

/**
 * Waits until a process that has just been started prints the line of `echoline serve` when it
 * accepts connections, `{"event":"ready","url":…}`.
 *
 * @throws EcholineError as `startServiceProcess`; the process is killed then
 */
export async function startReadyProcess(
  child: ChildProcess,
  onLog: (line: string) => void,
  stop: AbortSignal,
  timeoutMs: number,
): Promise<ServiceProcess> {
  const lastWords: string[] = [];
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      lastWords.push(line);
      if (lastWords.length > 5) lastWords.shift();
      onLog(line);
    });
  }
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = await waitUntilReady(child, lastWords, stop, timeoutMs);
  let stopping: Promise<void> | null = null;
  return {
    url,
    processId: child.pid ?? null,
    ended,
    stop() {
      stopping ??= stopChild(child, ended);
      return stopping;
    },
  };
}

function waitUntilReady(
  child: ChildProcess,
  lastWords: readonly string[],
  stop: AbortSignal,
  timeoutMs: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer);
      child.off('close', onClose);
      stop.removeEventListener('abort', onStop);
    };
    const fail = (what: string) => {
      settle();
      child.kill('SIGKILL');
      reject(startError(what, lastWords));
    };
    const onStop = () => {
      settle();
      child.kill('SIGKILL');
      reject(new EcholineError('ECHOLINE_SESSION_ENDED', 'Stopped while the service started.'));
    };
    const timer = setTimeout(() => fail(`was not ready after ${timeoutMs / 1000} s`), timeoutMs);
    child.once('error', (error) => fail(`could not be started (${error.message})`));
    const onClose = (code: number | null) => fail(`ended with exit code ${code}`);
    child.once('close', onClose);
    if (stop.aborted) onStop();
    stop.addEventListener('abort', onStop);
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = readyUrl(line);
      if (url === null) return;
      settle();
      resolve(url);
    });
  });
}

/** What the service itself said is wrong, e.g. that the port is taken; else its last words. */
export function startError(what: string, lastWords: readonly string[]): EcholineError {
  for (const line of lastWords.toReversed()) {
    const [, code = '', message = ''] = /^(ECHOLINE_[A-Z_]+): (.+)$/.exec(line) ?? [];
    if (isErrorCode(code)) return new EcholineError(code, message);
  }
  const words = lastWords.join(' | ') || 'nothing';
  return new EcholineError(
    'ECHOLINE_CONFIG_INVALID',
    `The service ${what}. It said: ${words} – Try: echoline doctor`,
  );
}

/** The address in `{"event":"ready","url":…}`; null for any other line. */
function readyUrl(line: string): string | null {
  if (!line.startsWith('{')) return null;
  const event: unknown = JSON.parse(line);
  if (typeof event !== 'object' || event === null) return null;
  if (!('event' in event) || event.event !== 'ready' || !('url' in event)) return null;
  return typeof event.url === 'string' ? event.url : null;
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  await ended;
  clearTimeout(timer);
}
