import { Counter, Histogram, type Registry } from 'prom-client';
import type { SecondOpinionReport } from '../domain/second-opinion.js';

/** Network input pixels: from rounding over quantisation to another place altogether. */
const PIXELS = [0.01, 0.1, 0.3, 1, 2, 5, 20, 100];
/** Shares of cells. */
const SHARES = [0.0001, 0.001, 0.01, 0.02, 0.05, 0.1, 0.5];
const SECONDS = [0.01, 0.03, 0.1, 0.3, 1, 3];

/**
 * Counts second opinions: `echoline_second_opinions_total` by outcome, and how far they are apart
 * from what the engine said. Nothing is observed while there are none.
 */
export function createDriftMetrics(registry: Registry): (report: SecondOpinionReport) => void {
  const registers = [registry];
  const outcomes = new Counter({
    name: 'echoline_second_opinions_total',
    help: 'Second opinions: within or beyond tolerance, skipped (too slow), unavailable',
    labelNames: ['outcome'],
    registers,
  });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `echoline_${name}`, help, buckets, registers });
  const tip = histogram('drift_tip_pixels', 'Tip apart from the second opinion', PIXELS);
  const labels = histogram('drift_labels_ratio', 'Share of cells of another class', SHARES);
  const took = histogram('second_opinion_seconds', 'Time of one second opinion', SECONDS);
  return (report) => {
    switch (report.kind) {
      case 'ready':
        return;
      case 'unavailable':
      case 'skipped':
        outcomes.inc({ outcome: report.kind });
        return;
      case 'compared': {
        const { tipShiftPx, labelsChanged, isWithinTolerance } = report.drift;
        outcomes.inc({ outcome: isWithinTolerance ? 'within' : 'beyond' });
        if (tipShiftPx !== null) tip.observe(tipShiftPx);
        labels.observe(labelsChanged);
        took.observe(report.tookMs / 1000);
      }
    }
  };
}
