import { isEcholineError } from '../../domain/errors.js';
import { OWN_SERVICE, PLAIN_TARGET } from './own-service.js';
import type { Target, TargetKind, TargetOptions } from './target.js';

/** Targets that suites share: starting one takes as long as many a load. */
export interface TargetPool {
  /**
   * A service of our own; with `workers` engines, and room for what the suites do to it. A patient
   * one serves everybody with one engine.
   */
  own(workers: number): Promise<Target>;
  /**
   * A target of any kind under the same conditions; why there is none, in words, otherwise. A peer
   * that does not come up costs its rows, never the run.
   */
  peer(kind: TargetKind, workers: number | null): Promise<Target | string>;
  /**
   * Ends a target of this pool and starts it anew behind the same handle, after a load that failed:
   * what comes next must not meet what is left of it.
   *
   * @throws EcholineError in words when it does not come up
   */
  restart(target: Target): Promise<void>;
  /** Ends them all; one that is asked for again starts anew. */
  close(): Promise<void>;
}

/** Most streams and displays of one stream that a suite uses. */
const STREAMS = 64;
const DISPLAYS = 100;

/** An empty pool; targets start when they are asked for. */
export function createTargetPool(isPatient: boolean, stop: AbortSignal): TargetPool {
  const started = new Map<string, Promise<Handle>>();
  const get = (kind: TargetKind, options: TargetOptions) => {
    const key = `${kind.name} ${options.workers}`;
    const known = started.get(key) ?? startHandle(() => kind.start(options, stop));
    started.set(key, known);
    return known;
  };
  const options = { ...PLAIN_TARGET, streams: STREAMS, displays: DISPLAYS, isPatient };
  return {
    own: (workers) => get(OWN_SERVICE, { ...options, workers: isPatient ? 1 : workers }),
    async peer(kind, workers) {
      try {
        const reason = await kind.whyUnavailable();
        return reason ?? (await get(kind, { ...options, workers }));
      } catch (error) {
        if (isEcholineError(error) && !stop.aborted) return error.message;
        throw error;
      }
    },
    async restart(target) {
      for (const one of await Promise.allSettled(started.values())) {
        if (one.status === 'fulfilled' && one.value === target) await one.value.restart();
      }
    },
    async close() {
      const all = await Promise.allSettled(started.values());
      started.clear();
      await Promise.all(
        all.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)),
      );
    },
  };
}

/** A target whose process may be another one later. */
interface Handle extends Target {
  restart(): Promise<void>;
}

async function startHandle(start: () => Promise<Target>): Promise<Handle> {
  let live = await start();
  return {
    get name() {
      return live.name;
    },
    get url() {
      return live.url;
    },
    get processId() {
      return live.processId;
    },
    close: () => live.close(),
    async restart() {
      await live.close();
      live = await start();
    },
  };
}
