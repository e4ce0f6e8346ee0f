import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { EcholineError } from '../../../domain/errors.js';
import type { LoadPlan } from '../load-plan.js';
import type {
  DisplayFindings,
  DisplayGroup,
  DisplayReply,
  DisplayRequest,
} from './display-messages.js';

/** The displays of a load, on threads of their own. */
export interface LoadDisplays {
  read(): Promise<DisplayFindings>;
  /** Ends the connections and the threads. */
  close(): Promise<void>;
}

/** What displays need of the load, and whom they tell. */
export interface LoadDisplaysOptions {
  readonly url: string;
  readonly plan: LoadPlan;
  readonly streamIds: readonly string[];
  /** `FrameLedger.memory`, one a stream. */
  readonly ledgers: readonly SharedArrayBuffer[];
  /** An overlay was taken; called in a closed loop only. */
  readonly onTook: () => void;
  readonly onLost: (error: EcholineError) => void;
}

/**
 * Opens every stream's first display on one thread, all others on a second one.
 *
 * @throws EcholineError (rejects) that says in words why there is no connection
 */
export async function openDisplays(options: LoadDisplaysOptions): Promise<LoadDisplays> {
  const { url, plan, streamIds, ledgers } = options;
  const { displays, stalledDisplays } = plan;
  const common = { url, token: plan.token ?? undefined, streamIds };
  const isTelling = plan.pace === 'closed';
  const first = { ...common, each: 1, stalled: 0, ledgers, isTelling };
  const rest = { ...common, each: displays - 1, stalled: stalledDisplays };
  const groups: DisplayGroup[] = displays === 0 ? [] : [first];
  if (displays > 1) groups.push({ ...rest, ledgers: null, isTelling: false });
  const threads = await Promise.all(groups.map((group) => openGroup(group, options)));
  return {
    read: () => threads[0]?.read() ?? Promise.resolve(NOTHING_FOUND),
    async close() {
      await Promise.all(threads.map((one) => one.close()));
    },
  };
}

const NOTHING_FOUND: DisplayFindings = { meanings: [], clockUncertaintyUs: null };

async function openGroup(
  group: DisplayGroup,
  { onTook, onLost }: LoadDisplaysOptions,
): Promise<LoadDisplays> {
  const worker = new Worker(new URL('./display-thread.js', import.meta.url), {
    workerData: group,
  });
  const ended = once(worker, 'exit');
  const ask = (request: DisplayRequest) => worker.postMessage(request);
  let onFindings: (findings: DisplayFindings) => void = () => undefined;
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.on('message', (reply: DisplayReply) => {
      if (reply.kind === 'open') resolve();
      else if (reply.kind === 'took') onTook();
      else if (reply.kind === 'findings') onFindings(reply.findings);
      else {
        const error = new EcholineError(reply.code, reply.message);
        reject(error);
        onLost(error);
      }
    });
  });
  return {
    read: () =>
      new Promise((resolve) => {
        onFindings = resolve;
        ask('read');
      }),
    async close() {
      ask('close');
      await ended;
    },
  };
}
