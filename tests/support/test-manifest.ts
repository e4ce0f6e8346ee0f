import type { ModelManifest } from '../../src/domain/model-manifest.js';

/** A manifest for tests: input 64 × 64, stride 4, a grid of 16 × 16 cells. */
export const TEST_MANIFEST: ModelManifest = {
  format: 'echoline-model/1',
  id: 'test-net',
  version: '1.0.0',
  file: 'test.onnx',
  sha256: '0'.repeat(64),
  precision: 'fp32',
  input: {
    name: 'frames',
    dtype: 'uint8',
    shape: [1, 3, 64, 64],
    channels: ['intensity', 'short-difference', 'slow-difference'],
    neutral: 128,
  },
  stridePx: 4,
  outputs: { structures: 'structures', tip: 'tip', shaft: 'shaft', frame: 'frame' },
  classes: ['background', 'nerve', 'artery', 'vein', 'bone'],
  thresholds: {
    needlePresent: 0.5,
    tipHeat: 0.3,
    tipScore: 0.45,
    tipInPlane: 0.5,
    shaft: 0.5,
    tipOffShaftMm: 2,
    shaftLengthMm: 4,
    structure: 0.5,
    structureAreaMm2: 4,
    arteryVein: 0.7,
    contactLoss: 0.5,
    imageQuality: 0.3,
  },
  calibration: { radius90PerSigma: 2, needlePresentTemperature: 1 },
  spacingRangeMm: { min: 0.05, max: 0.8 },
  provenance: {},
  metrics: {},
};
