import type { RectPx } from '../domain/geometry.js';

/**
 * Largest difference of a component from gray that is taken for coding noise. Three times it stays
 * below what the engine takes for a coloured pixel, so a clip that is sent as gray hides none.
 */
const CHROMA_NOISE = 8;
/** The same as the largest minus the smallest of red, green and blue. */
const SPREAD_NOISE = 24;

/** Whether chroma samples (128 = gray) show more than coding noise. */
export function hasChroma(samples: Uint8Array): boolean {
  return samples.some((value) => value < 128 - CHROMA_NOISE || value > 128 + CHROMA_NOISE);
}

/** Whether a part of an image of three bytes a pixel, rows without gaps, shows colour. */
export function hasColour(rgb: Uint8Array, widthPx: number, part: RectPx): boolean {
  const xEnd = part.xPx + part.widthPx;
  for (let y = part.yPx; y < part.yPx + part.heightPx; y++) {
    for (let pixel = y * widthPx + part.xPx; pixel < y * widthPx + xEnd; pixel++) {
      const red = rgb[3 * pixel] ?? 0;
      const green = rgb[3 * pixel + 1] ?? 0;
      const blue = rgb[3 * pixel + 2] ?? 0;
      const most = Math.max(red, green, blue);
      if (most - Math.min(red, green, blue) > SPREAD_NOISE) return true;
    }
  }
  return false;
}

/** Luma of an image of three bytes a pixel (ITU-R BT.601). */
export function grayOfRgb(rgb: Uint8Array): Uint8Array {
  const gray = new Uint8Array(rgb.length / 3);
  for (let i = 0; i < gray.length; i++) {
    const red = rgb[3 * i] ?? 0;
    const green = rgb[3 * i + 1] ?? 0;
    const blue = rgb[3 * i + 2] ?? 0;
    gray[i] = (red * 19_595 + green * 38_470 + blue * 7_471 + 32_768) >> 16;
  }
  return gray;
}

/** Three bytes a pixel to four. */
export function rgbaOfRgb(rgb: Uint8Array): Uint8Array {
  const rgba = new Uint8Array((rgb.length / 3) * 4);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    rgba[to] = rgb[from] ?? 0;
    rgba[to + 1] = rgb[from + 1] ?? 0;
    rgba[to + 2] = rgb[from + 2] ?? 0;
    rgba[to + 3] = 255;
  }
  return rgba;
}

/**
 * Writes one pixel of full-range YCbCr (JFIF, DICOM's YBR_FULL; ITU-R BT.601) as red, green, blue.
 */
export function putYcc(
  target: Uint8Array,
  offset: number,
  luma: number,
  blueDifference: number,
  redDifference: number,
): void {
  const cb = blueDifference - 128;
  const cr = redDifference - 128;
  target[offset] = byte(luma + 1.402 * cr);
  target[offset + 1] = byte(luma - 0.344136 * cb - 0.714136 * cr);
  target[offset + 2] = byte(luma + 1.772 * cb);
}

function byte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.round(value);
}
