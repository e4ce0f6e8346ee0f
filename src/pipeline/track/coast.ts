import { type Needle, radius90OfAxes } from '../../domain/needle.js';
import { alongAsOne } from './along-shaft.js';
import { coastingTip, type NeedleSight } from './needle-report.js';
import type { ShaftFilter } from './shaft-filter.js';

/** Longest time that a tip is predicted without being measured, µs. */
export const COAST_MAX_US = 300_000;
/** Prediction also ends when the tip is no better known than this along the shaft (sigma), mm. */
const COAST_SIGMA_MAX_MM = 2.5;

/** When the followed tip was last measured, and how. */
export interface LastTip {
  readonly timeUs: number;
  readonly radius90Px: number;
  readonly score: number;
}

/** The predicted tip; null once it has been predicted too long, or is known too badly. */
export function coast(
  filter: ShaftFilter,
  last: LastTip,
  sight: NeedleSight,
  nowUs: number,
): Needle | null {
  const { gateSpacing } = sight.context;
  const alongMm = Math.sqrt(alongAsOne(filter.along).valueVar);
  const acrossMm = Math.sqrt(filter.across.valueVar);
  const coastedUs = nowUs - last.timeUs;
  if (coastedUs > COAST_MAX_US || alongMm > COAST_SIGMA_MAX_MM) return null;
  const mmPerPx = Math.sqrt(gateSpacing.xMm * gateSpacing.yMm);
  const growthPx = radius90OfAxes(alongMm, acrossMm) / mmPerPx;
  const confidence = last.score * (1 - coastedUs / (2 * COAST_MAX_US));
  const radius90Px = Math.hypot(last.radius90Px, growthPx);
  return coastingTip(filter.point, confidence, radius90Px, sight);
}
