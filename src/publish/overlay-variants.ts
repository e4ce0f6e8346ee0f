import type { Overlay } from '../domain/overlay.js';
import { predictTip } from '../domain/predicted-tip.js';
import { encodeOverlay } from '../protocol/overlay-message.js';
import type { PacedItem } from './paced-slot.js';

/**
 * An overlay as bytes for each display: serialised once for all that want it as it is, and once for
 * each moment to which displays want the tip predicted.
 *
 * @returns a function of what a display's hello asked for; null: nothing
 */
export function createOverlayVariants(
  overlay: Overlay,
): (predictAfterPublishMs: number | null) => PacedItem {
  const { epoch, frameId } = overlay;
  const variants = new Map<number | null, PacedItem>();
  return (predictAfterPublishMs) => {
    const known = variants.get(predictAfterPublishMs);
    if (known !== undefined) return known;
    const whole =
      predictAfterPublishMs === null
        ? overlay
        : { ...overlay, prediction: predictTip(overlay, ageMs(overlay) + predictAfterPublishMs) };
    const item = { epoch, frameId, bytes: Buffer.from(encodeOverlay(whole)) };
    variants.set(predictAfterPublishMs, item);
    return item;
  };
}

/** From the capture of the frame, or from when it came in where that is not known. */
function ageMs({ captureTimeUs, clock }: Overlay): number {
  const { cartOffsetUs, receivedAtUs, publishedAtUs } = clock;
  const capturedAtUs = cartOffsetUs === null ? receivedAtUs : captureTimeUs + cartOffsetUs;
  return (publishedAtUs - capturedAtUs) / 1000;
}
