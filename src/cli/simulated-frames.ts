import type { Clip, ClipFrame } from '../domain/clip.js';
import { type Frame, NO_EXTENSIONS } from '../domain/frame.js';
import type { SimulatedClip, SimulatedFrame } from '../domain/phantom-clip.js';

/** A simulated image as the frame that a cart with this probe would offer. */
export function frameOfSimulated(
  clip: Pick<SimulatedClip, 'probeGeometry'>,
  { image, truth, timeUs }: SimulatedFrame,
  frameId: number,
): Frame {
  return {
    epoch: 0,
    frameId,
    captureTimeUs: timeUs,
    flags: { isFrozen: false, geometryChanged: false, mayCarryText: false },
    format: 'gray8',
    probeGeometry: clip.probeGeometry,
    orientation: 'MF',
    widthPx: image.widthPx,
    heightPx: image.heightPx,
    strideBytes: image.strideBytes,
    spacing: truth.spacing,
    extensions: NO_EXTENSIONS,
    payload: image.data,
  };
}

/**
 * A simulated sequence as a clip.
 *
 * @param open - makes the sequence; called at each `frames()`, which starts from the beginning
 */
export function clipOfSimulated(name: string, frameCount: number, open: () => SimulatedClip): Clip {
  const { widthPx, heightPx } = open();
  return {
    name,
    frameCount,
    widthPx,
    heightPx,
    isSimulated: true,
    async *frames(): AsyncGenerator<ClipFrame> {
      const clip = open();
      for (let index = 0; index < frameCount; index++) {
        const simulated = clip.nextFrame();
        const frame = frameOfSimulated(clip, simulated, index);
        yield { frame, truth: simulated.truth, file: null };
      }
    },
  };
}
