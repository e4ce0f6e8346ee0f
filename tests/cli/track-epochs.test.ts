import { expect, it } from 'vitest';
import { createTrackEpochs } from '../../src/cli/track-epochs.js';
import { imageOf } from '../support/speckle-image.js';
import { frameOf } from '../support/test-frame.js';

it('a track epoch rises at a gap and at a change of geometry, and not between', () => {
  const small = imageOf(8, 8, () => 0);
  const large = imageOf(16, 8, () => 0);
  const epochOf = createTrackEpochs();
  const epochs = [
    frameOf(small, { captureTimeUs: 0 }),
    frameOf(small, { captureTimeUs: 33_000 }),
    frameOf(small, { captureTimeUs: 1_000_000 }),
    frameOf(large, { captureTimeUs: 1_033_000 }),
    frameOf(large, { captureTimeUs: 1_066_000 }),
  ].map(epochOf);
  expect(epochs).toEqual([0, 0, 1, 2, 2]);
});
