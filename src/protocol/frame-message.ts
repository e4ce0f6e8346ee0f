import {
  type Frame,
  type FrameIdentity,
  ORIENTATIONS,
  PIXEL_FORMATS,
  PROBE_GEOMETRIES,
} from '../domain/frame.js';
import { createFieldWriter } from './field-writer.js';
import { checkEnvelope, type FrameEnvelope, hasReadableIdentity } from './frame-envelope.js';
import { readExtensions } from './frame-extensions.js';
import {
  checkReserved,
  FRAME_MAGIC,
  flagBits,
  HEADER_BYTES,
  HEADER_OFFSETS,
  MESSAGE_TYPE_FRAME,
  readCode,
  readFlags,
  readSafeInteger,
} from './frame-header.js';
import { checkImage } from './frame-image.js';
import { type FrameLimits, WIRE_LIMITS } from './limits.js';
import { readSpacing, writeSpacing } from './spacing-field.js';
import { PROTOCOL_MAJOR, PROTOCOL_MINOR } from './version.js';
import { writeExtensions } from './write-extensions.js';

const AT = HEADER_OFFSETS;

/**
 * Reads one frame message (docs/protocol.md section 3). The payload is a view into `bytes`, not a
 * copy: it lives as long as `bytes` and changes with it.
 *
 * @param bytes - the whole WebSocket message
 * @param limits - bounds of this service; checked before anything is believed
 * @throws EcholineError whose details carry `field`, `offsetBytes`, `expected` and `received`.
 *   ECHOLINE_PROTOCOL_*: the peer does not speak this protocol, the socket closes.
 *   ECHOLINE_FRAME_*: the message is well framed and this frame alone is refused.
 */
export function decodeFrameMessage(bytes: Uint8Array, limits: FrameLimits): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const envelope = checkEnvelope(view, limits);
  if (!envelope.isNewerMinor) checkReserved(view);
  const frame = readFrame(bytes, view, envelope);
  checkImage(frame, envelope, limits);
  return frame;
}

function readFrame(bytes: Uint8Array, view: DataView, envelope: FrameEnvelope): Frame {
  const widthPx = view.getUint16(AT.widthPx, true);
  const heightPx = view.getUint16(AT.heightPx, true);
  return {
    epoch: view.getUint32(AT.epoch, true),
    frameId: readSafeInteger(view, AT.frameId, 'frameId'),
    captureTimeUs: readSafeInteger(view, AT.captureTimeUs, 'captureTimeUs'),
    flags: readFlags(view),
    format: readCode(view, AT.format, 'format', PIXEL_FORMATS, 'ECHOLINE_FRAME_FORMAT'),
    probeGeometry: readCode(
      view,
      AT.probeGeometry,
      'probeGeometry',
      PROBE_GEOMETRIES,
      'ECHOLINE_FRAME_FIELD',
    ),
    orientation: readCode(
      view,
      AT.orientation,
      'orientation',
      ORIENTATIONS,
      'ECHOLINE_FRAME_FIELD',
    ),
    widthPx,
    heightPx,
    strideBytes: view.getUint32(AT.strideBytes, true),
    spacing: readSpacing(view, AT.spacingX, 'spacing'),
    extensions: readExtensions(view, HEADER_BYTES, envelope.headerBytes, { widthPx, heightPx }),
    payload: new Uint8Array(
      bytes.buffer,
      bytes.byteOffset + envelope.headerBytes,
      envelope.payloadBytes,
    ),
  };
}

/**
 * Writes one frame message. What was written is read back by `decodeFrameMessage`, so that there is
 * one set of rules and nothing invalid ever leaves. Single precision on the wire: a spacing of 0.1
 * comes back as 0.10000000149011612.
 *
 * @param limits - what the peer accepts (a cart: from the welcome); default: what the format allows
 * @throws EcholineError as `decodeFrameMessage` does
 */
export function encodeFrameMessage(
  frame: Frame,
  limits: FrameLimits = WIRE_LIMITS,
): Uint8Array<ArrayBuffer> {
  const extensions = writeExtensions(frame.extensions, HEADER_BYTES);
  const headerBytes = HEADER_BYTES + extensions.byteLength;
  const bytes = new Uint8Array(headerBytes + frame.payload.byteLength);
  const view = new DataView(bytes.buffer);
  const write = createFieldWriter(view, 'ECHOLINE_FRAME_FIELD');
  view.setUint32(AT.magic, FRAME_MAGIC, true);
  view.setUint8(AT.major, PROTOCOL_MAJOR);
  view.setUint8(AT.minor, PROTOCOL_MINOR);
  view.setUint8(AT.type, MESSAGE_TYPE_FRAME);
  view.setUint8(AT.flags, flagBits(frame.flags));
  write.u16(AT.headerLength, 'headerLength', headerBytes);
  // A name that is in no table becomes 255, which the reader refuses.
  view.setUint8(AT.format, PIXEL_FORMATS.indexOf(frame.format));
  view.setUint8(AT.probeGeometry, PROBE_GEOMETRIES.indexOf(frame.probeGeometry));
  view.setUint8(AT.orientation, ORIENTATIONS.indexOf(frame.orientation));
  write.u32(AT.epoch, 'epoch', frame.epoch);
  write.u64(AT.frameId, 'frameId', frame.frameId);
  write.u64(AT.captureTimeUs, 'captureTimeUs', frame.captureTimeUs);
  write.u16(AT.widthPx, 'widthPx', frame.widthPx);
  write.u16(AT.heightPx, 'heightPx', frame.heightPx);
  write.u32(AT.strideBytes, 'strideBytes', frame.strideBytes);
  writeSpacing(view, AT.spacingX, 'spacing', frame.spacing);
  write.u32(AT.payloadLength, 'payloadLength', frame.payload.byteLength);
  bytes.set(extensions, HEADER_BYTES);
  bytes.set(frame.payload, headerBytes);
  decodeFrameMessage(bytes, limits);
  return bytes;
}

/**
 * The identity of a frame message that may be broken elsewhere, so that its verdict can name it;
 * null where the bytes that hold it are missing or are not a frame message of our major.
 */
export function readFrameIdentity(bytes: Uint8Array): FrameIdentity | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!hasReadableIdentity(view)) return null;
  const epoch = view.getUint32(AT.epoch, true);
  const high = view.getUint32(AT.frameId + 4, true);
  const frameId = high * 2 ** 32 + view.getUint32(AT.frameId, true);
  return frameId <= Number.MAX_SAFE_INTEGER ? { epoch, frameId } : null;
}
