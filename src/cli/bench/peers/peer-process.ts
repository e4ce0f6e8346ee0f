import { spawn } from 'node:child_process';
import { EcholineError, isEcholineError } from '../../../domain/errors.js';
import { ORT_VARIABLES } from '../../../pipeline/infer/import-ort.js';
import { startReadyProcess } from '../../service-process.js';
import type { Target } from '../target.js';

/** How long a peer may take to import its packages and warm its network, ms. */
const READY_TIMEOUT_MS = 120_000;

/**
 * Starts a peer: any program that prints `{"event":"ready","url":…}` once its network is warm, ends
 * at SIGTERM, and with `--until-stdin-ends` also when this process is gone.
 *
 * @throws EcholineError ECHOLINE_SESSION_UNREACHABLE with its last words when it does not come up,
 *   ECHOLINE_SESSION_ENDED when `stop` was aborted first
 */
export async function startPeerProcess(
  name: string,
  program: string,
  args: readonly string[],
  stop: AbortSignal,
): Promise<Target> {
  const env = { ...process.env, ...ORT_VARIABLES };
  const child = spawn(program, [...args, '--until-stdin-ends'], { stdio: 'pipe', env });
  const ignoreLog = () => undefined;
  try {
    const peer = await startReadyProcess(child, ignoreLog, stop, READY_TIMEOUT_MS);
    const { url, processId } = peer;
    return { name, url, processId, close: () => peer.stop() };
  } catch (cause) {
    if (!isEcholineError(cause) || stop.aborted) throw cause;
    const message = `The peer ${name} does not come up. ${cause.message}`;
    throw new EcholineError('ECHOLINE_SESSION_UNREACHABLE', message, { name }, { cause });
  }
}
