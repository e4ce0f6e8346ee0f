import { PLAIN_TARGET } from '../own-service.js';
import { median } from './statistics.js';
import { type Suite, type SuiteContext, SuiteRecord } from './suite.js';

/** A clip of the table. */
export interface ClipCase {
  readonly format: 'gray8' | 'jpeg';
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The rows of the table come first and are all that `quick` measures. */
const CASES: readonly ClipCase[] = [
  { format: 'gray8', widthPx: 512, heightPx: 512 },
  { format: 'gray8', widthPx: 1920, heightPx: 1080 },
  { format: 'jpeg', widthPx: 640, heightPx: 480 },
  { format: 'gray8', widthPx: 640, heightPx: 480 },
  { format: 'gray8', widthPx: 1280, heightPx: 720 },
  { format: 'jpeg', widthPx: 512, heightPx: 512 },
  { format: 'jpeg', widthPx: 1280, heightPx: 720 },
  { format: 'jpeg', widthPx: 1920, heightPx: 1080 },
];
const ROWS_OF_TABLE = 3;
const FPS = 30;
/** Runs of each floor in a turn; 5 turns of 300 are enough for a 99th percentile. */
const FLOOR_RUNS_MAX = 300;

/** One cart and one display at 30 frames/s; beside each load the floors, in turns. */
export const endToEnd: Suite = async (context) => {
  const record = new SuiteRecord(context);
  const target = await context.targets.own(1);
  const cases = context.mode === 'full' ? CASES : casesOf(context, CASES.slice(0, ROWS_OF_TABLE));
  for (const [index, one] of cases.entries()) {
    const clip = { kind: 'phantom', seed: 7, images: context.scale.images, ...one } as const;
    const { repetitions } = context.scale;
    const turns = index < ROWS_OF_TABLE ? repetitions : 1;
    await record.meaningPass(target, { clip });
    const floors: FloorSample[] = [];
    for (let repetition = 0; repetition < turns; repetition++) {
      await record.measure(target, { clip, fps: FPS }, { ...one }, repetition);
      const sample = index < ROWS_OF_TABLE ? await measureFloors(context, one) : null;
      if (sample !== null) floors.push(sample);
    }
    addFloors(record, one, floors);
  }
  return record.findings();
};

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

interface FloorSample {
  readonly p50: number;
  readonly p99: number;
}

/** Paced raw `run()` and a `ws` echo of as many bytes, one after the other; null where unknown. */
async function measureFloors(context: SuiteContext, one: ClipCase): Promise<FloorSample | null> {
  const { floors, scale } = context;
  if (floors === null) return null;
  const { intraOpThreads, modelDirectory, precision } = PLAIN_TARGET;
  context.say('floors: run() paced, ws echo');
  const runs = Math.min(FLOOR_RUNS_MAX, scale.frames);
  const run = await floors.rawRun({
    pacedHz: FPS,
    runs,
    intraOpThreads,
    modelDirectory,
    precision,
  });
  const echo = await floors.wsEcho({
    messageBytes: messageBytesOf(one),
    fps: FPS,
    messages: runs,
  });
  return { p50: run.latencyMs.p50 + echo.p50, p99: run.latencyMs.p99 + echo.p99 };
}

function addFloors(record: SuiteRecord, one: ClipCase, samples: readonly FloorSample[]): void {
  if (samples.length === 0) return;
  record.figure(`${floorName(one)} p50`, median(samples.map(({ p50 }) => p50)), 'ms');
  record.figure(`${floorName(one)} p99`, median(samples.map(({ p99 }) => p99)), 'ms');
}

/** About as many bytes as a frame of the case: a speckled image as JPEG takes 0.4 bytes a pixel. */
function messageBytesOf({ format, widthPx, heightPx }: ClipCase): number {
  return Math.round(64 + widthPx * heightPx * (format === 'jpeg' ? 0.4 : 1));
}
