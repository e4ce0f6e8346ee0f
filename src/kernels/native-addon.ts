import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The interface between this file and native/addon that this code was written for. */
const INTERFACE_VERSION = 3;

/** Where binding.gyp is, and the binaries: built here, or prebuilt. From `src` and from `dist`. */
const NATIVE_DIRECTORY = fileURLToPath(new URL('../../native', import.meta.url));

/**
 * The functions of the native addon, with the arguments as they lie in its C++ (native/addon says
 * what each one is). Every one checks types, lengths and strides and throws a TypeError or
 * RangeError before it touches memory.
 */
export interface NativeAddon {
  readonly interfaceVersion: number;
  /** Instruction set that was chosen at run time. */
  readonly instructions: 'AVX-512' | 'AVX2' | 'baseline';
  readonly hasJpeg: boolean;
  /** The library's name, or why there is none. */
  readonly jpegReason: string;

  grayFromColour(
    source: Uint8Array,
    sourceStrideBytes: number,
    width: number,
    height: number,
    isRgba: 0 | 1,
    target: Uint8Array,
  ): void;
  activity(
    data: Uint8Array,
    width: number,
    height: number,
    strideBytes: number,
    lagPx: number,
    cellPx: number,
    cells: Uint8Array,
  ): void;
  activePairs(data: Uint8Array, from: number, pairs: number, step: number, lagPx: number): number;
  resize(
    data: Uint8Array,
    strideBytes: number,
    originBytes: number,
    geometry: Int32Array,
    target: Uint8Array,
    columnStart: Int32Array,
    columnOffset: Int32Array,
    columnWeights: Float32Array,
    rowStart: Int32Array,
    rowOffset: Int32Array,
    rowWeights: Float32Array,
    scratch: Float32Array,
  ): void;
  /** Writes the six sums to `result`, in the order of `TextureSums`. */
  textureSums(
    intensity: Uint8Array,
    widthPx: number,
    xPx: number,
    yPx: number,
    placedWidth: number,
    placedHeight: number,
    result: Float64Array,
  ): void;
  buildPyramid(
    width: number,
    height: number,
    image: Uint8Array,
    level0: Uint8Array,
    level1: Uint8Array,
    level2: Uint8Array,
    level3: Uint8Array,
  ): void;
  /** Writes the shift to `result` and returns whether it is reliable. */
  estimateShift(
    width: number,
    height: number,
    previous0: Uint8Array,
    previous1: Uint8Array,
    previous2: Uint8Array,
    previous3: Uint8Array,
    current0: Uint8Array,
    current1: Uint8Array,
    current2: Uint8Array,
    current3: Uint8Array,
    result: Float64Array,
  ): boolean;
  shiftedDifference(
    width: number,
    height: number,
    current: Uint8Array,
    previous: Uint8Array,
    xPx: number,
    yPx: number,
    gain: number,
    neutral: number,
    target: Uint8Array,
  ): void;
  backgroundDifference(
    width: number,
    height: number,
    current: Uint8Array,
    background: Uint16Array,
    xPx: number,
    yPx: number,
    weight: number,
    neutral: number,
    target: Uint8Array,
    next: Uint16Array,
  ): void;
  scoreClasses(
    logits: Float32Array,
    classOf: Uint8Array,
    labels: Uint8Array,
    probabilities: Float32Array,
    best: Float32Array,
    second: Float32Array,
  ): void;
  findPeaks(
    values: Float32Array,
    width: number,
    height: number,
    threshold: number,
    peaks: Int32Array,
  ): number;
  labelComponents(
    labels: Uint8Array,
    width: number,
    height: number,
    components: Int32Array,
    stack: Int32Array,
  ): number;
  traceContour(
    field: Float32Array,
    width: number,
    height: number,
    startCell: number,
    points: Float32Array,
  ): number;
  simplifyContour(points: Float32Array, count: number, tolerance: number, keep: Uint8Array): number;
  /** 0 = decoded, 1 = unsupported, 2 = corrupt. */
  decodeGrayJpeg(
    data: Uint8Array,
    width: number,
    height: number,
    reduction: number,
    target: Uint8Array,
  ): 0 | 1 | 2;

  /**
   * Memory that another process can map through the file descriptor that comes back; it has no name
   * in any file system. Absent, like the two below, where the system has no such memory.
   */
  createSharedMemory?(bytes: number): number;
  /** Written to when mapped for reading only, it ends the process. */
  mapSharedMemory(descriptor: number, bytes: number, isWritable: boolean): ArrayBuffer;
  /** Gives mapped memory back; the buffer has no bytes afterwards. */
  unmapSharedMemory(memory: ArrayBuffer): void;
  /** Processor time of the calling thread, µs; absent where the system has none. */
  threadTimeUs?(): number;
}

/** The addon, or in one line why there is none. */
export type LoadedAddon =
  | { readonly kind: 'loaded'; readonly addon: NativeAddon }
  | { readonly kind: 'absent'; readonly reason: string };

let loaded: LoadedAddon | null = null;

/** Loads the addon; once a process, as the operating system does. */
export function loadNativeAddon(): LoadedAddon {
  loaded ??= load(NATIVE_DIRECTORY);
  return loaded;
}

function load(directory: string): LoadedAddon {
  try {
    const load = createRequire(import.meta.url);
    const findAndLoad = load('node-gyp-build') as (directory: string) => NativeAddon;
    const addon = findAndLoad(directory);
    if (addon.interfaceVersion === INTERFACE_VERSION) return { kind: 'loaded', addon };
    const { interfaceVersion: came } = addon;
    const reason = `native kernels have interface ${came}, expected ${INTERFACE_VERSION}`;
    return { kind: 'absent', reason: `${reason}; run npm run build` };
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    if (said.startsWith('No native build was found')) {
      return { kind: 'absent', reason: 'native kernels are not built' };
    }
    return { kind: 'absent', reason: `native kernels do not load: ${said}` };
  }
}
