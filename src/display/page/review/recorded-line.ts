import { type Frame, NO_EXTENSIONS, ORIENTATIONS, PIXEL_FORMATS } from '../../../domain/frame.js';
import type { PointPx, SegmentPx } from '../../../domain/geometry.js';
import { STRUCTURE_CLASSES, type StructureClass } from '../../../domain/structure.js';
import { fieldsOf } from '../fields.js';
import type { Extent } from './blob-lines.js';

/** A frame of a recording, without its payload. */
export interface RecordedFrame {
  readonly frame: Omit<Frame, 'payload'>;
  readonly payload: Extent;
  /** When the service had it; else, in clips that were not recorded live, when it was captured. */
  readonly atUs: number;
}

/** What is true of a frame, as far as the review draws it. */
export interface RecordedTruth {
  /** Position of the frame in the recording, from 0. */
  readonly position: number;
  /** null where there is no needle. */
  readonly tip: PointPx | null;
  readonly isTipVisible: boolean;
  readonly shaft: SegmentPx | null;
  /** Where its label map is; null where the line names none that can be drawn. */
  readonly labels: RecordedLabels | null;
}

/** A label map, one byte a pixel, deflated (zlib) in `labels.bin`. */
export interface RecordedLabels {
  readonly widthPx: number;
  readonly heightPx: number;
  /** What a byte means, by its value; null = not a structure. */
  readonly classes: readonly (StructureClass | null)[];
  readonly data: Extent;
}

/** A line of `events.jsonl`. */
export interface RecordedEvent {
  readonly kind: string;
  readonly atUs: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Reads a line of `frames.jsonl`. What the review draws with is checked; the rest of the format is
 * the service's concern.
 *
 * @returns null when it is no line that can be shown
 */
export function readFrameLine(text: string): RecordedFrame | null {
  const line = fieldsOf(parse(text));
  const frame = fieldsOf(line.frame);
  const flags = fieldsOf(frame.flags);
  const payload = readExtentOf(line.payload);
  const widthPx = readSide(frame.widthPx);
  const heightPx = readSide(frame.heightPx);
  const captureTimeUs = whole(frame.captureTimeUs);
  const epoch = whole(frame.epoch);
  const frameId = whole(frame.frameId);
  const format = PIXEL_FORMATS.find((known) => known === frame.format);
  if (payload === null || widthPx === null || heightPx === null) return null;
  if (format === undefined || captureTimeUs === null) return null;
  if (epoch === null || frameId === null) return null;
  return {
    payload,
    atUs: whole(line.receivedAtUs) ?? captureTimeUs,
    frame: {
      epoch,
      frameId,
      captureTimeUs,
      flags: {
        isFrozen: flags.isFrozen === true,
        geometryChanged: flags.geometryChanged === true,
        mayCarryText: flags.mayCarryText === true,
      },
      format,
      probeGeometry: 'unknown',
      orientation: ORIENTATIONS.find((known) => known === frame.orientation) ?? 'unknown',
      widthPx,
      heightPx,
      strideBytes: whole(frame.strideBytes) ?? 0,
      spacing: readSpacing(frame.spacing),
      extensions: NO_EXTENSIONS,
    },
  };
}

/** The largest side that browsers can draw, pixels. */
const SIDE_MAX_PX = 8192;

/** Reads a line of `truth.jsonl`; null when it is none. */
export function readTruthLine(text: string): RecordedTruth | null {
  const line = fieldsOf(parse(text));
  const position = whole(line.position);
  if (position === null) return null;
  const needle = fieldsOf(line.needle);
  const shaft = fieldsOf(needle.shaft);
  const from = readPoint(shaft.from);
  const to = readPoint(shaft.to);
  return {
    position,
    tip: readPoint(needle.tip),
    isTipVisible: needle.tipVisible === true,
    shaft: from === null || to === null ? null : { from, to },
    labels: readLabels(line.labels),
  };
}

function readLabels(value: unknown): RecordedLabels | null {
  const labels = fieldsOf(value);
  const data = readExtentOf(labels.data);
  const widthPx = readSide(labels.widthPx);
  const heightPx = readSide(labels.heightPx);
  if (data === null || widthPx === null || heightPx === null) return null;
  if (!Array.isArray(labels.classes) || labels.classes.length > 256) return null;
  const classes = labels.classes.map(
    (name: unknown) => STRUCTURE_CLASSES.find((known) => known === name) ?? null,
  );
  return { widthPx, heightPx, classes, data };
}

/** Reads a line of `events.jsonl`; null when it is none. */
export function readEventLine(text: string): RecordedEvent | null {
  const { kind, atUs, details } = fieldsOf(parse(text));
  const at = whole(atUs);
  if (typeof kind !== 'string' || at === null) return null;
  return { kind, atUs: at, details: fieldsOf(details) };
}

/** JSON, or undefined where it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function whole(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}

function readExtentOf(value: unknown): Extent | null {
  const extent = fieldsOf(value);
  const offsetBytes = whole(extent.offsetBytes);
  const lengthBytes = whole(extent.lengthBytes);
  return offsetBytes === null || lengthBytes === null ? null : { offsetBytes, lengthBytes };
}

function readSide(value: unknown): number | null {
  const sidePx = whole(value);
  return sidePx === null || sidePx < 1 || sidePx > SIDE_MAX_PX ? null : sidePx;
}

function readPoint(value: unknown): PointPx | null {
  const { xPx, yPx } = fieldsOf(value);
  const isPoint = Number.isFinite(xPx) && Number.isFinite(yPx);
  return isPoint ? { xPx: xPx as number, yPx: yPx as number } : null;
}

function readSpacing(value: unknown): Frame['spacing'] {
  const { xMm, yMm } = fieldsOf(value);
  const isSpacing = Number.isFinite(xMm) && Number.isFinite(yMm);
  if (!isSpacing || !((xMm as number) > 0) || !((yMm as number) > 0)) return null;
  return { xMm: xMm as number, yMm: yMm as number };
}
