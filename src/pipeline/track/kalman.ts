import type { PointPx } from '../../domain/geometry.js';

/** A symmetric 2 × 2 matrix: variances and covariance, px². */
export interface Covariance {
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

/**
 * A constant-velocity Kalman filter of a point in the image: position (px) and velocity (px/s),
 * with white acceleration noise. All steps return a new filter; time comes in as an argument.
 */
export interface Kalman {
  readonly position: PointPx;
  readonly velocity: PointPx;
  /** Covariance of the position. */
  readonly positions: Covariance;
  /** Covariance of position with velocity: rows x, y of the position. */
  readonly crossXX: number;
  readonly crossXY: number;
  readonly crossYX: number;
  readonly crossYY: number;
  /** Covariance of the velocity. */
  readonly velocities: Covariance;
}

/** A filter at a first measurement, standing still as far as anyone knows. */
export function startKalman(position: PointPx, noise: Covariance, speedSigmaPx: number): Kalman {
  const variance = speedSigmaPx * speedSigmaPx;
  return {
    position,
    velocity: { xPx: 0, yPx: 0 },
    positions: noise,
    crossXX: 0,
    crossXY: 0,
    crossYX: 0,
    crossYY: 0,
    velocities: { xx: variance, xy: 0, yy: variance },
  };
}

/**
 * Advances the filter.
 *
 * @param seconds - ≥ 0
 * @param noiseDensity - of the acceleration, px²/s³
 * @param drift - known displacement of everything, px (the tissue under a moving probe)
 */
export function predict(
  filter: Kalman,
  seconds: number,
  noiseDensity: number,
  drift: PointPx,
): Kalman {
  const { position, velocity, positions: p, velocities: v } = filter;
  const t = seconds;
  const q = noiseDensity;
  const q3 = (q * t * t * t) / 3;
  const q2 = (q * t * t) / 2;
  return {
    position: {
      xPx: position.xPx + velocity.xPx * t + drift.xPx,
      yPx: position.yPx + velocity.yPx * t + drift.yPx,
    },
    velocity,
    positions: {
      xx: p.xx + 2 * t * filter.crossXX + t * t * v.xx + q3,
      xy: p.xy + t * (filter.crossXY + filter.crossYX) + t * t * v.xy,
      yy: p.yy + 2 * t * filter.crossYY + t * t * v.yy + q3,
    },
    crossXX: filter.crossXX + t * v.xx + q2,
    crossXY: filter.crossXY + t * v.xy,
    crossYX: filter.crossYX + t * v.xy,
    crossYY: filter.crossYY + t * v.yy + q2,
    velocities: { xx: v.xx + q * t, xy: v.xy, yy: v.yy + q * t },
  };
}

/** Squared Mahalanobis distance of a measurement; chi-squared with two degrees of freedom. */
export function gateDistance(filter: Kalman, measured: PointPx, noise: Covariance): number {
  const s = add(filter.positions, noise);
  const dx = measured.xPx - filter.position.xPx;
  const dy = measured.yPx - filter.position.yPx;
  const determinant = s.xx * s.yy - s.xy * s.xy;
  return (s.yy * dx * dx - 2 * s.xy * dx * dy + s.xx * dy * dy) / determinant;
}

/** Takes in a measurement of the position. */
export function update(filter: Kalman, measured: PointPx, noise: Covariance): Kalman {
  const { position, velocity, positions: p, velocities: v } = filter;
  const { crossXX, crossXY, crossYX, crossYY } = filter;
  const s = add(p, noise);
  const determinant = s.xx * s.yy - s.xy * s.xy;
  const ixx = s.yy / determinant;
  const ixy = -s.xy / determinant;
  const iyy = s.xx / determinant;
  // Gains of the position (g) and of the velocity (h); the cross covariance is position × velocity.
  const gxx = p.xx * ixx + p.xy * ixy;
  const gxy = p.xx * ixy + p.xy * iyy;
  const gyx = p.xy * ixx + p.yy * ixy;
  const gyy = p.xy * ixy + p.yy * iyy;
  const hxx = crossXX * ixx + crossYX * ixy;
  const hxy = crossXX * ixy + crossYX * iyy;
  const hyx = crossXY * ixx + crossYY * ixy;
  const hyy = crossXY * ixy + crossYY * iyy;
  const dx = measured.xPx - position.xPx;
  const dy = measured.yPx - position.yPx;
  return {
    position: { xPx: position.xPx + gxx * dx + gxy * dy, yPx: position.yPx + gyx * dx + gyy * dy },
    velocity: { xPx: velocity.xPx + hxx * dx + hxy * dy, yPx: velocity.yPx + hyx * dx + hyy * dy },
    positions: {
      xx: p.xx - gxx * p.xx - gxy * p.xy,
      xy: p.xy - gxx * p.xy - gxy * p.yy,
      yy: p.yy - gyx * p.xy - gyy * p.yy,
    },
    crossXX: crossXX - gxx * crossXX - gxy * crossYX,
    crossXY: crossXY - gxx * crossXY - gxy * crossYY,
    crossYX: crossYX - gyx * crossXX - gyy * crossYX,
    crossYY: crossYY - gyx * crossXY - gyy * crossYY,
    velocities: {
      xx: v.xx - hxx * crossXX - hxy * crossYX,
      xy: v.xy - hxx * crossXY - hxy * crossYY,
      yy: v.yy - hyx * crossXY - hyy * crossYY,
    },
  };
}

/** Standard deviation of the position, as the radius of the circle with the same area, px. */
export function positionSigma(filter: Kalman): number {
  const { xx, xy, yy } = filter.positions;
  return Math.sqrt(Math.sqrt(Math.max(0, xx * yy - xy * xy)));
}

function add(a: Covariance, b: Covariance): Covariance {
  return { xx: a.xx + b.xx, xy: a.xy + b.xy, yy: a.yy + b.yy };
}
