import type { PointPx } from '../../domain/geometry.js';

const ZOOM_STEP = 1.25;
const ZOOM_MAX = 8;
const BRIGHTNESS_STEP = 0.1;
const BRIGHTNESS_MIN = 0.4;
const BRIGHTNESS_MAX = 2;

/** How the operator looks at the picture. None of it changes what is measured. */
export interface Camera {
  /** 1 = the whole image. */
  zoom(): number;
  /** What lies in the middle, image pixels; null = the image's middle. */
  centre(): PointPx | null;
  isMirrored(): boolean;
  /** 1 = as it came. */
  brightness(): number;
  /** Zooms by steps of 1.25; what is at `keep` stays where it is. `middle`: of the image. */
  zoomBy(steps: number, middle: PointPx, keep?: PointPx): void;
  /** Moves what is in the middle, image pixels; only while zoomed in. */
  panBy(dxPx: number, dyPx: number, middle: PointPx): void;
  reset(): void;
  toggleMirror(): void;
  brightenBy(steps: number): void;
}

/** A camera that shows the whole image as it came. */
export function createCamera(): Camera {
  let zoom = 1;
  let centre: PointPx | null = null;
  let isMirrored = false;
  let brightness = 1;

  return {
    zoom: () => zoom,
    centre: () => centre,
    isMirrored: () => isMirrored,
    brightness: () => brightness,
    zoomBy(steps, middle, keep) {
      const next = Math.min(ZOOM_MAX, Math.max(1, zoom * ZOOM_STEP ** steps));
      const from = centre ?? middle;
      const fixed = keep ?? from;
      const share = zoom / next;
      centre = {
        xPx: fixed.xPx + (from.xPx - fixed.xPx) * share,
        yPx: fixed.yPx + (from.yPx - fixed.yPx) * share,
      };
      zoom = next;
      if (zoom === 1) centre = null;
    },
    panBy(dxPx, dyPx, middle) {
      if (zoom === 1) return;
      const from = centre ?? middle;
      centre = {
        xPx: within(from.xPx + dxPx, 0, 2 * middle.xPx),
        yPx: within(from.yPx + dyPx, 0, 2 * middle.yPx),
      };
    },
    reset() {
      zoom = 1;
      centre = null;
    },
    toggleMirror() {
      isMirrored = !isMirrored;
    },
    brightenBy(steps) {
      const next = brightness + steps * BRIGHTNESS_STEP;
      brightness = Math.round(within(next, BRIGHTNESS_MIN, BRIGHTNESS_MAX) * 100) / 100;
    },
  };
}

function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
