import { FRAME_STAGES, type StageMs } from '../../../domain/overlay.js';
import { VERDICT_KINDS, type VerdictKind } from '../../../domain/verdict.js';
import { percentile, rounded } from '../../percentiles.js';
import {
  createUsHistogram,
  latencyFigures,
  latencyFiguresOf,
  recordUs,
} from '../latency-figures.js';
import type { FrameRecord } from '../load-figures.js';
import { type Arrival, agesAtTicksUs, longestGapUs } from './display-ticks.js';
import type { FrameLedger } from './frame-ledger.js';
import type { GeneratorFigures } from './generator-messages.js';

/** Which part of the ledgers counts. */
export interface Window {
  /** First frame that counts. */
  readonly fromFrame: number;
  readonly fromUs: number;
  readonly toUs: number;
  /** When the wait for answers ended: what was unanswered then is at least that late. */
  readonly waitedUntilUs: number;
}

/** The figures that follow from the ledgers alone. */
export type LedgerFigures = Omit<
  GeneratorFigures,
  | 'generatorCpuSecondsPerFrame'
  | 'generatorPriority'
  | 'eventLoopDelayMs'
  | 'clockUncertaintyMs'
  | 'meaning'
>;

const SOON_US = 33_000;
const LATE_US = 100_000;

/** Figures of a load over all its streams. */
export function summarise(ledgers: readonly FrameLedger[], window: Window): LedgerFigures {
  const counts = { due: 0, skipped: 0, unanswered: 0, overlays: 0, missed33Ms: 0, missed100Ms: 0 };
  const verdicts: Record<VerdictKind, number> = Object.fromEntries(
    VERDICT_KINDS.map((kind) => [kind, 0]),
  ) as Record<VerdictKind, number>;
  const latency = createUsHistogram();
  const lateness = createUsHistogram();
  let worst: GeneratorFigures['worst'] = null;
  for (const [stream, ledger] of ledgers.entries()) {
    for (let frameId = window.fromFrame; frameId < ledger.frames; frameId++) {
      const outcome = ledger.outcome(frameId);
      const dueUs = ledger.dueUs[frameId] ?? 0;
      const offeredUs = ledger.offeredUs[frameId] ?? Number.NaN;
      const overlayUs = ledger.overlayUs[frameId] ?? Number.NaN;
      const endUs = outcome === 'unanswered' ? window.waitedUntilUs : Number.NaN;
      const latencyUs = (Number.isNaN(overlayUs) ? endUs : overlayUs) - dueUs;
      counts.due += 1;
      if (outcome === 'skipped' || outcome === 'unanswered') counts[outcome] += 1;
      else verdicts[outcome] += 1;
      if (!(latencyUs <= SOON_US)) counts.missed33Ms += 1;
      if (!(latencyUs <= LATE_US)) counts.missed100Ms += 1;
      if (!Number.isNaN(offeredUs)) recordUs(lateness, offeredUs - dueUs);
      if (Number.isNaN(latencyUs)) continue;
      if (!Number.isNaN(overlayUs)) counts.overlays += 1;
      recordUs(latency, latencyUs);
      if (worst === null || latencyUs / 1000 > worst.ms) {
        worst = { stream, frameId, ms: latencyUs / 1000 };
      }
    }
  }
  return {
    ...counts,
    verdicts,
    // A latency of which nobody saw an end is none.
    worst: counts.overlays === 0 ? null : worst,
    dueToOverlayMs: counts.overlays === 0 ? null : latencyFigures(latency),
    sendLatenessMs: latencyFigures(lateness) ?? NOTHING_SENT,
    ...displayFigures(ledgers, window),
    stageMs: medianStages(ledgers, window.fromFrame),
    receiveToPublishMs: latencyFiguresOf(serviceTimes(ledgers, window.fromFrame)),
  };
}

const NOTHING_SENT = { count: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0, histogram: '' };

/** What somebody sees who looks at the first display of each stream. */
function displayFigures(ledgers: readonly FrameLedger[], { fromUs, toUs }: Window) {
  const ages: number[] = [];
  let longestUs = 0;
  let received = 0;
  for (const ledger of ledgers) {
    const arrivals = arrivalsOf(ledger);
    for (const age of agesAtTicksUs(arrivals, fromUs, toUs)) ages.push(age);
    longestUs = Math.max(longestUs, longestGapUs(arrivals, fromUs, toUs));
    received += arrivals.filter((one) => one.receivedUs >= fromUs && one.receivedUs <= toUs).length;
  }
  const measuredSeconds = (toUs - fromUs) / 1e6;
  return {
    ageAtTicksMs: latencyFiguresOf(ages),
    longestGapMs: longestUs / 1000,
    measuredSeconds,
    overlaysPerSecond: measuredSeconds > 0 ? received / measuredSeconds : 0,
  };
}

function arrivalsOf(ledger: FrameLedger): readonly Arrival[] {
  const arrivals: Arrival[] = [];
  for (let frameId = 0; frameId < ledger.frames; frameId++) {
    const receivedUs = ledger.overlayUs[frameId] ?? Number.NaN;
    if (Number.isNaN(receivedUs)) continue;
    arrivals.push({ receivedUs, dueUs: ledger.dueUs[frameId] ?? 0 });
  }
  return arrivals.sort((a, b) => a.receivedUs - b.receivedUs);
}

function medianStages(ledgers: readonly FrameLedger[], fromFrame: number): StageMs | null {
  const columns = FRAME_STAGES.map((stage, index) => {
    const values = ledgers.flatMap((ledger) =>
      [...ledger.stageMs]
        .slice(fromFrame * FRAME_STAGES.length)
        .filter((ms, at) => at % FRAME_STAGES.length === index && !Number.isNaN(ms)),
    );
    return [stage, rounded(percentile(values, 50), 3)] as const;
  });
  if (columns.some(([, ms]) => ms === null)) return null;
  return Object.fromEntries(columns) as unknown as StageMs;
}

function* serviceTimes(ledgers: readonly FrameLedger[], fromFrame: number): Generator<number> {
  for (const { receivedByServiceUs, publishedUs } of ledgers) {
    for (let frameId = fromFrame; frameId < publishedUs.length; frameId++) {
      const us = (publishedUs[frameId] ?? Number.NaN) - (receivedByServiceUs[frameId] ?? 0);
      if (!Number.isNaN(us)) yield us;
    }
  }
}

/** One record for each frame that counts, frame by frame. */
export function recordsOf(ledgers: readonly FrameLedger[], fromFrame: number): FrameRecord[] {
  const records: FrameRecord[] = [];
  const known = (us: number | undefined) => (us === undefined || Number.isNaN(us) ? null : us);
  for (const [stream, ledger] of ledgers.entries()) {
    for (let frameId = fromFrame; frameId < ledger.frames; frameId++) {
      records.push({
        stream,
        frameId,
        dueUs: ledger.dueUs[frameId] ?? 0,
        sentUs: known(ledger.sentUs[frameId]),
        verdict: ledger.outcome(frameId),
        verdictUs: known(ledger.verdictUs[frameId]),
        receivedByServiceUs: known(ledger.receivedByServiceUs[frameId]),
        publishedUs: known(ledger.publishedUs[frameId]),
        stageMs: ledger.stagesOf(frameId),
        receivedByDisplayUs: known(ledger.overlayUs[frameId]),
        drawnUs: null,
      });
    }
  }
  return records;
}
