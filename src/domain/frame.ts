import type { RectPx } from './geometry.js';
import type { Spacing } from './spacing.js';

/** How a payload is encoded. The index in `PIXEL_FORMATS` is the code on the wire. */
export type PixelFormat = 'gray8' | 'rgba8' | 'bgra8' | 'jpeg' | 'png';
export const PIXEL_FORMATS: readonly PixelFormat[] = ['gray8', 'rgba8', 'bgra8', 'jpeg', 'png'];

/** Geometry of the transducer face. The index is the code on the wire. */
export type ProbeGeometry = 'unknown' | 'linear' | 'curvilinear' | 'phased';
export const PROBE_GEOMETRIES: readonly ProbeGeometry[] = [
  'unknown',
  'linear',
  'curvilinear',
  'phased',
];

/**
 * PLUS's image orientation: first letter, where +x points (M = marked side, U = unmarked side);
 * second letter, where +y points (F = far from the transducer, N = near). Index = code on the wire.
 */
export type Orientation = 'unknown' | 'MF' | 'MN' | 'UF' | 'UN';
export const ORIENTATIONS: readonly Orientation[] = ['unknown', 'MF', 'MN', 'UF', 'UN'];

/** What the scanner was doing. The index is the code on the wire. */
export type ImagingMode = 'b' | 'colour' | 'power' | 'm' | 'elastography' | 'steered-needle';
export const IMAGING_MODES: readonly ImagingMode[] = [
  'b',
  'colour',
  'power',
  'm',
  'elastography',
  'steered-needle',
];

/** One image pane of a multi-pane screen. */
export interface Pane {
  readonly rect: RectPx;
  readonly spacing: Spacing | null;
}

/** Shape of a curvilinear or phased image, in image pixels and degrees from straight down. */
export interface SectorShape {
  readonly apexXPx: number;
  readonly apexYPx: number;
  readonly radiusMinPx: number;
  readonly radiusMaxPx: number;
  readonly angleMinDeg: number;
  readonly angleMaxDeg: number;
}

/** Delay of the source before it handed the frame over, with its own uncertainty. */
export interface SourceLatency {
  readonly latencyMs: number;
  readonly uncertaintyMs: number;
}

/**
 * What a cart may say about one frame beyond the fixed header. Each describes this frame only and
 * never carries over to the next one; `null` = not said.
 */
export interface FrameExtensions {
  /** Image-plane pose, 4 × 4 row-major, mm. */
  readonly probePose: readonly number[] | null;
  readonly depthMm: number | null;
  readonly gainDb: number | null;
  readonly imagingMode: ImagingMode | null;
  readonly panes: readonly Pane[];
  readonly sourceLatency: SourceLatency | null;
  readonly sector: SectorShape | null;
  /** Device text, at most 64 bytes of UTF-8; never patient data. */
  readonly deviceText: string | null;
}

export const NO_EXTENSIONS: FrameExtensions = {
  probePose: null,
  depthMm: null,
  gainDb: null,
  imagingMode: null,
  panes: [],
  sourceLatency: null,
  sector: null,
  deviceText: null,
};

export interface FrameFlags {
  readonly isFrozen: boolean;
  readonly geometryChanged: boolean;
  readonly mayCarryText: boolean;
}

/** Names a frame within a stream. `epoch` is the cart's numbering; `frameId` rises within it. */
export interface FrameIdentity {
  readonly epoch: number;
  readonly frameId: number;
}

/** The identity as a key of maps and sets: equal for equal identities only. */
export function frameKey({ epoch, frameId }: FrameIdentity): string {
  return `${epoch}/${frameId}`;
}

/** One B-mode image as a cart offered it: metadata and an encoded payload. */
export interface Frame extends FrameIdentity {
  /** Cart clock, µs, ≤ 2^53 − 1. */
  readonly captureTimeUs: number;
  readonly flags: FrameFlags;
  readonly format: PixelFormat;
  readonly probeGeometry: ProbeGeometry;
  readonly orientation: Orientation;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Bytes from one row to the next; 0 for compressed formats. */
  readonly strideBytes: number;
  readonly spacing: Spacing | null;
  readonly extensions: FrameExtensions;
  readonly payload: Uint8Array;
}

/** How many times fewer pixels an image has in each direction: what a JPEG's blocks allow. */
export type Reduction = 1 | 2 | 4 | 8;

/** A decoded image: one byte a pixel, row-major, `strideBytes` from row to row. */
export interface GrayImage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly strideBytes: number;
  readonly data: Uint8Array;
}
