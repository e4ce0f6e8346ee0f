import { EcholineError } from '../../domain/errors.js';
import { openBrowserDisplay } from './browser-display.js';
import { prepareClip } from './load-clip.js';
import { type LoadResult, runLoad } from './load-driver.js';
import { type LoadPlan, PLAIN_PLAN } from './load-plan.js';
import { describeMachine, readLoad } from './machine.js';
import { OWN_SERVICE, PLAIN_TARGET } from './own-service.js';
import { readCommit, readIdentity, readVersions } from './provenance.js';
import type { BenchResult } from './result.js';
import type { Target } from './target.js';

/** What `echoline bench CLIP` was asked for. */
export interface ClipBenchOptions {
  readonly path: string;
  /** A service that runs already; null = one of our own. */
  readonly to: string | null;
  readonly token: string | null;
  readonly fps: number | null;
  /** Passes over the clip. */
  readonly loops: number;
  readonly warmUpFrames: number;
  readonly jitterMs: number;
  readonly seed: number;
  /** Also draws the overlays in a browser, for `drawnUs`. */
  readonly browser: { readonly chromium: string | null } | null;
  readonly stop: AbortSignal;
}

/** What a clip showed. */
export interface ClipBench {
  readonly result: BenchResult;
  readonly load: LoadResult;
  /** ± of when overlays were drawn in the browser; null without one. */
  readonly drawnUncertaintyUs: number | null;
}

/** A percentile of less is no percentile. */
const FRAMES_MIN = 2;

/**
 * Loads a service with a clip.
 *
 * @throws EcholineError ECHOLINE_CLIP_*; ECHOLINE_CLIP_EMPTY also when too few frames are left to
 *   measure; what the service's start or the load throws
 */
export async function benchClip(options: ClipBenchOptions): Promise<ClipBench> {
  const startedAt = new Date().toISOString();
  const loadBefore = readLoad();
  const plan = await planOf(options);
  const target = await openTarget(options);
  try {
    const { model, kernels } = await readIdentity(target.url);
    const fromMs = performance.now();
    const load = await loadAndDraw(target, plan, options);
    const { figures } = load;
    const { invalidBecause } = figures;
    const meaning = figures.meaning ?? 'lossy';
    const conditions = { clip: options.path, fps: options.fps ?? 'as the clip says' };
    const measurement = { target: target.name, conditions, repetition: 0, figures };
    const suite = { suite: 'clip', measurements: [measurement], figures: [], meaning } as const;
    const result: BenchResult = {
      schema: 1,
      startedAt,
      endedAt: new Date().toISOString(),
      mode: 'clip',
      machine: describeMachine(loadBefore),
      commit: readCommit(),
      versions: readVersions(),
      model,
      kernels,
      suites: [{ ...suite, seconds: (performance.now() - fromMs) / 1000, invalidBecause }],
      rows: [],
      meaning,
      invalidBecause,
    };
    return { result, load, drawnUncertaintyUs: load.drawnUncertaintyUs };
  } finally {
    await target.close();
  }
}

/** Runs the load; beside it, where asked for, the display page in a browser. */
async function loadAndDraw(
  target: Target,
  plan: LoadPlan,
  { browser, stop }: ClipBenchOptions,
): Promise<LoadResult & { readonly drawnUncertaintyUs: number | null }> {
  if (browser === null) {
    return { ...(await runLoad(target, plan, stop)), drawnUncertaintyUs: null };
  }
  const display = await openBrowserDisplay(target.url, `${plan.streamName}-0`, browser.chromium);
  try {
    const { figures, records } = await runLoad(target, plan, stop);
    const { drawnUs, uncertaintyUs } = await display.read();
    const withDrawn = records.map((record) => ({
      ...record,
      drawnUs: drawnUs.get(record.frameId) ?? null,
    }));
    return { figures, records: withDrawn, drawnUncertaintyUs: uncertaintyUs };
  } finally {
    await display.close();
  }
}

async function planOf(options: ClipBenchOptions): Promise<LoadPlan> {
  const { path, fps, loops, warmUpFrames, jitterMs, seed, token } = options;
  const clip = { kind: 'file', path } as const;
  // Read here too: what is wrong with the clip must be said before a service starts.
  const { length } = await prepareClip(clip, fps);
  const frames = length * loops - warmUpFrames;
  if (frames < FRAMES_MIN) {
    throw new EcholineError(
      'ECHOLINE_CLIP_EMPTY',
      `${path}: expected at least ${FRAMES_MIN} frames to measure after ${warmUpFrames} of ` +
        `warm-up; there are ${length} in the clip, ${length * loops} with --loop ${loops}. ` +
        'Give a larger --loop or a smaller --warmup.',
    );
  }
  return {
    ...PLAIN_PLAN,
    clip,
    fps,
    frames,
    warmUpFrames,
    jitterMs,
    seed,
    token,
    streamName: `bench-${process.pid}`,
    keepRecords: true,
  };
}

async function openTarget({ to, stop }: ClipBenchOptions): Promise<Target> {
  if (to === null) return OWN_SERVICE.start(PLAIN_TARGET, stop);
  return { name: 'remote', url: httpUrl(to), processId: null, close: async () => undefined };
}

/** Address of the service for `fetch`, whatever scheme was given. */
function httpUrl(to: string): string {
  try {
    const url = new URL(to.replace(/^ws/, 'http'));
    if (url.protocol === 'http:' || url.protocol === 'https:') return url.href;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  const message = `--to: expected ws://HOST:PORT or http://HOST:PORT, received ${to}.`;
  throw new EcholineError('ECHOLINE_CONFIG_USAGE', message);
}
