import type { Scene } from '../scene.js';
import { type Condition, condition, levelBelow } from './condition.js';

/** How far above the model's threshold the quality has to be for it to be over. */
const QUALITY_MARGIN = 0.05;
/** A gap between frames from which the stream counts as interrupted, µs (SlicerIGT's Watchdog). */
const STALLED_US = 1_000_000;

/** The image is too poor to rely on what is found in it. */
export function imageQualityLow({ reading }: Scene, qualityMin: number): Condition {
  const text = 'Image quality low';
  if (reading.isImageQualityLow) return condition('image-quality-low', 'on', text);
  const level = levelBelow(reading.imageQuality, qualityMin, qualityMin + QUALITY_MARGIN);
  return condition('image-quality-low', level === 'on' ? 'between' : level, text);
}

/** The probe does not touch the skin, or no gel is between. */
export function contactLost({ reading }: Scene): Condition {
  return condition('contact-lost', reading.isContactLost ? 'on' : 'off', 'Probe contact lost');
}

/** The picture stands still: what it shows is the past. */
export function streamFrozen({ context }: Scene): Condition {
  return condition('stream-frozen', context.isFrozen ? 'on' : 'off', 'Image frozen');
}

/**
 * Frames had stopped for a second or more before this one. While they stop there is no frame to say
 * so in: then the service tells the displays that the stream is `stalled`.
 */
export function streamStalled(gapUs: number | null): Condition {
  const level = gapUs !== null && gapUs >= STALLED_US ? 'on' : 'off';
  return condition('stream-stalled', level, 'Stream was interrupted');
}
