import type { IncomingMessage } from 'node:http';
import { EcholineError } from '../domain/errors.js';
import { SUBPROTOCOL_JSON } from '../protocol/version.js';
import { checkStreamId } from '../session/session-registry.js';

const PATH = /^\/v1\/streams\/([^/]*)\/(frames|overlays)$/;

/** What an upgrade asks for. */
export interface UpgradeTarget {
  readonly streamId: string;
  /** `frames`: a cart; `overlays`: a display. */
  readonly kind: 'frames' | 'overlays';
  /** The display wants the frames too (`?frames=1`). */
  readonly wantsFrames: boolean;
  readonly ticket: string | null;
}

/**
 * Reads path and query of an upgrade.
 *
 * @throws EcholineError ECHOLINE_SESSION_STREAM_ID when the path names no stream or a bad one
 */
export function readUpgradeTarget(request: IncomingMessage): UpgradeTarget {
  const text = request.url ?? '/';
  const url = URL.canParse(text, 'ws://service') ? new URL(text, 'ws://service') : null;
  const [, streamId, kind] = PATH.exec(url?.pathname ?? '') ?? [];
  if (url === null || streamId === undefined || kind === undefined) {
    throw new EcholineError(
      'ECHOLINE_SESSION_STREAM_ID',
      'Expected a socket at /v1/streams/STREAM/frames (cart) or /v1/streams/STREAM/overlays ' +
        `(display), received ${text.slice(0, 100).replace(/ticket=[^&]*/, 'ticket=…')}.`,
    );
  }
  checkStreamId(streamId);
  return {
    streamId,
    kind: kind === 'frames' ? 'frames' : 'overlays',
    wantsFrames: url.searchParams.get('frames') === '1',
    ticket: url.searchParams.get('ticket'),
  };
}

/**
 * Checks that the peer offers the subprotocol: it is how both sides know what they speak before
 * the first message.
 *
 * @throws EcholineError ECHOLINE_PROTOCOL_SUBPROTOCOL
 */
export function checkSubprotocol(request: IncomingMessage): void {
  const header = request.headers['sec-websocket-protocol'] ?? '';
  const offered = header.split(',').map((name) => name.trim());
  if (offered.includes(SUBPROTOCOL_JSON)) return;
  throw new EcholineError(
    'ECHOLINE_PROTOCOL_SUBPROTOCOL',
    `Expected the WebSocket subprotocol ${SUBPROTOCOL_JSON} in Sec-WebSocket-Protocol, received ` +
      `${header === '' ? 'none' : header.slice(0, 100)}.`,
  );
}
