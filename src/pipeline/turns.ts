/** Carries out a task when those before it are done; resolves or rejects as the task does. */
export type Turns = <Result>(task: () => Promise<Result>) => Promise<Result>;

/**
 * Turns of something that can do one thing at a time. The first task begins before the call
 * returns: what waits for a promise also waits for everything else that the event loop has to do
 * after the present event (docs/performance.md).
 */
export function createTurns(): Turns {
  let last: Promise<void> | null = null;
  return (task) => {
    const result = last === null ? task() : last.then(task);
    const free = () => {
      if (last === done) last = null;
    };
    // The next task waits for this one whatever becomes of it; the caller gets the error.
    const done: Promise<void> = result.then(free, free);
    last = done;
    return result;
  };
}
