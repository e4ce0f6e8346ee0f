import type { EcholineError, ErrorCode } from '../domain/errors.js';
import { fieldError } from './field-error.js';
import { FRAME_MAGIC, HEADER_BYTES, HEADER_OFFSETS, MESSAGE_TYPE_FRAME } from './frame-header.js';
import type { FrameLimits } from './limits.js';
import { PROTOCOL_MAJOR, PROTOCOL_MINOR } from './version.js';

const AT = HEADER_OFFSETS;

/** Where header and payload of a well-framed message lie. */
export interface FrameEnvelope {
  /** Fixed header and extensions, bytes. */
  readonly headerBytes: number;
  readonly payloadBytes: number;
  /** The sender speaks a newer minor: what we do not know is skipped instead of refused. */
  readonly isNewerMinor: boolean;
}

/**
 * Checks what has to hold before a single field can be believed: size, magic, version, type and
 * lengths. Whoever fails here does not speak this protocol, so every failure closes the socket.
 *
 * @throws EcholineError ECHOLINE_PROTOCOL_*
 */
export function checkEnvelope(view: DataView, limits: FrameLimits): FrameEnvelope {
  const bytes = view.byteLength;
  if (bytes > limits.frameBytesMax) {
    const expected = `at most ${limits.frameBytesMax} bytes`;
    throw fault('ECHOLINE_PROTOCOL_TOO_LARGE', 'message', 0, expected, `${bytes} bytes`);
  }
  checkPrologue(view);
  if (bytes < HEADER_BYTES) throw truncated(bytes);
  const headerBytes = view.getUint16(AT.headerLength, true);
  if (headerBytes < HEADER_BYTES || headerBytes > bytes) {
    const expected = `from ${HEADER_BYTES} to the message's ${bytes}`;
    const code = 'ECHOLINE_PROTOCOL_HEADER_LENGTH';
    throw fault(code, 'headerLength', AT.headerLength, expected, headerBytes);
  }
  const payloadBytes = view.getUint32(AT.payloadLength, true);
  if (payloadBytes !== bytes - headerBytes) {
    const expected = `${bytes - headerBytes}, what follows the header in this message`;
    const code = 'ECHOLINE_PROTOCOL_PAYLOAD_LENGTH';
    throw fault(code, 'payloadLength', AT.payloadLength, expected, payloadBytes);
  }
  return { headerBytes, payloadBytes, isNewerMinor: view.getUint8(AT.minor) > PROTOCOL_MINOR };
}

/** Magic, major and type: as soon as their bytes are there, before the length of the header. */
function checkPrologue(view: DataView): void {
  const bytes = view.byteLength;
  if (bytes < AT.magic + 4) throw truncated(bytes);
  const magic = view.getUint32(AT.magic, true);
  if (magic !== FRAME_MAGIC) {
    const received = `0x${view.getUint32(AT.magic, false).toString(16).padStart(8, '0')}`;
    const expected = '"ECHO" (0x4543484f)';
    throw fault('ECHOLINE_PROTOCOL_BAD_MAGIC', 'magic', AT.magic, expected, received);
  }
  if (bytes <= AT.major) throw truncated(bytes);
  const major = view.getUint8(AT.major);
  if (major !== PROTOCOL_MAJOR) {
    const expected = `major version ${PROTOCOL_MAJOR}`;
    throw fault('ECHOLINE_PROTOCOL_VERSION', 'major', AT.major, expected, major);
  }
  if (bytes <= AT.type) throw truncated(bytes);
  const type = view.getUint8(AT.type);
  if (type !== MESSAGE_TYPE_FRAME) {
    const expected = `${MESSAGE_TYPE_FRAME} (frame)`;
    throw fault('ECHOLINE_PROTOCOL_MESSAGE_TYPE', 'type', AT.type, expected, type);
  }
}

/** Whether magic and major are ours and the bytes of `epoch` and `frameId` are there. */
export function hasReadableIdentity(view: DataView): boolean {
  return (
    view.byteLength >= AT.captureTimeUs &&
    view.getUint32(AT.magic, true) === FRAME_MAGIC &&
    view.getUint8(AT.major) === PROTOCOL_MAJOR &&
    view.getUint8(AT.type) === MESSAGE_TYPE_FRAME
  );
}

function truncated(bytes: number): EcholineError {
  const expected = `at least the ${HEADER_BYTES} bytes of the header`;
  return fault('ECHOLINE_PROTOCOL_TRUNCATED', 'message', bytes, expected, `${bytes} bytes`);
}

function fault(
  code: ErrorCode,
  field: string,
  offsetBytes: number,
  expected: string,
  received: string | number,
): EcholineError {
  return fieldError(code, { field, offsetBytes, expected, received });
}
