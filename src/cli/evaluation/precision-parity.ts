import { distancePx } from '../../domain/geometry.js';
import type { Pipeline } from '../../pipeline/pipeline.js';
import { rounded } from '../percentiles.js';
import { type BlockValue, percentileStatistic } from './block-statistic.js';
import { type BootstrapOptions, bootstrapInterval, type Interval } from './bootstrap.js';
import { type EvaluationOptions, ModeTally, type ScoredFrame, scoreSequence } from './evaluate.js';
import type { EvaluationSequence } from './evaluation-frame.js';
import type { Spread } from './tally.js';

/** How far the int8 network is from the fp32 one on the same frames, each frame for itself. */
export interface PrecisionParity {
  readonly frames: number;
  /** Frames on which both, only one, or none of the two stated a tip. */
  readonly bothTips: number;
  readonly oneTip: number;
  /** Distance of the two tips where both stated one, px of the image. */
  readonly tipShiftPx: Spread;
  readonly intervals: {
    readonly 'tipShiftPx.median': Interval | null;
    readonly 'tipShiftPx.p95': Interval | null;
  };
  /** int8 minus fp32, pooled Dice per class; null where neither has any. */
  readonly diceChange: Readonly<Record<string, number | null>>;
}

/** Runs sequences through both networks. */
export async function comparePrecisions(
  pipelines: { readonly fp32: Pipeline; readonly int8: Pipeline },
  sequences: Iterable<EvaluationSequence>,
  options: Omit<EvaluationOptions, 'modes' | 'hasStructures' | 'onScored'>,
): Promise<PrecisionParity> {
  const tallies = { fp32: new ModeTally('stills'), int8: new ModeTally('stills') };
  const shifts: BlockValue[] = [];
  let frames = 0;
  let oneTip = 0;
  let block = 0;
  for (const sequence of sequences) {
    block += 1;
    const scored: Record<'fp32' | 'int8', ScoredFrame[]> = { fp32: [], int8: [] };
    const rendered: ScoredFrame['truth'][] = [];
    for await (const frame of sequence.frames()) rendered.push(frame);
    const replay = {
      ...sequence,
      async *frames() {
        yield* rendered;
      },
    };
    for (const precision of ['fp32', 'int8'] as const) {
      await scoreSequence(pipelines[precision], replay, block, [tallies[precision]], {
        stop: options.stop,
        hasStructures: true,
        onFrame: () => options.onFrame(++frames),
        onScored: (frame) => scored[precision].push(frame),
      });
    }
    for (const [index, { findings }] of scored.fp32.entries()) {
      const a = findings.needle.tip;
      const b = scored.int8[index]?.findings.needle.tip ?? null;
      if (a !== null && b !== null) shifts.push({ block, value: distancePx(a, b) });
      else if (a !== b) oneTip += 1;
    }
    if (options.stop.aborted) break;
  }
  const parity = shiftSpread(shifts, options.bootstrap);
  const before = tallies.fp32.headline.figures(null).dice;
  const after = tallies.int8.headline.figures(null).dice;
  const change = (name: string): number | null => {
    const [old, now] = [before[name] ?? null, after[name] ?? null];
    return old === null || now === null ? null : rounded(now - old, 4);
  };
  const diceChange = Object.fromEntries(Object.keys(before).map((name) => [name, change(name)]));
  return { frames: frames / 2, bothTips: shifts.length, oneTip, ...parity, diceChange };
}

function shiftSpread(
  shifts: readonly BlockValue[],
  bootstrap: BootstrapOptions | null,
): Pick<PrecisionParity, 'tipShiftPx' | 'intervals'> {
  const weights = Array.from({ length: 1 + (shifts.at(-1)?.block ?? 0) }, () => 1);
  const median = percentileStatistic(shifts, 50);
  const p95 = percentileStatistic(shifts, 95);
  return {
    tipShiftPx: {
      median: rounded(median.valueAt(weights), 3),
      p95: rounded(p95.valueAt(weights), 3),
    },
    intervals: {
      'tipShiftPx.median': bootstrap && bootstrapInterval(median, bootstrap),
      'tipShiftPx.p95': bootstrap && bootstrapInterval(p95, bootstrap),
    },
  };
}
