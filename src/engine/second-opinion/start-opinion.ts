import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ModelManifest } from '../../domain/model-manifest.js';
import type { SecondOpinionReport, TfjsRuntimeName } from '../../domain/second-opinion.js';
import type { OpinionReply, OpinionRequest } from './opinion-messages.js';
import { createSampler, type Sampler } from './sampler.js';

/** Whose opinion is wanted, and how often. */
export interface OpinionOptions {
  readonly runtime: TfjsRuntimeName | 'auto';
  readonly modelDirectory: string;
  readonly manifest: ModelManifest;
  readonly intervalMs: number;
  /** The process's compiled entry; another one only in tests. */
  readonly entry?: URL;
  onReport(report: SecondOpinionReport): void;
}

/** A second opinion's process, as the engine sees it. */
export interface StartedOpinion extends Pick<Sampler, 'offer'> {
  /** Ends the process without a report. Idempotent. */
  close(): void;
}

const ENTRY = new URL('./opinion-process.js', import.meta.url);

/**
 * Starts the process of a second opinion. It ends with the engine: its channel closes then. One
 * that ends before is not started again; the report says so.
 */
export function startOpinion(options: OpinionOptions): StartedOpinion {
  const { runtime, modelDirectory, manifest, intervalMs, onReport } = options;
  const child = fork(fileURLToPath(options.entry ?? ENTRY), [], {
    serialization: 'advanced',
    execArgv: [],
    // Standard output belongs to the command line.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const send = (request: OpinionRequest): void => {
    // A process that is gone is reported by its exit.
    child.send(request, ignoreSendError);
  };
  const sampler = createSampler({
    manifest,
    intervalUs: intervalMs * 1000,
    send: (sample) => send({ kind: 'sample', sample }),
    onReport,
  });
  const lost = (what: string): void => {
    const message = `The process of the second opinion ${what}.`;
    sampler.hear({ kind: 'unavailable', code: 'ECHOLINE_INFERENCE_ENGINE_DIED', message });
  };
  child.on('message', (message) => sampler.hear(message as OpinionReply));
  child.once('exit', (code, signal) => lost(`ended (${signal ?? code})`));
  child.once('error', (error) => lost(`could not be started: ${error.message}`));
  send({ kind: 'start', runtime, modelDirectory });
  return {
    offer: sampler.offer,
    close: () => {
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
    },
  };
}

function ignoreSendError(): void {}
