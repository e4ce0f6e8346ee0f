import type { ProcedureFrame } from '../../domain/procedure-frame.js';
import type { SpreadState } from '../../domain/spread.js';

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
}

/** Adds one frame. */
export function addSpread(
  spreads: readonly InjectionSpread[],
  { spread, atUs }: ProcedureFrame,
): readonly InjectionSpread[] {
  if (spread === undefined) return spreads;
  const { injection, state, areaMm2, vesselId } = spread;
  const known = spreads.find((one) => one.injection === injection);
  const areas = [known?.areaMaxMm2 ?? null, areaMm2].filter((area) => area !== null);
  const one: InjectionSpread = {
    injection,
    state,
    seenAtUs: known?.seenAtUs ?? (state === 'seen' ? atUs : null),
    areaMaxMm2: areas.length === 0 ? null : Math.max(...areas),
    wasInVessel: (known?.wasInVessel ?? false) || vesselId !== null,
  };
  return known === undefined ? [...spreads, one] : spreads.map((it) => (it === known ? one : it));
}
