import { unavailableGuidance } from '../../src/domain/guidance.js';
import { absentNeedle, type NeedleState } from '../../src/domain/needle.js';
import type { ProcedureFrame } from '../../src/domain/procedure-frame.js';

/** How the needle lies in one frame of a scripted procedure. */
export interface ScriptedNeedle {
  /** From where its line enters the picture to its visible end, mm. */
  readonly depthMm: number;
  /** Heading, 0 along +x, 90 straight down; default 30. */
  readonly headingDeg?: number;
  /** Default `tip-visible`. */
  readonly state?: NeedleState;
}

const FRAME_US = 33_333;
const SPACING = { xMm: 0.1, yMm: 0.2 };
const ENTRY = { xMm: 2, yMm: 3 };

/** One frame, `index` thirtieths of a second in; without a needle nothing is there. */
export function scriptedFrame(
  index: number,
  needle: ScriptedNeedle | null,
  changes: Partial<ProcedureFrame> = {},
): ProcedureFrame {
  return {
    atUs: 5_000_000 + index * FRAME_US,
    trackEpoch: 0,
    spacing: SPACING,
    needle: needle === null ? absentNeedle('no-needle') : needleAt(needle),
    guidance: unavailableGuidance([]),
    ...changes,
  };
}

/** A needle that is moved from depth to depth at `mmPerFrame`, one frame each. */
export function strokes(
  depthsMm: readonly number[],
  options: { readonly mmPerFrame?: number; readonly headingsDeg?: readonly number[] } = {},
): readonly ScriptedNeedle[] {
  const { mmPerFrame = 0.5, headingsDeg = [] } = options;
  const path: ScriptedNeedle[] = [];
  for (const [leg, toMm] of depthsMm.entries()) {
    const fromMm = leg === 0 ? 1 : (depthsMm[leg - 1] ?? 0);
    const headingDeg = headingsDeg[leg] ?? 30;
    const steps = Math.max(1, Math.ceil(Math.abs(toMm - fromMm) / mmPerFrame));
    for (let step = 1; step <= steps; step += 1) {
      path.push({ depthMm: fromMm + ((toMm - fromMm) * step) / steps, headingDeg });
    }
  }
  return path;
}

function needleAt({ depthMm, headingDeg = 30, state = 'tip-visible' }: ScriptedNeedle) {
  const angle = (headingDeg * Math.PI) / 180;
  const from = { xPx: ENTRY.xMm / SPACING.xMm, yPx: ENTRY.yMm / SPACING.yMm };
  const end = {
    xPx: (ENTRY.xMm + depthMm * Math.cos(angle)) / SPACING.xMm,
    yPx: (ENTRY.yMm + depthMm * Math.sin(angle)) / SPACING.yMm,
  };
  const hasTip = state === 'tip-visible' || state === 'tip-coasting';
  return {
    ...absentNeedle('tip-not-visible'),
    state,
    tip: hasTip ? end : null,
    tipReason: hasTip ? null : ('tip-not-visible' as const),
    confidence: 0.9,
    shaft: { from, to: end },
    angleDeg: headingDeg,
    approach: 'in-plane' as const,
  };
}
