import type { ModelManifest } from '../../domain/model-manifest.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { FrameContext, FrameReading, HeadOutputs, NeedleReading } from '../frame-context.js';
import { sigmoid } from './cells.js';
import { createNeedleReader } from './read-needle.js';
import { createStructureReader } from './read-structures.js';

const NO_NEEDLE: NeedleReading = {
  evidence: 'none',
  present: 0,
  candidates: [],
  shaft: null,
  angleDeg: null,
};

/** From the network's outputs to what is seen, in image pixels. */
export type Postprocess = (heads: HeadOutputs, context: FrameContext) => FrameReading;

/**
 * Makes the stage that turns the network's outputs into findings in image pixels. It has no state
 * from frame to frame, only buffers. A flat or foreign image is read as empty, whatever the network
 * says.
 */
export function createPostprocess(manifest: ModelManifest, kernels: Kernels): Postprocess {
  const size = {
    width: Math.floor(manifest.input.shape[3] / manifest.stridePx),
    height: Math.floor(manifest.input.shape[2] / manifest.stridePx),
  };
  const readNeedle = createNeedleReader(manifest, kernels, size);
  const readStructures = createStructureReader(manifest, kernels, size);
  const { thresholds } = manifest;
  const { outlines: outlineErrors = {}, tipErrorLasting = 1 } = manifest.calibration;
  return (heads, context) => {
    if (context.isFlat || context.isForeign) {
      return {
        needle: NO_NEEDLE,
        structures: [],
        outlineErrors,
        tipErrorLasting,
        imageQuality: 0,
        isImageQualityLow: true,
        isContactLost: context.isFlat,
      };
    }
    const imageQuality = sigmoid(heads.frame[2]);
    return {
      needle: readNeedle(heads, context),
      structures: readStructures(heads.structures, context),
      outlineErrors,
      tipErrorLasting,
      imageQuality,
      isImageQualityLow: imageQuality < thresholds.imageQuality,
      isContactLost: sigmoid(heads.frame[3]) >= thresholds.contactLoss,
    };
  };
}
