import { EcholineError } from '../domain/errors.js';

/**
 * The WebSocket address of a stream. Accepts the full address
 * (`ws://127.0.0.1:8787/v1/streams/demo/frames`) as it is, or the service's address
 * (`http://127.0.0.1:8787`, `wss://host`) together with a stream id.
 *
 * @param kind - `frames` for a cart, `overlays` for a display
 * @throws EcholineError ECHOLINE_CONFIG_USAGE
 */
export function streamUrl(
  url: string | URL,
  kind: 'frames' | 'overlays',
  streamId: string | undefined,
): URL {
  const address = parse(url);
  if (address.protocol === 'http:') address.protocol = 'ws:';
  if (address.protocol === 'https:') address.protocol = 'wss:';
  if (address.protocol !== 'ws:' && address.protocol !== 'wss:') throw usage(url);
  if (/\/v1\/streams\/[^/]+\/(frames|overlays)$/.test(address.pathname)) {
    if (!address.pathname.endsWith(`/${kind}`)) throw usage(url, `/v1/streams/ID/${kind}`);
    return address;
  }
  if (streamId === undefined) throw usage(url, `/v1/streams/ID/${kind}`);
  const base = address.pathname.replace(/\/+$/, '');
  address.pathname = `${base}/v1/streams/${encodeURIComponent(streamId)}/${kind}`;
  return address;
}

function parse(url: string | URL): URL {
  try {
    return new URL(url);
  } catch {
    throw usage(url);
  }
}

function usage(url: string | URL, path = '/v1/streams/ID/frames'): EcholineError {
  const message =
    `Address: expected ws://HOST:PORT${path}, or ws://HOST:PORT with a stream id, ` +
    `received ${String(url)}.`;
  return new EcholineError('ECHOLINE_CONFIG_USAGE', message, { url: String(url) });
}
