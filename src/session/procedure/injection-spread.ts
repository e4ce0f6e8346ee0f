import type { ProcedureFrame } from '../../domain/procedure-frame.js';
import type { SpreadResearch, SpreadState } from '../../domain/spread.js';

/** How one injection spread, as far as it was seen in the image plane. */
export interface InjectionSpread {
  /** 1, 2, … as in the procedure's list of injections. */
  readonly injection: number;
  /** The last one of its frames. */
  readonly state: SpreadState;
  /** When it was first said to be seen, service clock, µs; null when it never was. */
  readonly seenAtUs: number | null;
  /** Largest area; null when it was not seen or the spacing was unknown. */
  readonly areaMaxMm2: number | null;
  /** Whether most of it lay inside a vessel in any frame. */
  readonly wasInVessel: boolean;
  /**
   * Research, not validated: the largest values round the nerve nearest to the tip. Null without
   * the configuration's `research`, or without a nerve.
   */
  readonly research: {
    readonly contactAngleMaxDeg: number | null;
    readonly nerveAreaRatioMax: number | null;
  } | null;
}

/** Adds one frame. */
export function addSpread(
  spreads: readonly InjectionSpread[],
  { spread, atUs }: ProcedureFrame,
): readonly InjectionSpread[] {
  if (spread === undefined) return spreads;
  const { injection, state, areaMm2, vesselId } = spread;
  const known = spreads.find((one) => one.injection === injection);
  const one: InjectionSpread = {
    injection,
    state,
    seenAtUs: known?.seenAtUs ?? (state === 'seen' ? atUs : null),
    areaMaxMm2: larger(known?.areaMaxMm2, areaMm2),
    wasInVessel: (known?.wasInVessel ?? false) || vesselId !== null,
    research: addResearch(known?.research ?? null, spread.research ?? null),
  };
  return known === undefined ? [...spreads, one] : spreads.map((it) => (it === known ? one : it));
}

function addResearch(
  known: InjectionSpread['research'],
  research: SpreadResearch | null,
): InjectionSpread['research'] {
  if (research === null) return known;
  return {
    contactAngleMaxDeg: larger(known?.contactAngleMaxDeg, research.contactAngleDeg),
    nerveAreaRatioMax: larger(known?.nerveAreaRatioMax, research.nerveAreaRatio),
  };
}

/** The larger one of two values; null without any. */
function larger(known: number | null | undefined, value: number | null): number | null {
  return known == null ? value : Math.max(known, value ?? known);
}
