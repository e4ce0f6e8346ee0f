/** How to open a clip. */
export interface ClipOptions {
  /** Frames per second that replace the clip's own timestamps; null = its own. */
  readonly fps: number | null;
}

/** Frame rate of images that have no time of their own and were given none. */
export const STILLS_FPS = 30;

/** Capture time of frame `index` at a fixed rate, µs. */
export function timeAtRateUs(index: number, fps: number): number {
  return Math.round((index * 1_000_000) / fps);
}
