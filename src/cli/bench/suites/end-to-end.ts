import { median } from '../../../domain/median.js';
import { phantomClip } from '../load-clip.js';
import type { LatencyFigures } from '../load-figures.js';
import type { LoadPlan } from '../load-plan.js';
import { PLAIN_TARGET } from '../own-service.js';
import { limitClip, type Suite, type SuiteContext, SuiteRecord } from './suite.js';

/** A clip of the table. */
export interface ClipCase {
  readonly format: 'gray8' | 'jpeg';
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Those of the table's rows: all that `quick` measures. */
export const TABLE_CASES: readonly ClipCase[] = [
  { format: 'gray8', widthPx: 512, heightPx: 512 },
  { format: 'gray8', widthPx: 1920, heightPx: 1080 },
  { format: 'jpeg', widthPx: 640, heightPx: 480 },
];
const OTHER_CASES: readonly ClipCase[] = [
  { format: 'gray8', widthPx: 640, heightPx: 480 },
  { format: 'gray8', widthPx: 1280, heightPx: 720 },
  { format: 'jpeg', widthPx: 512, heightPx: 512 },
  { format: 'jpeg', widthPx: 1280, heightPx: 720 },
  { format: 'jpeg', widthPx: 1920, heightPx: 1080 },
];
const FPS = 30;
/** Runs of each floor in a turn; 5 turns of 300 are enough for a 99th percentile … */
export const FLOOR_RUNS_MAX = 300;
/** … and half as many where a row of the table asks for a median only. */
export const FLOOR_RUNS_OF_MEDIAN = 150;
/** Sizes that no row of the table asks for are measured once, for `cost`. */
export const OTHER_FRAMES_MAX = 150;
/** Of the echo's short answer, in place of an overlay. */
const OVERLAY_BYTES = 11_000;
const HEADER_BYTES = 64;

/** One cart and one display at 30 frames/s; beside each load of the table the floors, in turns. */
export const endToEnd: Suite = async (context) => {
  const record = new SuiteRecord(context);
  const target = await context.targets.own(1);
  const rows = casesOf(context, TABLE_CASES);
  const others = context.mode === 'full' ? OTHER_CASES : [];
  for (const one of [...rows, ...others]) {
    await record.meaningPass(target, { clip: clipOf(context, one) });
  }
  const { repetitions } = context.scale;
  const floors = new Map<ClipCase, FloorSample[]>(rows.map((one) => [one, []]));
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const runMs = await measureRun(context);
    for (const one of rows) {
      await measureCase(context, record, one, repetition);
      const sample = await measureFloor(context, one, runMs);
      if (sample !== null) floors.get(one)?.push(sample);
    }
  }
  for (const [one, samples] of floors) addFloors(record, one, samples);
  const frames = Math.min(OTHER_FRAMES_MAX, context.scale.frames);
  for (const one of others) await measureCase(context, record, one, 0, { frames });
  return record.findings();
};

async function measureCase(
  context: SuiteContext,
  record: SuiteRecord,
  one: ClipCase,
  repetition: number,
  changes: Partial<LoadPlan> = {},
): Promise<void> {
  const target = await context.targets.own(1);
  const clip = clipOf(context, one);
  await record.measureOrName(target, { clip, fps: FPS, ...changes }, { ...one }, repetition);
}

/** The phantom's loop in this format and size. */
export function clipOf({ scale }: SuiteContext, one: ClipCase) {
  return { kind: 'phantom', seed: 7, images: scale.images, ...one } as const;
}

/** Where all sizes are the same small one, one case of each format says everything. */
export function casesOf({ scale }: SuiteContext, cases: readonly ClipCase[]): readonly ClipCase[] {
  if (scale.sizeMaxPx === null) return cases;
  return cases.filter(
    ({ format }, index) => cases.findIndex((one) => one.format === format) === index,
  );
}

/** How the figures of a case's floors begin. */
export function floorName({ format, widthPx, heightPx }: ClipCase): string {
  return `floor ${format} ${widthPx} × ${heightPx}`;
}

/** What no service can do without, ms: `run()` and the echo, the echo in both forms. */
interface FloorSample {
  readonly p50: number;
  readonly p99: number;
  readonly shortP50: number;
}

type RunMs = Pick<LatencyFigures, 'p50' | 'p99'>;

/** The network by itself, paced as the clip is; null where floors are not measured. */
async function measureRun({ floors, scale, say }: SuiteContext): Promise<RunMs | null> {
  if (floors === null) return null;
  say('floor: run() paced');
  const { intraOpThreads, modelDirectory, precision } = PLAIN_TARGET;
  const runs = Math.min(FLOOR_RUNS_MAX, scale.frames);
  const options = { pacedHz: FPS, runs, intraOpThreads, modelDirectory, precision };
  return (await floors.rawRun(options)).latencyMs;
}

/** An echo of the same bytes on top of `run()`; null without it. */
async function measureFloor(
  context: SuiteContext,
  one: ClipCase,
  runMs: RunMs | null,
): Promise<FloorSample | null> {
  const { floors, scale, say } = context;
  if (floors === null || runMs === null) return null;
  const messageBytes = await messageBytesOf(context, one);
  say(`floor: ws echo of ${messageBytes} bytes`);
  const load = { messageBytes, fps: FPS };
  const enough = one === TABLE_CASES[0] ? FLOOR_RUNS_MAX : FLOOR_RUNS_OF_MEDIAN;
  const messages = Math.min(enough, scale.frames);
  const { same, short } = await floors.wsEcho({ ...load, messages, answerBytes: OVERLAY_BYTES });
  return {
    p50: runMs.p50 + same.p50,
    p99: runMs.p99 + same.p99,
    shortP50: runMs.p50 + short.p50,
  };
}

function addFloors(record: SuiteRecord, one: ClipCase, samples: readonly FloorSample[]): void {
  if (samples.length === 0) return;
  const name = floorName(one);
  record.figure(`${name} p50`, median(samples.map(({ p50 }) => p50)), 'ms');
  record.figure(`${name} p99`, median(samples.map(({ p99 }) => p99)), 'ms');
  record.figure(`${name} p50, short answer`, median(samples.map(({ shortP50 }) => shortP50)), 'ms');
}

/** Bytes of a frame's message: exact for gray8, the mean over the loop for JPEG. */
async function messageBytesOf(context: SuiteContext, one: ClipCase): Promise<number> {
  const frames = await phantomClip(limitClip(clipOf(context, one), context.scale.sizeMaxPx));
  const bytes = frames.reduce((sum, { payload }) => sum + payload.length, 0);
  return HEADER_BYTES + Math.round(bytes / frames.length);
}
