import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Frame } from '../domain/frame.js';
import { COLLECTOR_FLAGS } from './collector-flags.js';
import { createEngineMemory, type EngineMemory, type PayloadPlace } from './engine-memory.js';
import {
  type EngineOptions,
  type EngineReply,
  type EngineResult,
  type EngineStart,
  FRAME_SOCKET_DESCRIPTOR,
  type FrameReply,
  type FrameRequest,
  type StreamNote,
} from './engine-messages.js';
import { createRecordReader, writeRecord } from './record-stream.js';
import { readableFindings } from './written-findings.js';

export interface EngineLinkOptions {
  readonly entry: URL;
  readonly engine: EngineOptions;
  /** Largest payload that shared memory is made for; null = all go through the socket. */
  readonly sharedPayloadBytesMax: number | null;
  onReply(reply: EngineReply): void;
  onResult(reply: FrameReply, result: EngineResult): void;
  /** The process or a way to it is gone; may be called several times. */
  onLost(what: string): void;
}

/**
 * A young generation of 2 MB instead of 16. ONNX Runtime leaves copies of its outputs behind, 300
 * KB a frame outside the heap, which only a collection frees; long before the 16 MB were full they
 * made V8 collect the whole heap, every 25 frames (docs/performance.md).
 */
const ENGINE_FLAGS: readonly string[] = ['--max-semi-space-size=2', ...COLLECTOR_FLAGS];

/**
 * An engine process with all ways to it: IPC for its life, a socket for frames and results, memory
 * for pixels. It carries; `EngineHandle` judges.
 */
export class EngineLink {
  readonly #options: EngineLinkOptions;
  readonly #child: ChildProcess;
  readonly #memory: EngineMemory | null;
  readonly #frames: Socket | null;
  /** Of the frames in the engine, oldest first; null for one that went through the socket. */
  readonly #places: (PayloadPlace | null)[] = [];
  /** Resolves when the process is gone or was never there. */
  readonly exited: Promise<void>;

  constructor(options: EngineLinkOptions) {
    this.#options = options;
    const { sharedPayloadBytesMax } = options;
    this.#memory =
      sharedPayloadBytesMax === null ? null : createEngineMemory(sharedPayloadBytesMax);
    this.#child = fork(fileURLToPath(options.entry), [], {
      serialization: 'advanced',
      execArgv: [...ENGINE_FLAGS],
      // Standard output belongs to the command line; an engine may only write to standard error.
      stdio: ['ignore', 2, 2, 'ipc', 'pipe', this.#memory?.descriptor ?? 'ignore'],
    });
    this.#memory?.forgetDescriptor();
    this.#frames = (this.#child.stdio?.[FRAME_SOCKET_DESCRIPTOR] as Socket | undefined) ?? null;
    this.exited = new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
      this.#child.once('error', () => resolve());
    });
    this.#listen();
    const memoryBytes = this.#memory?.bytes ?? null;
    const start: EngineStart = { kind: 'start', options: options.engine, memoryBytes };
    this.#child.send(start, (error) => {
      if (error !== null) options.onLost(`did not take a message: ${error.message}`);
    });
  }

  /** null when the process could not be started. */
  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  /** Sends what the engine has to know about a stream, in order with its frames. */
  sendNote(note: StreamNote): void {
    if (this.#frames !== null) writeRecord(this.#frames, note);
  }

  /** Sends a frame; its payload must not change until the result came. */
  sendFrame(request: Omit<FrameRequest, 'kind' | 'frame' | 'place'>, frame: Frame): void {
    if (this.#frames === null) return;
    const { payload, ...rest } = frame;
    const put = this.#memory?.put(payload) ?? null;
    this.#places.push(put);
    const place = put && { atBytes: put.atBytes, lengthBytes: payload.byteLength };
    const head: FrameRequest = { kind: 'frame', ...request, frame: rest, place };
    if (place === null) writeRecord(this.#frames, head, payload);
    else writeRecord(this.#frames, head);
  }

  /** Lets the process end by itself. */
  disconnect(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  /** Ends the process and gives the memory back. Idempotent. */
  kill(): void {
    this.#child.kill('SIGKILL');
    this.#release();
  }

  #listen(): void {
    const { onReply, onLost } = this.#options;
    this.#child.on('message', (message) => onReply(message as EngineReply));
    this.#child.once('exit', (code, signal) => {
      this.#release();
      onLost(`exited (${signal ?? code})`);
    });
    this.#child.once('disconnect', () => onLost('closed its channel'));
    this.#child.once('error', (error) => onLost(`could not be started: ${error.message}`));
    const read = createRecordReader((head, body) => this.#hearResult(head as FrameReply, body));
    this.#frames?.on('data', read);
    // The end of the process says the same; an error here must only not go unheard.
    this.#frames?.on('error', (error) => onLost(`closed its frame socket: ${error.message}`));
  }

  #hearResult(reply: FrameReply, body: Uint8Array): void {
    // Answers come in the order of the frames.
    const place = this.#places.shift() ?? null;
    if (place !== null) this.#memory?.free(place);
    const { result } = reply;
    const { onResult } = this.#options;
    if (result.kind !== 'ok') {
      onResult(reply, result);
      return;
    }
    const { kind, stageMs } = result;
    onResult(reply, { kind, findings: readableFindings(body), stageMs });
  }

  #release(): void {
    this.#frames?.destroy();
    this.#memory?.close();
  }
}
