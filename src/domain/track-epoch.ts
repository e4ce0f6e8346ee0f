import type { Frame } from './frame.js';

/** Longest gap in capture time over which a track may live on, µs. */
export const TRACK_GAP_MAX_US = 500_000;

/** What has to stay the same from frame to frame for a track to be one. */
export interface FrameContinuity {
  readonly epoch: number;
  readonly captureTimeUs: number;
  readonly isFrozen: boolean;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly spacingXMm: number | null;
  readonly spacingYMm: number | null;
  readonly depthMm: number | null;
  readonly probeGeometry: Frame['probeGeometry'];
  readonly orientation: Frame['orientation'];
}

/** Why the tracker has to start cold. */
export type ColdStartReason = 'cart-epoch' | 'freeze' | 'geometry' | 'gap';

/** Takes from a frame what `coldStartReason` compares. */
export function continuityOf(frame: Frame): FrameContinuity {
  return {
    epoch: frame.epoch,
    captureTimeUs: frame.captureTimeUs,
    isFrozen: frame.flags.isFrozen,
    widthPx: frame.widthPx,
    heightPx: frame.heightPx,
    spacingXMm: frame.spacing?.xMm ?? null,
    spacingYMm: frame.spacing?.yMm ?? null,
    depthMm: frame.extensions.depthMm,
    probeGeometry: frame.probeGeometry,
    orientation: frame.orientation,
  };
}

/**
 * Says whether the tracker has to start cold at `frame` (then `trackEpoch` rises), and why.
 *
 * @param previous - continuity of the frame before, null for the first frame of a stream
 * @returns null when the track may live on
 */
export function coldStartReason(
  previous: FrameContinuity | null,
  frame: Frame,
): ColdStartReason | null {
  if (previous === null) return null;
  const now = continuityOf(frame);
  if (now.epoch !== previous.epoch) return 'cart-epoch';
  if (now.isFrozen !== previous.isFrozen) return 'freeze';
  const sameGeometry =
    now.widthPx === previous.widthPx &&
    now.heightPx === previous.heightPx &&
    now.spacingXMm === previous.spacingXMm &&
    now.spacingYMm === previous.spacingYMm &&
    now.depthMm === previous.depthMm &&
    now.probeGeometry === previous.probeGeometry &&
    now.orientation === previous.orientation;
  if (frame.flags.geometryChanged || !sameGeometry) return 'geometry';
  const gapUs = now.captureTimeUs - previous.captureTimeUs;
  return gapUs < 0 || gapUs > TRACK_GAP_MAX_US ? 'gap' : null;
}
