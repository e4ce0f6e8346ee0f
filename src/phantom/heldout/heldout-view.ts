import type { RectPx } from '../../domain/geometry.js';
import type { HeldoutRandom } from './heldout-random.js';

/**
 * How a held-out image looks at the tissue: pixel size, where echo data is, and which way the beams
 * run. Image pixels throughout; the skin is where depth is 0.
 */
export interface HeldoutView {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Pixels are square. */
  readonly mmPerPx: number;
  readonly probe: 'linear' | 'curvilinear';
  /** Bounds of the echo data; for a curvilinear probe the sector's bounding box. */
  readonly echo: RectPx;
  /** Apex of a curvilinear probe, and its footprint's radius; for a linear one far above. */
  readonly apexXPx: number;
  readonly apexYPx: number;
  readonly footprintRadiusPx: number;
  readonly outerRadiusPx: number;
  /** Half the opening angle of a curvilinear probe, rad. */
  readonly halfAngleRad: number;
}

/** Chooses depth, margins and probe shape. Linear 20 to 60 mm deep, curvilinear 60 to 110 mm. */
export function createHeldoutView(
  random: HeldoutRandom,
  probe: 'linear' | 'curvilinear',
  widthPx: number,
  heightPx: number,
): HeldoutView {
  return probe === 'linear'
    ? linearView(random, widthPx, heightPx)
    : curvilinearView(random, widthPx, heightPx);
}

function linearView(random: HeldoutRandom, widthPx: number, heightPx: number): HeldoutView {
  const hasMargins = random.chance(0.4);
  const top = hasMargins ? Math.round(heightPx * random.between(0, 0.08)) : 0;
  const bottom = hasMargins ? Math.round(heightPx * random.between(0, 0.1)) : 0;
  const depthMm = random.between(20, 60);
  const echoHeight = heightPx - top - bottom;
  const mmPerPx = depthMm / echoHeight;
  const probeWidthPx = random.between(36, 50) / mmPerPx;
  const side = hasMargins ? widthPx * random.between(0.03, 0.1) : 0;
  const echoWidth = Math.round(Math.min(widthPx - 2 * side, probeWidthPx));
  const echo = {
    xPx: Math.round((widthPx - echoWidth) / 2),
    yPx: top,
    widthPx: echoWidth,
    heightPx: echoHeight,
  };
  return {
    widthPx,
    heightPx,
    mmPerPx,
    probe: 'linear',
    echo,
    apexXPx: widthPx / 2,
    apexYPx: -1e7,
    footprintRadiusPx: 1e7 + top,
    outerRadiusPx: 1e7 + top + echoHeight,
    halfAngleRad: 0,
  };
}

function curvilinearView(random: HeldoutRandom, widthPx: number, heightPx: number): HeldoutView {
  const halfAngleRad = (random.between(27, 36) * Math.PI) / 180;
  const radiusMm = random.between(40, 60);
  const depthMm = random.between(60, 110);
  const topMm = radiusMm * Math.cos(halfAngleRad);
  const spanMm = radiusMm + depthMm - topMm;
  const halfWidthMm = (radiusMm + depthMm) * Math.sin(halfAngleRad);
  const mmPerPx = Math.max(spanMm / heightPx, (2 * halfWidthMm) / widthPx) * 1.02;
  const apexYPx = Math.round(heightPx * 0.01) - topMm / mmPerPx;
  const apexXPx = widthPx / 2 + random.between(-2, 2);
  const outerRadiusPx = (radiusMm + depthMm) / mmPerPx;
  const halfWidthPx = Math.min(widthPx / 2, halfWidthMm / mmPerPx);
  const echo = {
    xPx: Math.floor(apexXPx - halfWidthPx),
    yPx: 0,
    widthPx: Math.floor(2 * halfWidthPx),
    heightPx: Math.min(heightPx, Math.ceil(apexYPx + outerRadiusPx)),
  };
  return {
    widthPx,
    heightPx,
    mmPerPx,
    probe: 'curvilinear',
    echo,
    apexXPx,
    apexYPx,
    footprintRadiusPx: radiusMm / mmPerPx,
    outerRadiusPx,
    halfAngleRad,
  };
}

/** Whether an image position holds echo data. */
export function isInEcho(view: HeldoutView, xPx: number, yPx: number): boolean {
  const { echo } = view;
  if (view.probe === 'linear') {
    return (
      xPx >= echo.xPx &&
      xPx < echo.xPx + echo.widthPx &&
      yPx >= echo.yPx &&
      yPx < echo.yPx + echo.heightPx
    );
  }
  const dx = xPx - view.apexXPx;
  const dy = yPx - view.apexYPx;
  const radius = Math.hypot(dx, dy);
  if (radius < view.footprintRadiusPx || radius > view.outerRadiusPx) return false;
  return Math.abs(Math.atan2(dx, dy)) <= view.halfAngleRad;
}

/** Angle of the beam through an image position, rad from straight down, positive to the right. */
export function beamAngleRad(view: HeldoutView, xPx: number, yPx: number): number {
  if (view.probe === 'linear') return 0;
  return Math.atan2(xPx - view.apexXPx, yPx - view.apexYPx);
}

/** Depth below the probe's face along the beam, px. */
export function depthPx(view: HeldoutView, xPx: number, yPx: number): number {
  if (view.probe === 'linear') return yPx - view.echo.yPx;
  return Math.hypot(xPx - view.apexXPx, yPx - view.apexYPx) - view.footprintRadiusPx;
}
