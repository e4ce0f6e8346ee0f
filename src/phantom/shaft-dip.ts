import type { NeedlePose } from './motion.js';

/**
 * A stretch up to the tip that returns less than the shaft before it: the beam leaves the shaft, or
 * only its end lies dim. The tip's own echo may go with it or stay.
 */
export interface ShaftDip {
  /**
   * Where it begins: `mm` behind the tip, or `mm` from the entry, as where the image plane leaves a
   * needle that is pushed on.
   */
  readonly from: 'tip' | 'entry';
  readonly mm: number;
  /** Over which the echo falls, mm. */
  readonly edgeMm: number;
  /** Loss of the shaft within the stretch, and of the tip while it lies there, dB. */
  readonly lossDb: number;
  readonly tipLossDb: number;
  /** Extra echo of the end that is still seen, dB and standard deviation in mm. */
  readonly endDb: number;
  readonly endMm: number;
}

/** A bright spot of the shaft, where it happens to lie square to the beam. */
export interface ShaftGlint {
  readonly fromEntryMm: number;
  readonly gainDb: number;
  /** Standard deviation along the shaft. */
  readonly widthMm: number;
}

/** Where a dip begins, mm from the entry; beyond the needle's length it shows nothing. */
export function dipStartMm(dip: ShaftDip, lengthMm: number): number {
  return dip.from === 'tip' ? lengthMm - dip.mm : dip.mm;
}

/** Amplitude gain of a dip and of glints at a point of the shaft. */
export function dipGain({ seen, lengthMm }: NeedlePose, alongMm: number): number {
  let gain = 1;
  for (const { fromEntryMm, gainDb, widthMm } of seen.glints ?? []) {
    const offset = (alongMm - fromEntryMm) / widthMm;
    gain += (10 ** (gainDb / 20) - 1) * Math.exp(-0.5 * offset * offset);
  }
  if (seen.dip === undefined) return gain;
  const beyond = alongMm - dipStartMm(seen.dip, lengthMm);
  const offset = beyond / seen.dip.endMm;
  const end = 1 + (10 ** (seen.dip.endDb / 20) - 1) * Math.exp(-0.5 * offset * offset);
  return gain * end * fall(beyond, seen.dip.edgeMm, seen.dip.lossDb);
}

/** Amplitude gain of the tip's own echo. */
export function tipDipGain({ seen, lengthMm }: NeedlePose): number {
  if (seen.dip === undefined) return 1;
  const { edgeMm, tipLossDb } = seen.dip;
  return fall(lengthMm - dipStartMm(seen.dip, lengthMm), edgeMm, tipLossDb);
}

function fall(beyondMm: number, edgeMm: number, lossDb: number): number {
  if (beyondMm <= 0) return 1;
  const rest = 10 ** (-lossDb / 20);
  return rest + (1 - rest) * Math.exp(-((beyondMm / edgeMm) ** 2));
}
