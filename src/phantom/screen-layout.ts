import type { PointPx } from '../domain/geometry.js';
import type { Spacing } from '../domain/spacing.js';
import type { ProbeView } from './probe-view.js';
import type { Random } from './random.js';

/** How the view sits on the screen. Fractions of the image's width and height. */
export interface ScreenLayout {
  /** `contain` shows the whole view, `cover` fills the area and cuts the view off. */
  readonly fit: 'contain' | 'cover';
  readonly marginLeft: number;
  readonly marginTop: number;
  readonly marginRight: number;
  readonly marginBottom: number;
  /** Horizontal over vertical spacing; 1 for square pixels. */
  readonly pixelAspect: number;
  /** Scales, bars and text outside the view. */
  readonly hasFurniture: boolean;
  /** Gray level around the view. */
  readonly surroundLevel: number;
}

/** From millimetres in the probe's frame to image pixels. */
export interface ScreenMap {
  readonly originXPx: number;
  readonly originYPx: number;
  readonly spacing: Spacing;
}

export function toScreen(map: ScreenMap, xMm: number, zMm: number): PointPx {
  return {
    xPx: map.originXPx + xMm / map.spacing.xMm,
    yPx: map.originYPx + zMm / map.spacing.yMm,
  };
}

/** Draws a layout: half of them full-bleed, some with furniture, few with oblong pixels. */
export function drawLayout(random: Random): ScreenLayout {
  const hasFurniture = random.chance(0.3);
  const isFramed = hasFurniture || random.chance(0.2);
  const margin = (): number => (isFramed ? random.range(0, 0.12) : 0);
  return {
    fit: !hasFurniture && random.chance(0.45) ? 'cover' : 'contain',
    marginLeft: margin(),
    marginTop: margin(),
    marginRight: margin(),
    marginBottom: margin(),
    pixelAspect: random.chance(0.15) ? random.range(0.85, 1.18) : 1,
    hasFurniture,
    surroundLevel: random.chance(0.15) ? random.int(60) : 0,
  };
}

/** The map of a layout: the view centred across the free area and at its top. */
export function createScreenMap(
  layout: ScreenLayout,
  view: ProbeView,
  widthPx: number,
  heightPx: number,
): ScreenMap {
  const extent = viewExtentMm(view);
  const freeWidth = widthPx * (1 - layout.marginLeft - layout.marginRight);
  const freeHeight = heightPx * (1 - layout.marginTop - layout.marginBottom);
  const across = (2 * extent.halfWidthMm) / freeWidth / layout.pixelAspect;
  const down = (extent.bottomMm - extent.topMm) / freeHeight;
  const yMm = layout.fit === 'contain' ? Math.max(across, down) : Math.min(across, down);
  const xMm = yMm * layout.pixelAspect;
  return {
    originXPx: widthPx * layout.marginLeft + freeWidth / 2 - 0.5,
    originYPx: heightPx * layout.marginTop - extent.topMm / yMm,
    spacing: { xMm, yMm },
  };
}

interface ViewExtent {
  readonly halfWidthMm: number;
  readonly topMm: number;
  readonly bottomMm: number;
}

function viewExtentMm(view: ProbeView): ViewExtent {
  if (view.geometry === 'linear') {
    return { halfWidthMm: view.halfWidthMm, topMm: 0, bottomMm: view.depthMm };
  }
  return {
    halfWidthMm: (view.radiusMm + view.depthMm) * Math.sin(view.halfAngleRad),
    topMm: view.radiusMm * (Math.cos(view.halfAngleRad) - 1),
    bottomMm: view.depthMm,
  };
}
