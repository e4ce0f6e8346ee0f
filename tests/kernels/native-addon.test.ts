import { describe, expect, it } from 'vitest';
import { loadNativeAddon } from '../../src/kernels/native-addon.js';
import { planResize } from '../../src/kernels/resize-plan.js';

const loaded = loadNativeAddon();
const title = loaded.kind === 'loaded' ? 'the native addon' : `the native addon (${loaded.reason})`;

describe.skipIf(loaded.kind === 'absent')(title, () => {
  const addon = loaded.kind === 'loaded' ? loaded.addon : null;
  const good = {
    grayFromColour: [new Uint8Array(64), 16, 4, 4, 1, new Uint8Array(16)],
    activity: [new Uint8Array(16), 4, 4, 4, 1, 2, new Uint8Array(4)],
    activePairs: [new Uint8Array(16), 0, 15, 1, 1],
    resize: [
      new Uint8Array(36),
      6,
      0,
      Int32Array.of(6, 6, 4, 0, 0, 4, 4, 0),
      new Uint8Array(16),
      ...axis(),
      ...axis(),
      new Float32Array(104),
    ],
    textureSums: [new Uint8Array(256), 16, 0, 0, 16, 16, new Float64Array(6)],
    buildPyramid: [32, 32, new Uint8Array(1024), ...levels()],
    estimateShift: [32, 32, ...levels(), ...levels(), new Float64Array(2)],
    shiftedDifference: [
      4,
      4,
      new Uint8Array(16),
      new Uint8Array(16),
      1,
      0.5,
      1,
      128,
      new Uint8Array(16),
    ],
    backgroundDifference: [
      4,
      4,
      new Uint8Array(16),
      new Uint16Array(16),
      1,
      1,
      0.5,
      128,
      new Uint8Array(16),
      new Uint16Array(16),
    ],
    scoreClasses: [
      new Float32Array(32),
      Uint8Array.of(0, 1),
      new Uint8Array(16),
      new Float32Array(32),
      new Float32Array(16),
      new Float32Array(16),
    ],
    findPeaks: [new Float32Array(16), 4, 4, 0, new Int32Array(2)],
    labelComponents: [new Uint8Array(16), 4, 4, new Int32Array(16), new Int32Array(16)],
    traceContour: [new Float32Array(16).fill(1), 4, 4, 0, new Float32Array(8)],
    simplifyContour: [new Float32Array(8), 4, 0.5, new Uint8Array(4)],
    decodeGrayJpeg: [new Uint8Array(8), 4, 4, 1, new Uint8Array(16)],
  } as const;

  /** Two source samples to a target one, but for the third and fourth of four. */
  function axis(): readonly unknown[] {
    const plan = planResize(6, 6, 4, { xPx: 0, yPx: 0, widthPx: 4, heightPx: 4 });
    return [plan.columns.start, plan.columns.offset, plan.columns.weights];
  }

  function levels(): readonly Uint8Array[] {
    return [1024, 256, 64, 16].map((length) => new Uint8Array(length));
  }

  const call = (name: keyof typeof good, args: readonly unknown[]): unknown => {
    const target = addon?.[name] as (...args: readonly unknown[]) => unknown;
    return target(...args);
  };

  it.each(Object.keys(good) as (keyof typeof good)[])('%s refuses wrong arguments', (name) => {
    const args: readonly unknown[] = good[name];
    expect(() => call(name, args)).not.toThrow();
    expect(() => call(name, [])).toThrow(TypeError);
    args.forEach((argument, index) => {
      const withArgument = (value: unknown) => args.map((old, at) => (at === index ? value : old));
      for (const wrong of [undefined, null, 'x', {}]) {
        expect(() => call(name, withArgument(wrong)), `${name} argument ${index}`).toThrow();
      }
      if (typeof argument === 'number') {
        for (const wrong of [-1e9, 2 ** 40]) {
          const isFree = /threshold|tolerance|weight|gain|shift/.test(freeNumbers(name, index));
          if (!isFree) expect(() => call(name, withArgument(wrong))).toThrow(RangeError);
        }
      } else {
        const array = argument as Uint8Array;
        expect(() => call(name, withArgument(new Float64Array(0)))).toThrow();
        expect(() => call(name, withArgument(new BigInt64Array(array.length)))).toThrow(TypeError);
        const isAnyLength = /peaks|points|jpeg|channels/.test(freeNumbers(name, index));
        if (!isAnyLength) {
          expect(() => call(name, withArgument(array.subarray(0, -1)))).toThrow(RangeError);
        }
      }
    });
  });

  /** Arguments for which any number, or an array of any length, is right. */
  function freeNumbers(name: string, index: number): string {
    const free: Record<string, string> = {
      'scoreClasses 1': 'channels',
      'findPeaks 3': 'threshold',
      'findPeaks 4': 'peaks',
      'traceContour 4': 'points',
      'simplifyContour 2': 'tolerance',
      'decodeGrayJpeg 0': 'jpeg',
      'shiftedDifference 4': 'shift',
      'shiftedDifference 5': 'shift',
      'shiftedDifference 6': 'gain',
      'backgroundDifference 6': 'weight',
    };
    return free[`${name} ${index}`] ?? '';
  }

  it('tells the processor time of its thread, which work lengthens', () => {
    const now = addon?.threadTimeUs;
    if (now === undefined) return;
    const before = now();
    let sum = 0;
    for (let step = 0; step < 1e6; step++) sum += Math.sqrt(step);
    expect(sum).toBeGreaterThan(0);
    expect(now()).toBeGreaterThan(before);
  });

  it('refuses a class that has no probabilities', () => {
    const args: readonly unknown[] = good.scoreClasses;
    const classOf = Uint8Array.of(0, 2);
    expect(() => call('scoreClasses', args.with(1, classOf))).toThrow(RangeError);
  });

  it('refuses a resize plan whose taps lead out of the source', () => {
    const args: readonly unknown[] = good.resize;
    const tampered = (index: number, array: Int32Array) =>
      args.map((old, at) => (at === index ? array : old));
    expect(() => call('resize', tampered(5, Int32Array.of(0, 1, 3, 5)))).toThrow(RangeError);
    expect(() => call('resize', tampered(5, Int32Array.of(-1, 1, 3, 4)))).toThrow(RangeError);
    expect(() => call('resize', tampered(6, Int32Array.of(0, 2, 1, 6, 8)))).toThrow(RangeError);
    expect(() => call('resize', tampered(9, Int32Array.of(0, 2, 4, 900)))).toThrow(RangeError);
    const wide = Int32Array.of(6, 6, 4, 1, 0, 4, 4, 0);
    expect(() => call('resize', tampered(3, wide))).toThrow(RangeError);
  });
});
