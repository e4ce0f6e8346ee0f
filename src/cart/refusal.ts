import type { IncomingMessage } from 'node:http';
import { EcholineError, type ErrorCode, isErrorCode } from '../domain/errors.js';
import { CLOSE_CODES, describeCloseCode } from '../protocol/close-codes.js';
import type { ErrorMessage } from '../protocol/control-messages.js';
import { SUBPROTOCOL_JSON } from '../protocol/version.js';

const BODY_BYTES_MAX = 4096;

/** Why the service answered the upgrade with an HTTP status, in its own words where it has any. */
export async function refusalOf(url: URL, response: IncomingMessage): Promise<EcholineError> {
  const body = await readBody(response);
  const status = response.statusCode ?? 0;
  const { code, message } = parseBody(body);
  const words = message ?? (body.trim() || response.statusMessage || 'no reason given');
  const text = `${url.host} refused the connection with HTTP ${status}: ${words}`;
  return new EcholineError(code ?? codeOfStatus(status), text, { status, url: url.href });
}

/** Why there is no connection at all. */
export function unreachable(url: URL, cause: Error): EcholineError {
  if (/subprotocol/i.test(cause.message)) {
    const text =
      `${url.host} does not speak the WebSocket subprotocol ${SUBPROTOCOL_JSON}. ` +
      `Is it an Echoline service of this major version?`;
    const details = { url: url.href, expected: SUBPROTOCOL_JSON };
    return new EcholineError('ECHOLINE_PROTOCOL_SUBPROTOCOL', text, details, { cause });
  }
  const text =
    `No Echoline service answers at ${url.href} (${cause.message || cause.name}). ` +
    `Is it running, and is the address right?`;
  const details = { url: url.href };
  return new EcholineError('ECHOLINE_SESSION_UNREACHABLE', text, details, { cause });
}

/** Why a socket closed: what the service said last, or what the close code means. */
export function closedBecause(
  code: number,
  reason: string,
  said: ErrorMessage | null,
): EcholineError {
  if (said !== null) {
    const known = isErrorCode(said.code) ? said.code : codeOfClose(code);
    return new EcholineError(known, said.message, { ...said.details, closeCode: code });
  }
  const words = reason === '' ? describeCloseCode(code) : `${describeCloseCode(code)}: ${reason}`;
  const text = `The service closed the connection (${code}, ${words}).`;
  return new EcholineError(codeOfClose(code), text, { closeCode: code, reason });
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return 'ECHOLINE_AUTH_REQUIRED';
  if (status === 403) return 'ECHOLINE_AUTH_REFUSED';
  if (status === 426) return 'ECHOLINE_PROTOCOL_SUBPROTOCOL';
  return 'ECHOLINE_SESSION_UNREACHABLE';
}

function codeOfClose(code: number): ErrorCode {
  switch (code) {
    case CLOSE_CODES.goingAway:
      return 'ECHOLINE_SESSION_GOING_AWAY';
    case CLOSE_CODES.tryLater:
      return 'ECHOLINE_SESSION_LIMIT';
    case CLOSE_CODES.authentication:
      return 'ECHOLINE_AUTH_REFUSED';
    case CLOSE_CODES.helloTimeout:
      return 'ECHOLINE_PROTOCOL_HELLO_TIMEOUT';
    case CLOSE_CODES.version:
      return 'ECHOLINE_PROTOCOL_VERSION';
    case CLOSE_CODES.noAcknowledgements:
      return 'ECHOLINE_SESSION_NO_ACKNOWLEDGEMENT';
    case CLOSE_CODES.streamTaken:
      return 'ECHOLINE_SESSION_STREAM_TAKEN';
    default:
      return 'ECHOLINE_SESSION_ENDED';
  }
}

function parseBody(body: string): { code: ErrorCode | null; message: string | null } {
  let json: unknown = null;
  try {
    json = JSON.parse(body);
  } catch {
    return { code: null, message: null };
  }
  if (typeof json !== 'object' || json === null) return { code: null, message: null };
  const { code, message } = json as { readonly code?: unknown; readonly message?: unknown };
  return {
    code: typeof code === 'string' && isErrorCode(code) ? code : null,
    message: typeof message === 'string' ? message : null,
  };
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      const part = chunk as Buffer;
      chunks.push(part);
      bytes += part.byteLength;
      if (bytes >= BODY_BYTES_MAX) break;
    }
  } catch (error) {
    return `(the answer broke off: ${String(error)})`;
  }
  return Buffer.concat(chunks).subarray(0, BODY_BYTES_MAX).toString('utf8');
}
