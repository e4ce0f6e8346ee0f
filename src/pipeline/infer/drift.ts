import type { ModelManifest } from '../../domain/model-manifest.js';
import type { Drift } from '../../domain/second-opinion.js';
import type { HeadOutputs } from '../frame-context.js';

/** What two engines are compared by: small enough to be sent to another process. */
export interface HeadSummary {
  /** The hottest place of the tip head, network input pixels, and its heat, 0 to 1. */
  readonly tip: { readonly xPx: number; readonly yPx: number; readonly heat: number };
  /** Winning class of each cell. */
  readonly labels: Uint8Array;
}

/**
 * Differences that int8 against fp32 explains. Measured on 600 validation records (the manifest's
 * `int8AgainstFp32`): 95 % of tips move by less than 0.3 px, 1.6 % of cells change their class on
 * average. Two engines in fp32 agree to a thousandth of that (`tests/pipeline/infer/tfjs/`).
 */
export const DRIFT_TOLERANCE = { tipShiftPx: 2, labelsChanged: 0.05 } as const;

/** Reads tip and labels out of a network's outputs, by themselves: no thresholds, no tracking. */
export function summariseHeads(heads: HeadOutputs, manifest: ModelManifest): HeadSummary {
  return { tip: hottestPlace(heads.tip, manifest), labels: labelsOf(heads.structures, manifest) };
}

/** How far two summaries of the same input are apart. */
export function driftBetween(a: HeadSummary, b: HeadSummary, manifest: ModelManifest): Drift {
  const isSeen = Math.max(a.tip.heat, b.tip.heat) >= manifest.thresholds.tipHeat;
  const shiftPx = Math.hypot(a.tip.xPx - b.tip.xPx, a.tip.yPx - b.tip.yPx);
  const tipShiftPx = isSeen ? shiftPx : null;
  let changed = 0;
  for (let cell = 0; cell < a.labels.length; cell++) {
    if (a.labels[cell] !== b.labels[cell]) changed += 1;
  }
  const labelsChanged = changed / a.labels.length;
  // Written so that outputs that are no numbers are outside.
  const isWithinTolerance =
    (tipShiftPx === null || tipShiftPx <= DRIFT_TOLERANCE.tipShiftPx) &&
    labelsChanged <= DRIFT_TOLERANCE.labelsChanged;
  return { tipShiftPx, labelsChanged, isWithinTolerance };
}

function hottestPlace(tip: Float32Array, manifest: ModelManifest): HeadSummary['tip'] {
  const { stridePx, input } = manifest;
  const columns = Math.floor(input.shape[3] / stridePx);
  const cells = tip.length / 5;
  let best = 0;
  for (let cell = 1; cell < cells; cell++) {
    if ((tip[cell] ?? 0) > (tip[best] ?? 0)) best = cell;
  }
  const offset = (channel: number) => tip[channel * cells + best] ?? 0;
  return {
    xPx: ((best % columns) + 0.5 + offset(1)) * stridePx - 0.5,
    yPx: (Math.floor(best / columns) + 0.5 + offset(2)) * stridePx - 0.5,
    heat: 1 / (1 + Math.exp(-(tip[best] ?? 0))),
  };
}

function labelsOf(structures: Float32Array, manifest: ModelManifest): Uint8Array {
  const cells = structures.length / manifest.classes.length;
  const labels = new Uint8Array(cells);
  for (let cell = 0; cell < cells; cell++) {
    let highest = structures[cell] ?? 0;
    for (let label = 1; label < manifest.classes.length; label++) {
      const logit = structures[label * cells + cell] ?? 0;
      if (logit <= highest) continue;
      highest = logit;
      labels[cell] = label;
    }
  }
  return labels;
}
