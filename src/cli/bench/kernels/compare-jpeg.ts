import sharp from 'sharp';
import type { Reduction } from '../../../domain/frame.js';
import { median } from '../../../domain/median.js';
import type { Kernels } from '../../../kernels/kernels.js';
import { referenceKernels } from '../../../kernels/reference-kernels.js';
import { planResize } from '../../../kernels/resize-plan.js';
import { decodeCompressed } from '../../../pipeline/decode/decode-compressed.js';
import { speckleImage } from './bench-images.js';

/** A gray JPEG, decoded by sharp and by the kernels. */
export interface JpegComparison {
  readonly name: string;
  readonly jpegBytes: number;
  /** Median CPU time of one image, in its full size. */
  readonly sharpUs: number;
  readonly wholeUs: number;
  /** The same with the reduction that serves a network of 256 × 256. */
  readonly reduction: Reduction;
  readonly reducedUs: number;
}

const SIZES = [
  { widthPx: 512, heightPx: 512, reduction: 2 },
  { widthPx: 640, heightPx: 480, reduction: 2 },
  { widthPx: 1280, heightPx: 720, reduction: 4 },
  { widthPx: 1920, heightPx: 1080, reduction: 4 },
] as const;
const WARM_UP_RUNS = 3;

/**
 * Compares the kernels' JPEG decoder with sharp, by turns, on speckle of quality 85.
 *
 * @param rounds - images of each kind; medians are reported. 0 = smoke: one image of one size
 * @returns nothing where the kernels have no decoder
 */
export async function compareJpeg(
  native: Kernels,
  rounds: number,
): Promise<readonly JpegComparison[]> {
  const found: JpegComparison[] = [];
  for (const { widthPx, heightPx, reduction } of rounds === 0 ? SIZES.slice(1, 2) : SIZES) {
    const data = smoothSpeckle(widthPx, heightPx);
    const raw = sharp(data, { raw: { width: widthPx, height: heightPx, channels: 1 } });
    const jpeg = await raw.toColourspace('b-w').jpeg({ quality: 85 }).toBuffer();
    const size = { width: widthPx, height: heightPx };
    const target = new Uint8Array(data.length);
    if (!native.decodeGrayJpeg(jpeg, size, 1, target)) return [];
    const sharpUs: number[] = [];
    const wholeUs: number[] = [];
    const reducedUs: number[] = [];
    const first = rounds === 0 ? 0 : -WARM_UP_RUNS;
    for (let round = first; round < Math.max(1, rounds); round++) {
      const times = [
        await timeUs(() => decodeCompressed('jpeg', jpeg, size)),
        await timeUs(() => native.decodeGrayJpeg(jpeg, size, 1, target)),
        await timeUs(() => native.decodeGrayJpeg(jpeg, size, reduction, target)),
      ];
      if (round < 0) continue;
      for (const [index, list] of [sharpUs, wholeUs, reducedUs].entries()) {
        list.push(times[index] ?? Number.NaN);
      }
    }
    found.push({
      name: `${widthPx} × ${heightPx}`,
      jpegBytes: jpeg.length,
      sharpUs: median(sharpUs),
      wholeUs: median(wholeUs),
      reduction,
      reducedUs: median(reducedUs),
    });
  }
  return found;
}

/** Speckle of a scan converter: enlarged three times, as smooth downwards as along its rows. */
function smoothSpeckle(widthPx: number, heightPx: number): Uint8Array {
  const small = speckleImage(Math.ceil(widthPx / 3), Math.ceil(heightPx / 3), 7);
  const placement = { xPx: 0, yPx: 0, widthPx, heightPx };
  const data = new Uint8Array(widthPx * heightPx);
  const whole = { xPx: 0, yPx: 0, widthPx: small.widthPx, heightPx: small.heightPx };
  const plan = planResize(small.widthPx, small.heightPx, widthPx, placement);
  referenceKernels.resize(small, whole, plan, data);
  return data;
}

/** CPU µs of the whole process: sharp works in threads of its own. */
async function timeUs(run: () => unknown): Promise<number> {
  const from = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(from);
  return user + system;
}
