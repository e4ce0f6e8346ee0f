import { type Frame, type GrayImage, NO_EXTENSIONS } from '../../src/domain/frame.js';

/** A gray8 frame around an image, with anything overridden. */
export function frameOf(image: GrayImage, changes: Partial<Frame> = {}): Frame {
  return {
    epoch: 0,
    frameId: 1,
    captureTimeUs: 0,
    flags: { isFrozen: false, geometryChanged: false, mayCarryText: false },
    format: 'gray8',
    probeGeometry: 'linear',
    orientation: 'MF',
    widthPx: image.widthPx,
    heightPx: image.heightPx,
    strideBytes: image.strideBytes,
    spacing: null,
    extensions: NO_EXTENSIONS,
    payload: image.data,
    ...changes,
  };
}
