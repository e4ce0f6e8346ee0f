import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Clip, ClipFrame } from '../../src/domain/clip.js';
import { type ErrorCode, isEcholineError } from '../../src/domain/errors.js';
import { type Frame, NO_EXTENSIONS } from '../../src/domain/frame.js';

/** Where licensed real clips are on development machines; tests say when they are absent. */
export const REAL_DATA = new URL('../../../shared/data/', import.meta.url).pathname;

export function scratchFolder(): string {
  return mkdtempSync(join(tmpdir(), 'echoline-clips-'));
}

export async function framesOf(clip: Clip): Promise<readonly ClipFrame[]> {
  const frames: ClipFrame[] = [];
  for await (const frame of clip.frames()) frames.push(frame);
  return frames;
}

/** Code and message of what a promise rejects with. */
export async function refusalOf(
  promise: Promise<unknown>,
): Promise<{ readonly code: ErrorCode; readonly message: string }> {
  try {
    await promise;
  } catch (error) {
    if (isEcholineError(error)) return error;
    throw error;
  }
  throw new Error('expected an EcholineError');
}

/** A small MHA file: header lines as given, then the pixels. */
export function mhaFile(
  fields: Readonly<Record<string, string | null>>,
  pixels: Uint8Array,
): Buffer {
  const all: Record<string, string | null> = {
    ObjectType: 'Image',
    NDims: '2',
    DimSize: '4 2',
    ElementType: 'MET_UCHAR',
    ...fields,
  };
  const lines = Object.entries(all)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key} = ${value}\n`);
  const data = all.CompressedData === 'True' ? deflateSync(pixels) : pixels;
  return Buffer.concat([Buffer.from(`${lines.join('')}ElementDataFile = LOCAL\n`), data]);
}

export function grayFrame(frameId: number, captureTimeUs: number, payload: Uint8Array): Frame {
  return {
    epoch: 0,
    frameId,
    captureTimeUs,
    flags: { isFrozen: false, geometryChanged: false, mayCarryText: false },
    format: 'gray8',
    probeGeometry: 'linear',
    orientation: 'MF',
    widthPx: 4,
    heightPx: payload.length / 4,
    strideBytes: 4,
    spacing: { xMm: 0.1, yMm: 0.2 },
    extensions: NO_EXTENSIONS,
    payload,
  };
}
