/**
 * The part of the plane that a probe shows, in the probe's frame (see `BeamGrid`). `halfWidthMm` is
 * half the footprint; for a curvilinear probe the view widens with `halfAngleRad` to each side.
 */
export interface ProbeView {
  readonly geometry: 'linear' | 'curvilinear';
  readonly depthMm: number;
  readonly halfWidthMm: number;
  /** 0 for linear. */
  readonly radiusMm: number;
  /** 0 for linear. */
  readonly halfAngleRad: number;
}

/** Half the width of what is seen, at half depth, mm: how far structures may lie to a side. */
export function fieldHalfWidthMm(view: ProbeView): number {
  if (view.geometry === 'linear') return view.halfWidthMm;
  return (view.radiusMm + 0.5 * view.depthMm) * Math.sin(view.halfAngleRad);
}

/** Whether a point in mm is inside the view by at least `marginMm`. */
export function isInView(view: ProbeView, xMm: number, zMm: number, marginMm: number): boolean {
  if (view.geometry === 'linear') {
    return (
      Math.abs(xMm) <= view.halfWidthMm - marginMm &&
      zMm >= marginMm &&
      zMm <= view.depthMm - marginMm
    );
  }
  const reach = Math.hypot(xMm, zMm + view.radiusMm);
  const depth = reach - view.radiusMm;
  if (depth < marginMm || depth > view.depthMm - marginMm) return false;
  const angle = Math.abs(Math.atan2(xMm, zMm + view.radiusMm));
  return angle <= view.halfAngleRad - marginMm / Math.max(1, reach);
}

/** The stretch of a ray inside a view: distances from its origin, mm. */
export interface RaySpan {
  readonly startMm: number;
  readonly endMm: number;
}

/** Where a ray is inside the view (first to last such point, to 0.5 mm); null if it never is. */
export function raySpanInView(
  view: ProbeView,
  origin: { readonly xMm: number; readonly zMm: number },
  direction: { readonly x: number; readonly z: number },
  marginMm: number,
): RaySpan | null {
  let startMm = -1;
  let endMm = -1;
  for (let step = 0; step < 500; step++) {
    const along = step * 0.5;
    const x = origin.xMm + direction.x * along;
    const z = origin.zMm + direction.z * along;
    if (!isInView(view, x, z, marginMm)) continue;
    if (startMm < 0) startMm = along;
    endMm = along;
  }
  return startMm < 0 ? null : { startMm, endMm };
}
