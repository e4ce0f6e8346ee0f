import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { GrayImage } from '../../domain/frame.js';
import type { PixelLabels } from './label-grid.js';
import type { RealFrameFile } from './real-frame-sets.js';
import { LABEL_NEITHER, LABEL_UNKNOWN, LABEL_VESSEL } from './shard-record.js';

/** Index of a class in the shards' class list. */
const NERVE = 1;
const BONE = 4;
const FASCIA = 5;

/** A real needle-free photograph in memory, with what is known of its pixels. */
export interface RealFrame {
  readonly file: RealFrameFile;
  readonly image: GrayImage;
  /** Class indices and partial labels, one a pixel of `image`. */
  readonly labels: PixelLabels;
}

/** Longest side that is kept; larger photographs are reduced, which costs the network nothing. */
const SIDE_MAX_PX = 640;

/**
 * Reads and decodes one frame with its mask.
 *
 * From memory, because the decode stage shuts libvips' readers of files for the whole process.
 */
export async function readRealFrame(file: RealFrameFile): Promise<RealFrame> {
  const source = sharp(await readFile(file.imagePath))
    .flatten({ background: '#000' })
    .grayscale();
  const { data, info } = await source
    .resize(SIDE_MAX_PX, SIDE_MAX_PX, { fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const size = { widthPx: info.width, heightPx: info.height };
  const gray = new Uint8Array(size.widthPx * size.heightPx);
  for (let i = 0; i < gray.length; i++) gray[i] = data[i * info.channels] as number;
  const labels = await readLabels(file, size.widthPx, size.heightPx);
  return {
    file,
    image: { ...size, strideBytes: size.widthPx, data: gray },
    labels: { ...size, data: labels },
  };
}

async function readLabels(
  file: RealFrameFile,
  widthPx: number,
  heightPx: number,
): Promise<Uint8Array> {
  const rest = file.isNerveFree ? LABEL_NEITHER : LABEL_UNKNOWN;
  const labels = new Uint8Array(widthPx * heightPx).fill(rest);
  if (file.maskPath === null) return labels;
  const rgb = await sharp(await readFile(file.maskPath))
    .flatten({ background: '#000' })
    .toColourspace('srgb')
    .resize(widthPx, heightPx, { fit: 'fill', kernel: 'nearest' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (pixel: number, channel: number): number =>
    rgb.data[pixel * rgb.info.channels + Math.min(channel, rgb.info.channels - 1)] as number;
  for (let pixel = 0; pixel < labels.length; pixel++) {
    labels[pixel] = labelOfColour(file, at(pixel, 0), at(pixel, 1), at(pixel, 2), rest);
  }
  if (file.maskKind === 'drawing') fillHatching(labels, widthPx, heightPx);
  return labels;
}

function labelOfColour(
  file: RealFrameFile,
  red: number,
  green: number,
  blue: number,
  rest: number,
): number {
  switch (file.maskKind) {
    case 'nerve-and-vessel':
      if (red > 64 && green <= 64) return NERVE;
      return green > 64 ? LABEL_VESSEL : LABEL_NEITHER;
    case 'aponeurosis':
      return red > 127 ? FASCIA : rest;
    case 'drawing':
      if (red > 127) return blue > 127 ? FASCIA : green > 127 ? NERVE : LABEL_VESSEL;
      if (green > 127) return blue > 127 ? FASCIA : BONE;
      return LABEL_NEITHER;
    case 'none':
      return rest;
  }
}

/**
 * Drawn regions are an outline with horizontal hatching: close the gaps between two hatch lines.
 */
function fillHatching(labels: Uint8Array, widthPx: number, heightPx: number): void {
  const gapPx = Math.max(8, Math.round(heightPx / 32));
  for (let x = 0; x < widthPx; x++) {
    let lastRow = -1;
    let lastLabel = LABEL_NEITHER;
    for (let y = 0; y < heightPx; y++) {
      const label = labels[y * widthPx + x] as number;
      if (label === LABEL_NEITHER) continue;
      if (label === lastLabel && label !== FASCIA && y - lastRow <= gapPx) {
        for (let row = lastRow + 1; row < y; row++) labels[row * widthPx + x] = label;
      }
      lastRow = y;
      lastLabel = label;
    }
  }
}
