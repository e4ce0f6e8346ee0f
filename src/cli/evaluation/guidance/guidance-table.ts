import type { StructureClass } from '../../../domain/structure.js';
import {
  type BlockStatistic,
  type BlockValue,
  percentileStatistic,
  ratioStatistic,
  shareStatistic,
} from '../block-statistic.js';
import type { BootstrapOptions } from '../bootstrap.js';
import {
  around,
  type Figure,
  from,
  type GuidanceRow,
  type Limits,
  partsOf,
  type Rest,
  rowOf,
  sumOf,
  upTo,
  valuesOf,
} from './guidance-row.js';
import { GUIDANCE_FPS, type PlayedProcedure } from './played-procedure.js';
import type { InjectionScore } from './spread-score.js';

const FRAME_MS = 1000 / GUIDANCE_FPS;

/**
 * Every row for one detector, in the order of the issue.
 *
 * @param played - each procedure is a block of the bootstrap
 */
export function guidanceRows(
  played: readonly PlayedProcedure[],
  bootstrap: BootstrapOptions,
): readonly GuidanceRow[] {
  const figures = [
    ...distanceFigures(played),
    ...boundFigures(played),
    ...needleFigures(played),
    ...advisoryFigures(played),
    ...passFigures(played),
    ...injectionFigures(played),
    ...costFigures(played),
  ];
  return figures.map((figure) => rowOf(figure, bootstrap));
}

function distanceFigures(played: readonly PlayedProcedure[]): readonly Figure[] {
  const errors = valuesOf(played, ({ distances }) => distances.map(({ errorMm }) => errorMm));
  const made = `${errors.length} stated distances`;
  const figure = (percent: number, name: string, reach: Limits, stretch: Limits): Figure => [
    percentileStatistic(errors, percent),
    {
      metric: `tip-to-structure distance error, ${name}`,
      unit: 'mm',
      from: made,
      reach,
      stretch,
    },
  ];
  return [figure(50, 'median', upTo(0.6), upTo(0.4)), figure(95, 'p95', upTo(2.5), upTo(1.5))];
}

function boundFigures(played: readonly PlayedProcedure[]): readonly Figure[] {
  const names = played.flatMap(({ bounds }) => bounds.map((sample) => sample.class));
  return [...new Set(names)].sort().flatMap((name) => boundFiguresOf(played, name));
}

function boundFiguresOf(
  played: readonly PlayedProcedure[],
  name: StructureClass,
): readonly Figure[] {
  const own = ({ bounds }: PlayedProcedure): readonly number[] =>
    bounds.filter((one) => one.class === name).map(({ shortfallMm }) => shortfallMm);
  const isShort = (mm: number): boolean => mm > 0;
  const parts = partsOf(played, (one) => [own(one).filter(isShort).length, own(one).length]);
  const count = sumOf(parts, 'below');
  const segments = `${count} segments${count < 1000 ? ' (fewer than 1,000)' : ''}`;
  const short = valuesOf(played, (one) => own(one).filter(isShort));
  return [
    [
      shareStatistic(parts),
      {
        metric: `0–5 mm, ${name}: true distance below the bound`,
        unit: '%',
        from: segments,
        reach: around(10, 3),
        stretch: around(10, 2),
      },
    ],
    [
      percentileStatistic(short, 95),
      {
        metric: `0–5 mm, ${name}: shortfall p95`,
        unit: 'mm',
        from: `${short.length} of ${segments}`,
        reach: upTo(1),
        stretch: upTo(0.6),
      },
    ],
  ];
}

function needleFigures(played: readonly PlayedProcedure[]): readonly Figure[] {
  const squares = partsOf(played, ({ jitter }) => [jitter.jitterSquaredMm2, jitter.jitterFrames]);
  const jumps = valuesOf(played, ({ jitter }) => jitter.jumpsMm);
  const inFrames = (times: readonly number[]): readonly number[] =>
    times.map((ms) => ms / FRAME_MS);
  const first = valuesOf(played, ({ events }) => inFrames(events.acquisitionMs));
  const again = valuesOf(played, ({ events }) => inFrames(events.reacquisitionMs));
  const hidden = partsOf(played, (one) => [one.hiddenShown, one.hiddenFrames]);
  const far = partsOf(played, (one) => [one.hiddenShownFar, one.hiddenFrames]);
  const still = { unit: 'mm', from: `${sumOf(squares, 'below')} frames` } as const;
  // 300 ms are nine frames at 30 a second; below that rate the figure is in frames.
  const soon = { unit: 'frames', reach: upTo(5), stretch: upTo(4.5) } as const;
  return [
    [
      ratioStatistic(squares, Math.sqrt),
      {
        ...still,
        metric: 'jitter of a stationary tip, RMS',
        reach: upTo(0.15),
        stretch: upTo(0.08),
      },
    ],
    [
      percentileStatistic(jumps, 99),
      { ...still, metric: 'its frame-to-frame jump, p99', reach: upTo(0.5), stretch: upTo(0.3) },
    ],
    [
      percentileStatistic(first, 95),
      { ...soon, metric: 'acquisition, p95', from: `${first.length} tips` },
    ],
    [
      percentileStatistic(again, 95),
      { ...soon, metric: 're-acquisition, p95', from: `${again.length} tips` },
    ],
    [
      shareStatistic(hidden),
      {
        metric: 'tip shown while hidden for > 500 ms',
        unit: '%',
        from: `${sumOf(hidden, 'below')} frames`,
        reach: upTo(2),
        stretch: upTo(0.5),
      },
    ],
    [
      shareStatistic(far),
      {
        metric: 'the same, more than 3 mm from the true tip',
        unit: '%',
        from: `${sumOf(far, 'below')} frames`,
      },
    ],
  ];
}

function advisoryFigures(played: readonly PlayedProcedure[]): readonly Figure[] {
  const wrong = partsOf(played, ({ advisories, frames }) => [
    advisories.falseEpisodes,
    frames / GUIDANCE_FPS / 60,
  ]);
  const missed = partsOf(played, ({ advisories }) => [advisories.missed, advisories.due]);
  const episodes = played.reduce((sum, { advisories }) => sum + advisories.episodes, 0);
  const minutes = sumOf(wrong, 'below').toFixed(1);
  return [
    [
      ratioStatistic(wrong),
      {
        metric: 'false advisories',
        unit: '/min',
        from: `${sumOf(wrong, 'above')} false ones of ${episodes} in ${minutes} minutes`,
        reach: upTo(0.2),
        stretch: upTo(0.05),
      },
    ],
    [
      shareStatistic(missed),
      {
        metric: 'missed advisories',
        unit: '%',
        from: `${sumOf(missed, 'above')} of ${sumOf(missed, 'below')} that were due`,
        reach: upTo(2),
        stretch: upTo(0.5),
      },
    ],
  ];
}

function passFigures(played: readonly PlayedProcedure[]): readonly Figure[] {
  const whole = played.filter(({ isComplete }) => isComplete);
  const within = (by: number): BlockStatistic =>
    shareStatistic(
      partsOf(whole, ({ passes, truePasses }) => [
        passes !== null && Math.abs(passes - truePasses) <= by ? 1 : 0,
        1,
      ]),
    );
  const rest = { unit: '%', from: `${whole.length} procedures` } as const;
  return [
    [within(0), { ...rest, metric: 'pass count exact', reach: from(90), stretch: from(97) }],
    [within(1), { ...rest, metric: 'pass count within 1', reach: from(99), stretch: from(100) }],
  ];
}

function injectionFigures(played: readonly PlayedProcedure[]): readonly Figure[] {
  const whole = played.filter(({ isComplete }) => isComplete);
  const wet = (one: PlayedProcedure): readonly InjectionScore[] =>
    one.injections.filter(({ hasFluid }) => hasFluid);
  const delays = valuesOf(whole, (one) => wet(one).map(({ onsetDelayMs }) => onsetDelayMs));
  const seen = delays.filter(({ value }) => value >= 0 && Number.isFinite(value)).length;
  const errors = valuesOf(whole, (one) =>
    wet(one).flatMap(({ areaError }) => (areaError === null ? [] : [areaError])),
  );
  const isFalse = ({ hasFluid, onsetDelayMs }: InjectionScore): boolean =>
    hasFluid ? onsetDelayMs < 0 : Number.isFinite(onsetDelayMs);
  const wrong = partsOf(whole, ({ injections }) => [
    injections.filter(isFalse).length,
    injections.length,
  ]);
  const marked = sumOf(wrong, 'below');
  return [
    [
      percentileStatistic(delays, 50),
      {
        metric: 'injection onset delay, median',
        unit: 'ms',
        from: `${delays.length} injections, ${seen} seen after the fluid came`,
        reach: upTo(300),
        stretch: upTo(200),
      },
    ],
    [
      percentileStatistic(errors, 50),
      {
        metric: 'injection area error, median',
        unit: '%',
        from: `${errors.length} injections`,
        reach: upTo(15),
        stretch: upTo(8),
      },
    ],
    [
      shareStatistic(wrong),
      {
        metric: 'spread seen without fluid or before it',
        unit: '%',
        from: `${sumOf(wrong, 'above')} of ${marked} injections, ${marked - delays.length} without`,
      },
    ],
  ];
}

function costFigures(played: readonly PlayedProcedure[]): readonly Figure[] {
  const steps = valuesOf(played, ({ trackGuideMs }) => trackGuideMs);
  const spread = valuesOf(played, ({ spreadMs }) => spreadMs);
  const figures = (values: readonly BlockValue[], name: string, p99: Partial<Rest>): Figure[] => {
    const rest = { unit: 'ms', from: `${values.length} frames, processor time` } as const;
    return [
      [percentileStatistic(values, 50), { ...rest, metric: `cost of ${name}, median` }],
      [percentileStatistic(values, 99), { ...rest, ...p99, metric: `cost of ${name}, p99` }],
    ];
  };
  return [
    ...figures(steps, 'track + guide', { reach: upTo(0.3), stretch: upTo(0.1) }),
    ...figures(spread, 'spread', { reach: upTo(1), stretch: upTo(0.5) }),
  ];
}
