import type { EcholineError, ErrorCode } from '../domain/errors.js';
import type { Frame } from '../domain/frame.js';
import { fieldError } from './field-error.js';
import type { FrameEnvelope } from './frame-envelope.js';
import { bytesPerPixel, HEADER_OFFSETS } from './frame-header.js';
import type { FrameLimits } from './limits.js';

const AT = HEADER_OFFSETS;

/**
 * Checks that sides, stride and payload of one frame agree with each other and with the limits.
 *
 * @throws EcholineError ECHOLINE_FRAME_SIZE, ECHOLINE_FRAME_STRIDE
 */
export function checkImage(frame: Frame, envelope: FrameEnvelope, limits: FrameLimits): void {
  checkSide('widthPx', AT.widthPx, frame.widthPx, limits.widthMaxPx);
  checkSide('heightPx', AT.heightPx, frame.heightPx, limits.heightMaxPx);
  checkPixels(frame, limits.pixelsMax);
  const pixelBytes = bytesPerPixel(frame.format);
  if (pixelBytes === 0) {
    if (frame.strideBytes !== 0) {
      throw strideFault(`0 for the compressed format ${frame.format}`, frame.strideBytes);
    }
    if (envelope.payloadBytes === 0) throw payloadFault('at least 1 byte of image', 0);
    return;
  }
  const rowBytes = frame.widthPx * pixelBytes;
  if (frame.strideBytes < rowBytes) {
    const expected = `at least ${rowBytes} (${frame.widthPx} pixels of ${pixelBytes} bytes)`;
    throw strideFault(expected, frame.strideBytes);
  }
  const imageBytes = frame.strideBytes * frame.heightPx;
  if (envelope.payloadBytes !== imageBytes) {
    const expected = `${imageBytes} (stride ${frame.strideBytes} x height ${frame.heightPx})`;
    throw payloadFault(expected, envelope.payloadBytes);
  }
}

function checkSide(field: string, offsetBytes: number, value: number, max: number): void {
  if (value >= 1 && value <= max) return;
  throw fault('ECHOLINE_FRAME_SIZE', field, offsetBytes, `from 1 to ${max}`, value);
}

function checkPixels({ widthPx, heightPx }: Frame, max: number): void {
  if (widthPx * heightPx <= max) return;
  const expected = `at most ${max} pixels in all (${Math.floor(max / heightPx)} for this height)`;
  throw fault('ECHOLINE_FRAME_SIZE', 'widthPx', AT.widthPx, expected, widthPx);
}

function strideFault(expected: string, received: number): EcholineError {
  return fault('ECHOLINE_FRAME_STRIDE', 'strideBytes', AT.strideBytes, expected, received);
}

function payloadFault(expected: string, received: number): EcholineError {
  return fault('ECHOLINE_FRAME_SIZE', 'payloadLength', AT.payloadLength, expected, received);
}

function fault(
  code: ErrorCode,
  field: string,
  offsetBytes: number,
  expected: string,
  received: number,
): EcholineError {
  return fieldError(code, { field, offsetBytes, expected, received });
}
