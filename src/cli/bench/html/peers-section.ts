import { median } from '../../../domain/median.js';
import { escapeHtml, htmlTable } from '../../html/escape.js';
import { LOAD_METRICS, type LoadMetric } from '../compare/load-metrics.js';
import { type RatioInterval, ratioInterval } from '../compare/ratio-interval.js';
import type { Measurement } from '../result.js';
import { validWhereAny } from '../result-reading.js';
import { type RatioBar, ratioChart, words3 } from './bars.js';

const OWN = 'echoline';
/** Which metrics of each load of the suite `peers` say something. */
const METRICS_OF_LOAD: Readonly<Record<string, readonly string[]>> = {
  paced: ['p50', 'p99', 'cpu', 'memory'],
  throughput: ['throughput', 'cpu'],
  twice: ['age-p50', 'age-p99'],
};

/** One number of Echoline over the same of a peer. */
export interface PeerRatio {
  readonly peer: string;
  readonly load: string;
  readonly metric: LoadMetric;
  /** Medians of the repetitions. */
  readonly own: number;
  readonly theirs: number;
  /** null with fewer than five repetitions: the quotient of the medians is indicative. */
  readonly interval: RatioInterval | null;
}

/** Echoline over every peer, from repetitions that took turns. */
export function peerRatios(measurements: readonly Measurement[]): readonly PeerRatio[] {
  const peers = [...new Set(measurements.map(({ target }) => target))].filter((one) => one !== OWN);
  return peers.flatMap((peer) =>
    Object.entries(METRICS_OF_LOAD).flatMap(([load, names]) =>
      LOAD_METRICS.filter(({ name }) => names.includes(name)).flatMap((metric) => {
        const valuesOf = (target: string) =>
          validWhereAny(
            measurements.filter(
              ({ target: of, conditions }) => of === target && conditions.load === load,
            ),
          ).flatMap(({ figures }) => metric.read(figures) ?? []);
        const [own, theirs] = [valuesOf(OWN), valuesOf(peer)];
        if (own.length === 0 || theirs.length === 0) return [];
        const interval = ratioInterval(own, theirs);
        return { peer, load, metric, own: median(own), theirs: median(theirs), interval };
      }),
    ),
  );
}

/** Whose the better number is; `open` where the interval holds 1, or there is none. */
export function winnerOf({ metric, interval }: PeerRatio): 'echoline' | 'peer' | 'open' {
  if (interval === null || (interval.low <= 1 && interval.high >= 1)) return 'open';
  return interval.ratio > 1 === metric.isMoreBetter ? 'echoline' : 'peer';
}

/** Table and picture of the ratios, and in words where a peer wins. */
export function peersSection(measurements: readonly Measurement[]): string {
  const ratios = peerRatios(measurements);
  if (ratios.length === 0) return '';
  const bars = ratios.flatMap((one): readonly RatioBar[] =>
    one.interval === null
      ? []
      : [{ name: nameOf(one), ratio: one.interval, isMoreBetter: one.metric.isMoreBetter }],
  );
  return [
    '<h3>Against what people would use instead</h3>',
    `<p>${winsInWords(ratios)} What each peer is, and how it was made fair: `,
    '<code>bench/peers/README.md</code>.</p>',
    ratioChart('Echoline over the peer, with intervals of at least 95 % by rank', bars),
    ratioTable(ratios),
  ].join('\n');
}

function nameOf({ peer, load, metric }: PeerRatio): string {
  return `${peer}, ${load}: ${metric.name}${metric.isMoreBetter ? ' (more is better)' : ''}`;
}

function winsInWords(ratios: readonly PeerRatio[]): string {
  const wins = ratios.filter((one) => winnerOf(one) === 'peer').map(nameOf);
  const open = ratios.filter((one) => winnerOf(one) === 'open').length;
  const first =
    wins.length === 0
      ? 'No peer is shown to be better in any number.'
      : `<strong>A peer wins</strong> in ${escapeHtml(wins.join('; '))}.`;
  const rest = open === 0 ? '' : ` In ${open} of ${ratios.length} numbers no difference is shown.`;
  return first + rest;
}

function ratioTable(ratios: readonly PeerRatio[]): string {
  const body = ratios.map((one) => {
    const { metric, own, theirs, interval } = one;
    const ratio = interval?.ratio ?? own / theirs;
    const range =
      interval === null
        ? 'too few repetitions'
        : `${words3(interval.low)} to ${words3(interval.high)}`;
    const winner = winnerOf(one);
    const cssClass = { echoline: 'met', peer: 'missed', open: 'none' }[winner];
    const words = { echoline: 'Echoline', peer: one.peer, open: 'not shown' }[winner];
    return [
      escapeHtml(nameOf(one)),
      ...[own, theirs].map((value) => escapeHtml(valueWords(value, metric))),
      `× ${words3(ratio)}`,
      range,
      `<span class="${cssClass}">${escapeHtml(words)}</span>`,
    ];
  });
  const head = ['number', 'Echoline', 'peer', 'ratio', 'interval', 'better'];
  return htmlTable('Echoline over the peer', [head, ...body]);
}

function valueWords(value: number, { unit }: LoadMetric): string {
  return unit === 'bytes' ? `${words3(value / 2 ** 20)} MiB` : `${words3(value)} ${unit}`;
}
