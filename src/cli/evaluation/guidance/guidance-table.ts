import { percentile } from '../../percentiles.js';
import type { PlayedProcedure } from './guidance-suite.js';

/** A row of issue 6's table: the figure, what it should reach, and how much it rests on. */
export interface GuidanceRow {
  readonly metric: string;
  readonly unit: 'mm' | '%' | 'ms' | '/min' | 'frames';
  /** null: nothing to measure it from. Infinity: never. */
  readonly value: number | null;
  readonly reach: { readonly low: number; readonly high: number };
  readonly stretch: { readonly low: number; readonly high: number };
  /** What it was made from, in words. */
  readonly from: string;
}

type Limits = GuidanceRow['reach'];
const upTo = (high: number): Limits => ({ low: Number.NEGATIVE_INFINITY, high });
const from = (low: number): Limits => ({ low, high: Number.POSITIVE_INFINITY });
const around = (middle: number, by: number): Limits => ({ low: middle - by, high: middle + by });

const FRAME_MS = 1000 / 15;

/** Every row, in the order of the issue. */
export function guidanceRows(played: readonly PlayedProcedure[]): readonly GuidanceRow[] {
  return [
    ...distanceRows(played),
    ...boundRows(played),
    ...needleRows(played),
    ...advisoryRows(played),
    ...passRows(played),
    ...injectionRows(played),
    ...costRows(played),
  ];
}

/** Whether a row reaches its figure. */
export function verdictOf({ value, reach, stretch }: GuidanceRow): string {
  if (value === null) return 'no data';
  const isWithin = ({ low, high }: Limits): boolean => value >= low && value <= high;
  if (isWithin(stretch)) return 'met, stretch too';
  return isWithin(reach) ? 'met' : 'missed';
}

function distanceRows(played: readonly PlayedProcedure[]): readonly GuidanceRow[] {
  const errors = played.flatMap(({ distances }) => distances.map(({ errorMm }) => errorMm));
  const rest = { unit: 'mm', from: `${errors.length} stated distances` } as const;
  const metric = 'tip-to-structure distance error';
  return [
    row(`${metric}, median`, percentile(errors, 50), upTo(0.6), upTo(0.4), rest),
    row(`${metric}, p95`, percentile(errors, 95), upTo(2.5), upTo(1.5), rest),
  ];
}

function boundRows(played: readonly PlayedProcedure[]): readonly GuidanceRow[] {
  const samples = played.flatMap(({ bounds }) => bounds);
  const classes = [...new Set(samples.map((sample) => sample.class))].sort();
  return classes.flatMap((name) => {
    const own = samples.filter((sample) => sample.class === name);
    const short = own.map(({ shortfallMm }) => shortfallMm).filter((mm) => mm > 0);
    const segments = `${own.length} segments${own.length < 1000 ? ' (fewer than 1,000)' : ''}`;
    const below = share(short.length, own.length);
    return [
      row(`0–5 mm, ${name}: true distance below the bound`, below, around(10, 3), around(10, 2), {
        unit: '%',
        from: segments,
      }),
      row(`0–5 mm, ${name}: shortfall p95`, percentile(short, 95), upTo(1), upTo(0.6), {
        unit: 'mm',
        from: `${short.length} of ${segments}`,
      }),
    ];
  });
}

function needleRows(played: readonly PlayedProcedure[]): readonly GuidanceRow[] {
  const sum = (of: (one: PlayedProcedure) => number): number =>
    played.reduce((total, one) => total + of(one), 0);
  const frames = sum(({ jitter }) => jitter.jitterFrames);
  const squared = sum(({ jitter }) => jitter.jitterSquaredMm2);
  const jumps = played.flatMap(({ jitter }) => jitter.jumpsMm);
  const first = played.flatMap(({ events }) => events.acquisitionMs);
  const again = played.flatMap(({ events }) => events.reacquisitionMs);
  const inFrames = (times: readonly number[]): number | null => {
    const ms = percentile(times, 95);
    return ms === null ? null : ms / FRAME_MS;
  };
  const hidden = sum(({ hiddenFrames }) => hiddenFrames);
  const still = { unit: 'mm', from: `${frames} frames` } as const;
  const rms = frames === 0 ? null : Math.sqrt(squared / frames);
  // 300 ms are nine frames at 30 a second; below that rate the figure is in frames.
  return [
    row('jitter of a stationary tip, RMS', rms, upTo(0.15), upTo(0.08), still),
    row('its frame-to-frame jump, p99', percentile(jumps, 99), upTo(0.5), upTo(0.3), still),
    row('acquisition, p95', inFrames(first), upTo(5), upTo(4.5), {
      unit: 'frames',
      from: `${first.length} tips`,
    }),
    row('re-acquisition, p95', inFrames(again), upTo(5), upTo(4.5), {
      unit: 'frames',
      from: `${again.length} tips`,
    }),
    row(
      'tip shown while hidden for > 500 ms',
      share(
        sum(({ hiddenShown }) => hiddenShown),
        hidden,
      ),
      upTo(2),
      upTo(0.5),
      { unit: '%', from: `${hidden} frames` },
    ),
  ];
}

function advisoryRows(played: readonly PlayedProcedure[]): readonly GuidanceRow[] {
  const sum = (of: (one: PlayedProcedure['advisories']) => number): number =>
    played.reduce((total, { advisories }) => total + of(advisories), 0);
  const minutes = played.reduce((total, one) => total + one.frames, 0) / 15 / 60;
  const wrong = sum(({ falseEpisodes }) => falseEpisodes);
  const due = sum((one) => one.due);
  return [
    row('false advisories', minutes === 0 ? null : wrong / minutes, upTo(0.2), upTo(0.05), {
      unit: '/min',
      from: `${sum(({ episodes }) => episodes)} in ${minutes.toFixed(1)} minutes`,
    }),
    row(
      'missed advisories',
      share(
        sum(({ missed }) => missed),
        due,
      ),
      upTo(2),
      upTo(0.5),
      { unit: '%', from: `${due} that were due` },
    ),
  ];
}

function passRows(played: readonly PlayedProcedure[]): readonly GuidanceRow[] {
  const whole = played.filter(({ isComplete }) => isComplete);
  const within = (by: number): number | null =>
    share(
      whole.filter((one) => one.passes !== null && Math.abs(one.passes - one.truePasses) <= by)
        .length,
      whole.length,
    );
  const rest = { unit: '%', from: `${whole.length} procedures` } as const;
  return [
    row('pass count exact', within(0), from(90), from(97), rest),
    row('pass count within 1', within(1), from(99), from(100), rest),
  ];
}

function injectionRows(played: readonly PlayedProcedure[]): readonly GuidanceRow[] {
  const all = played.filter((one) => one.isComplete).flatMap((one) => one.injections);
  const delays = all.map(({ onsetDelayMs }) => onsetDelayMs);
  const seen = delays.filter((ms) => ms >= 0 && Number.isFinite(ms)).length;
  const early = delays.filter((ms) => ms < 0).length;
  const errors = all.flatMap(({ areaError }) => (areaError === null ? [] : [100 * areaError]));
  const seenWords = `${all.length} injections: ${seen} seen, ${early} before there was fluid`;
  return [
    row('injection onset delay, median', percentile(delays, 50), upTo(300), upTo(200), {
      unit: 'ms',
      from: seenWords,
    }),
    row('injection area error, median', percentile(errors, 50), upTo(15), upTo(8), {
      unit: '%',
      from: `${errors.length} injections`,
    }),
  ];
}

function costRows(played: readonly PlayedProcedure[]): readonly GuidanceRow[] {
  const steps = played.flatMap(({ trackGuideMs }) => trackGuideMs);
  const spread = played.flatMap(({ spreadMs }) => spreadMs);
  return [
    row('cost of track + guide, p99', percentile(steps, 99), upTo(0.3), upTo(0.1), {
      unit: 'ms',
      from: `${steps.length} frames`,
    }),
    row('cost of spread, p99', percentile(spread, 99), upTo(1), upTo(0.5), {
      unit: 'ms',
      from: `${spread.length} frames`,
    }),
  ];
}

function row(
  metric: string,
  value: number | null,
  reach: Limits,
  stretch: Limits,
  rest: Pick<GuidanceRow, 'unit' | 'from'>,
): GuidanceRow {
  return { metric, value, reach, stretch, ...rest };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : (100 * part) / whole;
}
