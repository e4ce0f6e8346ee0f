import { type ModelIdentity, NO_STAGE_MS, type Overlay } from '../domain/overlay.js';
import { type FrameOutcome, findingsOf } from '../session/frame-outcome.js';

/**
 * The overlay of one frame. A frame without findings has one too, which says that nothing may be
 * concluded: absence is a value, and no display has to infer it from silence.
 */
export function buildOverlay(
  stream: string,
  outcome: FrameOutcome,
  model: ModelIdentity,
  publishedAtUs: number,
): Overlay {
  const { frame, result, clock } = outcome;
  const findings = findingsOf(result);
  return {
    type: 'overlay',
    stream,
    epoch: frame.epoch,
    trackEpoch: outcome.trackEpoch,
    frameId: frame.frameId,
    captureTimeUs: frame.captureTimeUs,
    image: { widthPx: frame.widthPx, heightPx: frame.heightPx },
    spacing: frame.spacing,
    needle: findings.needle,
    structures: findings.structures,
    imageQuality: findings.imageQuality,
    guidance: findings.guidance,
    ...(findings.spread && { spread: findings.spread }),
    stageMs: result.kind === 'ok' ? result.stageMs : NO_STAGE_MS,
    clock: {
      receivedAtUs: outcome.receivedAtUs,
      publishedAtUs,
      cartOffsetUs: clock?.cartOffsetUs ?? null,
      uncertaintyUs: clock?.uncertaintyUs ?? null,
    },
    model,
  };
}
