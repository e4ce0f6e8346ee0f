import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type {
  ProcedureClip,
  ProcedureClipOptions,
  ProcedureFrame,
} from '../../../phantom/procedure/procedure-clip.js';

/** Frames that a procedure is rendered ahead of its reader. */
const AHEAD = 8;

/** A scripted procedure that is rendered in a thread of its own. */
export interface RenderedProcedure {
  readonly course: Pick<
    ProcedureClip,
    'probeGeometry' | 'frameCount' | 'side' | 'passes' | 'redirections' | 'events'
  >;
  frames(): AsyncGenerator<ProcedureFrame>;
  /** Ends the thread. Idempotent. */
  close(): Promise<void>;
}

/** Starts to render a procedure. */
export async function renderProcedure(options: ProcedureClipOptions): Promise<RenderedProcedure> {
  const worker = new Worker(new URL('./render-worker.js', import.meta.url), {
    workerData: options,
  });
  const messages = on(worker, 'message');
  const receive = async (): Promise<unknown> => {
    const { value } = (await messages.next()) as { value: [unknown] };
    return value[0];
  };
  const course = (await receive()) as RenderedProcedure['course'];
  for (let ahead = 0; ahead < AHEAD; ahead++) worker.postMessage('frame');
  return {
    course,
    async *frames() {
      for (let index = 0; index < course.frameCount; index++) {
        const frame = (await receive()) as ProcedureFrame;
        worker.postMessage('frame');
        yield frame;
      }
    },
    async close() {
      await worker.terminate();
    },
  };
}
