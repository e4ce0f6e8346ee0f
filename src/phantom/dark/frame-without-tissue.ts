import type { SimulatedFrame } from '../../domain/phantom-clip.js';

/**
 * A frame in which there is no tissue and no needle: all of it is background.
 *
 * @param data - gray levels, row-major, `widthPx` a row
 * @param said - contact and image quality, 0 to 1, one value for both; NaN: nobody says
 */
export function frameWithoutTissue(
  data: Uint8Array,
  widthPx: number,
  heightPx: number,
  timeUs: number,
  said = 0,
): SimulatedFrame {
  const labels = new Uint8Array(widthPx * heightPx);
  return {
    image: { widthPx, heightPx, strideBytes: widthPx, data },
    timeUs,
    truth: {
      needle: null,
      labels: { widthPx, heightPx, classes: ['background'], data: labels },
      spacing: { xMm: 0.15, yMm: 0.15 },
      injectateAreaMm2: 0,
      probeShiftPx: { xPx: 0, yPx: 0 },
      contact: said,
      imageQuality: said,
    },
  };
}
