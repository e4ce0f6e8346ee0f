import { type ModelIdentity, NO_STAGE_MS, type Overlay } from '../domain/overlay.js';
import { type FrameOutcome, findingsOf } from '../session/frame-outcome.js';

/** The overlay of one frame in the forms that somebody asks for. */
export interface BuiltOverlay {
  /** The message that displays get, JSON in UTF-8. The engine's own text is its main part. */
  write(): Uint8Array;
  /** The same to look into. */
  read(): Overlay;
}

/**
 * The overlay of one frame. A frame without findings has one too, which says that nothing may be
 * concluded: absence is a value, and no display has to infer it from silence.
 */
export function buildOverlay(
  stream: string,
  outcome: FrameOutcome,
  model: ModelIdentity,
  publishedAtUs: number,
): BuiltOverlay {
  const { frame, result, clock } = outcome;
  const findings = findingsOf(result);
  const before = {
    type: 'overlay',
    stream,
    epoch: frame.epoch,
    trackEpoch: outcome.trackEpoch,
    frameId: frame.frameId,
    captureTimeUs: frame.captureTimeUs,
    image: { widthPx: frame.widthPx, heightPx: frame.heightPx },
    spacing: frame.spacing,
  } as const;
  const after = {
    stageMs: result.kind === 'ok' ? result.stageMs : NO_STAGE_MS,
    clock: {
      receivedAtUs: outcome.receivedAtUs,
      publishedAtUs,
      cartOffsetUs: clock?.cartOffsetUs ?? null,
      uncertaintyUs: clock?.uncertaintyUs ?? null,
    },
    model,
  };
  return {
    write: () => joinObjects(JSON.stringify(before), findings.json, JSON.stringify(after)),
    read: () => ({ ...before, ...findings.read(), ...after }),
  };
}

/** Three JSON objects, none of them empty, as one with the members of all. */
function joinObjects(first: string, middle: Uint8Array, last: string): Uint8Array {
  const start = Buffer.from(`${first.slice(0, -1)},`);
  return Buffer.concat([start, middle.subarray(1, -1), Buffer.from(`,${last.slice(1)}`)]);
}
