import type { Duplex } from 'node:stream';
import type { EcholineError, ErrorCode } from '../domain/errors.js';

/** The body of a refused request. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
}

/** HTTP status of an operating error. */
export function statusOf(code: ErrorCode): number {
  switch (code) {
    case 'ECHOLINE_AUTH_REQUIRED':
      return 401;
    case 'ECHOLINE_AUTH_REFUSED':
    case 'ECHOLINE_AUTH_ORIGIN':
      return 403;
    case 'ECHOLINE_PROCEDURE_UNKNOWN':
      return 404;
    case 'ECHOLINE_SESSION_LIMIT':
    case 'ECHOLINE_SESSION_GOING_AWAY':
      return 503;
    default:
      return 400;
  }
}

/** Refuses an upgrade: words for people, a code for programs, and the connection closes. */
export function refuseUpgrade(socket: Duplex, status: number, body: ErrorBody): void {
  const text = `${JSON.stringify(body)}\n`;
  socket.end(
    [
      `HTTP/1.1 ${status} ${status === 503 ? 'Service Unavailable' : 'Refused'}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(text)}`,
      ...(status === 503 ? ['Retry-After: 2'] : []),
      '',
      text,
    ].join('\r\n'),
  );
}

/** The body for an error. */
export function bodyOf(error: EcholineError): ErrorBody {
  return { code: error.code, message: error.message };
}
