import { isLoopback } from '../config/loopback.js';
import { EcholineError } from '../domain/errors.js';

export interface OriginRules {
  /** Origins that may connect besides the page itself, e.g. `http://localhost:9000`. */
  readonly origins: readonly string[];
  /** Address the service listens on. */
  readonly host: string;
}

/**
 * Checks the `Origin` of a request. Browsers send one with every WebSocket, and no same-origin
 * policy protects sockets: without this check any web page could watch a stream on this machine.
 *
 * Same origin means that `Origin` names the host that was asked. On a loopback address that host
 * has to be a loopback name too: else a page could point its own name at 127.0.0.1 (DNS rebinding).
 * Programs that are no browsers send no origin and pass.
 *
 * @throws EcholineError ECHOLINE_AUTH_ORIGIN
 */
export function checkOrigin(
  origin: string | undefined,
  hostHeader: string | undefined,
  rules: OriginRules,
): void {
  if (origin === undefined || rules.origins.includes(origin)) return;
  if (isSameOrigin(origin, hostHeader, rules)) return;
  throw new EcholineError(
    'ECHOLINE_AUTH_ORIGIN',
    `Origin ${origin.slice(0, 200)} may not connect. Expected the page of this service, or an ` +
      `origin given with --origins ${origin.slice(0, 200)}.`,
    { origin: origin.slice(0, 200) },
  );
}

function isSameOrigin(
  origin: string,
  hostHeader: string | undefined,
  { host }: OriginRules,
): boolean {
  if (hostHeader === undefined || !URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.host !== hostHeader) return false;
  return !isLoopback(host) || isLoopback(url.hostname);
}
