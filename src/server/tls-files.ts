import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Config } from '../config/schema.js';
import { EcholineError } from '../domain/errors.js';

/** Certificate and key of the service, PEM. */
export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * Reads the certificate and the key, and makes sure that they are PEM and belong together: OpenSSL
 * would only say so from inside the HTTP server, in words that name no file.
 *
 * @returns null without TLS
 * @throws EcholineError ECHOLINE_CONFIG_INVALID, never quoting the key
 */
export function readTlsFiles({ tlsCert, tlsKey }: Config): TlsFiles | null {
  if (tlsCert === '') return null;
  try {
    const files = { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) };
    createSecureContext(files);
    return files;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const message =
      `TLS: expected a PEM certificate in tlsCert (${tlsCert}) and its own key, without a ` +
      `passphrase, in tlsKey (${tlsKey}); reading them failed: ${said}.`;
    throw new EcholineError('ECHOLINE_CONFIG_INVALID', message, {}, { cause });
  }
}
