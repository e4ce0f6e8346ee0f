import { ERROR_CATALOGUE, type ErrorCode } from '../domain/errors.js';

/** WebSocket close codes Echoline uses (interfaces.md section 3). 1000 is a normal end. */
export const CLOSE_CODES = {
  normal: 1000,
  goingAway: 1001,
  protocol: 1002,
  policy: 1008,
  tooLarge: 1009,
  tryLater: 1013,
  authentication: 4001,
  helloTimeout: 4002,
  version: 4003,
  noAcknowledgements: 4008,
  streamTaken: 4009,
} as const;

/** Longest close reason a WebSocket carries, bytes of UTF-8 (RFC 6455 section 5.5). */
const REASON_BYTES_MAX = 123;

/** The close code of an error; null where the socket stays open or was never opened. */
export function closeCodeOf(code: ErrorCode): number | null {
  return ERROR_CATALOGUE[code].closeCode;
}

/** What a close code means, for people. */
export function describeCloseCode(code: number): string {
  switch (code) {
    case CLOSE_CODES.normal:
      return 'the peer is done';
    case CLOSE_CODES.goingAway:
      return 'the service is going away';
    case CLOSE_CODES.protocol:
      return 'a message broke the protocol';
    case 1005:
      return 'closed without a code';
    case 1006:
      return 'the connection broke';
    case CLOSE_CODES.policy:
      return 'refused by policy';
    case CLOSE_CODES.tooLarge:
      return 'a message was too large';
    case CLOSE_CODES.tryLater:
      return 'the service is full; try later';
    case CLOSE_CODES.authentication:
      return 'authentication failed';
    case CLOSE_CODES.helloTimeout:
      return 'no hello in time';
    case CLOSE_CODES.version:
      return 'the protocol version does not fit';
    case CLOSE_CODES.noAcknowledgements:
      return 'overlays or frames were not acknowledged';
    case CLOSE_CODES.streamTaken:
      return 'the stream has a cart already';
    default:
      return `close code ${code}`;
  }
}

/** `text` cut to what fits into a close frame, never inside a character. */
export function closeReason(text: string): string {
  const buffer = new Uint8Array(REASON_BYTES_MAX);
  const { read } = new TextEncoder().encodeInto(text, buffer);
  return text.slice(0, read);
}
