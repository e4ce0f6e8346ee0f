import type { FrameIdentity } from '../domain/frame.js';
import type { Overlay } from '../domain/overlay.js';
import { predictTip } from '../domain/predicted-tip.js';
import { encodeOverlay } from '../protocol/overlay-message.js';
import type { BuiltOverlay } from './overlay-builder.js';
import type { PacedItem } from './paced-slot.js';

/**
 * An overlay as bytes for each display: written once for all that want it as it is, and once for
 * each moment to which displays want the tip predicted.
 *
 * @param identity - of the overlay's frame
 * @returns a function of what a display's hello asked for; null: nothing
 */
export function createOverlayVariants(
  { epoch, frameId }: FrameIdentity,
  overlay: BuiltOverlay,
): (predictAfterPublishMs: number | null) => PacedItem {
  const variants = new Map<number | null, PacedItem>();
  return (predictAfterPublishMs) => {
    const known = variants.get(predictAfterPublishMs);
    if (known !== undefined) return known;
    const bytes =
      predictAfterPublishMs === null
        ? overlay.write()
        : predicted(overlay.read(), predictAfterPublishMs);
    const item = { epoch, frameId, bytes };
    variants.set(predictAfterPublishMs, item);
    return item;
  };
}

function predicted(overlay: Overlay, afterPublishMs: number): Uint8Array {
  const prediction = predictTip(overlay, ageMs(overlay) + afterPublishMs);
  return Buffer.from(encodeOverlay({ ...overlay, prediction }));
}

/** From the capture of the frame, or from when it came in where that is not known. */
function ageMs({ captureTimeUs, clock }: Overlay): number {
  const { cartOffsetUs, receivedAtUs, publishedAtUs } = clock;
  const capturedAtUs = cartOffsetUs === null ? receivedAtUs : captureTimeUs + cartOffsetUs;
  return (publishedAtUs - capturedAtUs) / 1000;
}
