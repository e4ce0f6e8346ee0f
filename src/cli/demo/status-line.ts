import type { NeedleState } from '../../domain/needle.js';
import type { PassFigures } from './demo-figures.js';

/** What the status line of the demo shows once a second. */
export interface DemoStatus {
  readonly fps: number;
  readonly figures: PassFigures;
  readonly needleState: NeedleState;
}

/** One line: rate, verdicts, latency of this pass, needle. */
export function statusLine({ fps, figures, needleState }: DemoStatus): string {
  const { verdicts, offerToOverlayMs } = figures;
  const failed = verdicts.failed + verdicts.invalid;
  const ms = (value: number | null) => (value === null ? '–' : value.toFixed(1));
  return (
    `${fps.toFixed(0).padStart(3)} fps · offered ${figures.offered} · ok ${verdicts.ok}` +
    ` · superseded ${verdicts.superseded} · expired ${verdicts.expired} · failed ${failed}` +
    ` · offerToOverlayMs p50 ${ms(offerToOverlayMs.p50)} p99 ${ms(offerToOverlayMs.p99)}` +
    ` · needle ${needleState}`
  );
}
