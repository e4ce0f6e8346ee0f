import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GrayImage } from '../../src/domain/frame.js';
import type { Kernels } from '../../src/kernels/kernels.js';
import { loadNativeAddon } from '../../src/kernels/native-addon.js';
import { createNativeKernels } from '../../src/kernels/native-kernels.js';
import { referenceKernels } from '../../src/kernels/reference-kernels.js';
import { planResize } from '../../src/kernels/resize-plan.js';
import { createShiftPyramid } from '../../src/kernels/shift-pyramid.js';
import { createTexture, imageOf, seededRandom } from '../support/speckle-image.js';

/**
 * What the native kernels give against what the reference gives: equal to the last bit, for every
 * kernel that is native.
 */
const loaded = loadNativeAddon();
const title = loaded.kind === 'loaded' ? 'native kernels' : `native kernels (${loaded.reason})`;
const native: Kernels =
  loaded.kind === 'loaded' ? createNativeKernels(loaded.addon) : referenceKernels;

const sides = fc.oneof(fc.constantFrom(1, 2, 3, 15, 16, 17, 33), fc.integer({ min: 1, max: 130 }));
const seeds = fc.integer({ min: 1, max: 2 ** 30 });

/** Tries two sides of an image, one more input and a seed for what the image shows. */
function forSizes<T>(
  more: fc.Arbitrary<T>,
  run: (width: number, height: number, more: T, seed: number) => void,
  numRuns = 60,
): void {
  fc.assert(fc.property(sides, sides, more, seeds, run), { numRuns, seed: 5 });
}

function bytes(length: number, random: () => number): Uint8Array {
  return Uint8Array.from({ length }, () => 256 * random());
}

/** A random image within longer rows, in a buffer that ends with its last pixel. */
function stridedImage(widthPx: number, heightPx: number, padding: number, seed: number): GrayImage {
  const random = seededRandom(seed);
  const strideBytes = widthPx + padding;
  const data = bytes(strideBytes * (heightPx - 1) + widthPx, random);
  // A third of the images has flat patches, which activity has to tell from texture.
  if (seed % 3 === 0) for (let i = 0; i < data.length; i++) if (i % 37 < 20) data[i] = 90;
  return { widthPx, heightPx, strideBytes, data };
}

function both(run: (kernels: Kernels) => readonly unknown[]): void {
  const [ours, theirs] = [run(native), run(referenceKernels)];
  // Comparing large arrays element by element is slow; they are equal nearly always.
  if (Buffer.compare(bytesOf(ours), bytesOf(theirs)) !== 0) expect(ours).toEqual(theirs);
}

/** Everything in a result as bytes. */
function bytesOf(result: readonly unknown[]): Buffer {
  return Buffer.concat(
    result.map((part) => {
      if (!ArrayBuffer.isView(part)) return Buffer.from(JSON.stringify(part));
      return Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    }),
  );
}

describe.skipIf(loaded.kind === 'absent')(`${title} give what the reference gives`, () => {
  it('grayFromColour', () => {
    forSizes(fc.integer({ min: 0, max: 9 }), (width, height, pad, seed) => {
      const stride = 4 * width + pad;
      const source = bytes(stride * (height - 1) + 4 * width, seededRandom(seed));
      for (const order of ['rgba', 'bgra'] as const) {
        both((kernels) => {
          const target = new Uint8Array(width * height + 3).fill(7);
          kernels.grayFromColour(source, stride, { width, height }, order, target);
          return [target];
        });
      }
    });
  });

  it('activity and lineActivity', () => {
    forSizes(fc.integer({ min: 0, max: 9 }), (width, height, pad, seed) => {
      const random = seededRandom(seed);
      const image = stridedImage(width + 1, height + 1, pad, seed);
      const cellPx = 1 + Math.floor((seed % 7 === 0 ? 700 : 40) * random());
      const lagPx = 1 + Math.floor(random() * (seed % 5 === 0 ? 150 : 12));
      const count = Math.ceil((width + 1) / cellPx) * Math.ceil((height + 1) / cellPx);
      both((kernels) => {
        const cells = new Uint8Array(count + 1).fill(3);
        kernels.activity(image, lagPx, cellPx, cells);
        const row = image.strideBytes * (height >> 1);
        return [
          cells,
          kernels.lineActivity(image, lagPx, row, width + 1, 1),
          kernels.lineActivity(image, lagPx, width >> 1, height + 1, image.strideBytes),
          kernels.lineActivity(image, lagPx, 0, Math.min(lagPx, width), 1),
        ];
      });
    });
  });

  it('resize: copies, halves, reduces and enlarges', () => {
    const factors = fc.constantFrom(0, 0, 1, 2, 3, 4);
    forSizes(
      factors,
      (width, height, factor, seed) => {
        const random = seededRandom(seed);
        const placed = { widthPx: width, heightPx: height, xPx: seed % 3, yPx: seed % 2 };
        const sourceWidth = factor * width || 1 + Math.floor(300 * random());
        const sourceHeight = factor * height || 1 + Math.floor(300 * random());
        const rect = { xPx: seed % 5, yPx: seed % 4, widthPx: sourceWidth, heightPx: sourceHeight };
        const image = stridedImage(sourceWidth + rect.xPx, sourceHeight + rect.yPx, seed % 6, seed);
        const targetWidth = width + placed.xPx + (seed % 4);
        const plan = planResize(sourceWidth, sourceHeight, targetWidth, placed);
        both((kernels) => {
          const target = new Uint8Array(targetWidth * (height + placed.yPx)).fill(11);
          kernels.resize(image, rect, plan, target);
          return [target];
        });
      },
      40,
    );
  });

  it('buildPyramid and estimateShift', () => {
    const texture = createTexture(21);
    const random = seededRandom(77);
    for (const [width, height] of [
      [32, 32],
      [33, 41],
      [97, 64],
      [128, 255],
      [256, 256],
    ] as const) {
      for (const reach of [0, 0.4, 3, 12, 40]) {
        const dx = reach * (2 * random() - 1);
        const dy = reach * (2 * random() - 1);
        const before = imageOf(width, height, texture).data;
        const noise = reach === 12 ? 60 : 4;
        const after = imageOf(width, height, (x, y) => {
          return Math.max(0, Math.min(255, texture(x - dx, y - dy) + noise * random()));
        }).data;
        both((kernels) => {
          const previous = createShiftPyramid(width, height);
          const current = createShiftPyramid(width, height);
          kernels.buildPyramid(before, previous);
          kernels.buildPyramid(after, current);
          return [
            ...previous.levels.map(({ data }) => data),
            ...current.levels.map(({ data }) => data),
            kernels.estimateShift(previous, current),
          ];
        });
      }
    }
  });

  it('shiftedDifference', () => {
    const gains = fc.oneof(
      fc.constantFrom(0, 0.25, 0.5, 1, 2),
      fc.double({ min: 0.25, max: 2, noNaN: true }),
    );
    const shifts = fc.constantFrom(0, 0.02, -0.03, 0.5, -1.25, 3.998, 1, -7, 40.3, -400, 1e12);
    forSizes(fc.tuple(shifts, shifts, gains), (width, height, [xPx, yPx, gain], seed) => {
      const random = seededRandom(seed);
      const current = bytes(width * height, random);
      const previous = bytes(width * height, random);
      both((kernels) => {
        const target = new Uint8Array(width * height);
        const size = { width, height };
        const neutral = seed % 256;
        kernels.shiftedDifference(current, previous, size, { xPx, yPx }, gain, neutral, target);
        return [target];
      });
    });
  });

  it('backgroundDifference', () => {
    const shifts = fc.constantFrom(0, 1, -1, 5, -16, 131, -4000);
    const weights = fc.oneof(
      fc.constantFrom(-1, 0, 1, 3),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    forSizes(fc.tuple(shifts, shifts, weights), (width, height, [xPx, yPx, weight], seed) => {
      const random = seededRandom(seed);
      const current = bytes(width * height, random);
      const background = Uint16Array.from(current, () => 65536 * random());
      both((kernels) => {
        const target = new Uint8Array(width * height);
        const next = new Uint16Array(width * height);
        const size = { width, height };
        const shift = { xPx, yPx };
        kernels.backgroundDifference(current, background, size, shift, weight, 128, target, next);
        return [target, next];
      });
    });
  });

  it('findPeaks', () => {
    forSizes(
      fc.integer({ min: 0, max: 12 }),
      (width, height, most, seed) => {
        const random = seededRandom(seed);
        // Few different values make plateaus and ties; some are not numbers.
        const values = Float32Array.from({ length: width * height }, () => {
          const value = Math.floor(9 * random());
          return seed % 4 === 0 && value === 4 ? Number.NaN : value / 3;
        });
        for (const threshold of [0.1, 5 / 3, 2.6, 1e300, -1e300, Number.NaN]) {
          both((kernels) => {
            const peaks = new Int32Array(most);
            return [kernels.findPeaks(values, { width, height }, threshold, peaks), peaks];
          });
        }
      },
      40,
    );
  });

  it('textureSums', () => {
    forSizes(fc.nat(20), (width, height, margin, seed) => {
      const { data, strideBytes } = stridedImage(width, height, 0, seed);
      // Dark parts, so that not every block is lit.
      for (let i = 0; i < data.length; i++) if (i % 53 < 10) data[i] = data[i] >> 5;
      const xPx = Math.min(margin, width - 1);
      const yPx = Math.min(margin >> 1, height - 1);
      const placement = { xPx, yPx, widthPx: width - xPx, heightPx: height - yPx };
      both((kernels) => [kernels.textureSums(data, strideBytes, placement)]);
    });
  });

  it('scoreClasses', () => {
    forSizes(fc.integer({ min: 1, max: 9 }), (width, height, channels, seed) => {
      const random = seededRandom(seed);
      const cells = width * height;
      // Whole numbers make ties; a wide range makes channels that count as nothing.
      const range = seed % 3 === 0 ? 60 : 8;
      const logits = Float32Array.from({ length: channels * cells }, () => {
        const value = range * (random() - 0.5);
        return seed % 2 === 0 ? Math.round(value) : value;
      });
      const classes = Math.max(1, channels - (seed % 3));
      const classOf = Uint8Array.from({ length: channels }, (_, channel) => channel % classes);
      both((kernels) => {
        const labels = new Uint8Array(cells);
        const probabilities = new Float32Array(classes * cells);
        const best = new Float32Array(cells);
        const second = new Float32Array(cells);
        kernels.scoreClasses(logits, classOf, { labels, probabilities, best, second });
        return [labels, probabilities, best, second];
      });
    });
  });

  it('labelComponents', () => {
    forSizes(fc.integer({ min: 1, max: 4 }), (width, height, classes, seed) => {
      const random = seededRandom(seed);
      const labels = Uint8Array.from({ length: width * height }, () => (classes + 0.7) * random());
      both((kernels) => {
        const components = new Int32Array(labels.length + 1).fill(-1);
        const stack = new Int32Array(labels.length);
        return [kernels.labelComponents(labels, { width, height }, components, stack), components];
      });
    });
  });

  it('traceContour and simplifyContour', () => {
    forSizes(fc.double({ min: 0, max: 3, noNaN: true }), (width, height, tolerance, seed) => {
      const random = seededRandom(seed);
      const texture = createSlope(random);
      const field = Float32Array.from({ length: width * height }, (_, cell) => {
        return texture(cell % width, Math.floor(cell / width)) + 0.4 * (random() - 0.5);
      });
      const start = field.findIndex((value) => value > 0);
      if (start < 0) return;
      both((kernels) => {
        const points = new Float32Array(seed % 5 === 0 ? 24 : 8 * field.length + 8);
        const keep = new Uint8Array(points.length >> 1).fill(9);
        const count = kernels.traceContour(field, { width, height }, start, points);
        return [count, points, kernels.simplifyContour(points, count, tolerance, keep), keep];
      });
    });
  });
});

/** A few hills and valleys. */
function createSlope(random: () => number): (x: number, y: number) => number {
  const [a, b, c, d] = [random(), random(), random(), random()];
  return (x, y) => Math.sin(a * x * 0.3 + 6 * b) + Math.cos(c * y * 0.3 + 6 * d);
}
