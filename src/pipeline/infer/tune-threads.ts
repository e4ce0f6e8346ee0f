import type { Speeds } from './compare-speed.js';

/** So many threads, or 1, 2 or 4 of at most so many, measured. */
export type ThreadsChoice = number | { readonly autoUpTo: number };

/** How many threads one inference uses, and why so many. Reported, never silent. */
export interface SelectedThreads {
  readonly count: number;
  readonly reason: string;
}

/** What was opened, and with how many threads. */
export interface Tuned<Opened> {
  readonly opened: Opened;
  readonly threads: SelectedThreads;
}

export interface TuneThreadsOptions<Opened> {
  /** More are not tried: the processors that this engine may count on. */
  readonly threadsMax: number;
  /** Opens the network; `like` is what is open already, null the first time. */
  open(threads: number, like: Opened | null): Promise<Opened>;
  close(opened: Opened): Promise<void>;
  /** Times two by turns, within a third of a second. */
  compare(a: Opened, b: Opened): Promise<Speeds>;
}

/** So many times as fast for twice the threads: each takes a processor from other streams. */
const GAIN_MIN = 1.25;
/** Two comparisons take less than a second; networks this small gain nothing beyond four. */
const CANDIDATES = [2, 4];

/**
 * Finds out how many threads one inference should use: whether a second one pays depends on the
 * network (dense convolutions gain, depthwise ones lose), on the processor and on what else it
 * does, so it is measured and not guessed. Threads are doubled as long as that is clearly faster.
 *
 * @throws EcholineError as `open` and `compare` do; nothing stays open
 */
export async function tuneThreads<Opened>(
  options: TuneThreadsOptions<Opened>,
): Promise<Tuned<Opened>> {
  const { threadsMax, open, close, compare } = options;
  const findings: string[] = [];
  let best = await open(1, null);
  let count = 1;
  for (const candidate of CANDIDATES.filter((threads) => threads <= threadsMax)) {
    try {
      const next = await open(candidate, best);
      const { aMs, bMs } = await compare(best, next).catch(async (error) => {
        await close(next);
        throw error;
      });
      findings.push(`${count} thread(s) take ${aMs.toFixed(2)} ms, ${candidate} ${bMs.toFixed(2)}`);
      const isFaster = aMs >= GAIN_MIN * bMs;
      await close(isFaster ? best : next);
      if (!isFaster) break;
      best = next;
      count = candidate;
    } catch (error) {
      await close(best);
      throw error;
    }
  }
  const rule = `twice as many are taken from ${GAIN_MIN} times as fast`;
  const said = `measured: ${findings.join('; ')}; ${rule}`;
  const reason = findings.length === 0 ? 'no other processor is free for this engine' : said;
  return { opened: best, threads: { count, reason } };
}
