import { isLoopback } from './loopback.js';
import type { Problem } from './problem.js';
import type { Config } from './schema.js';

/**
 * Checks what single keys cannot show: that nothing is exposed by accident.
 *
 * An address that others can reach needs TLS and tokens; `insecure` waives both, for closed test
 * networks (and for a container behind a proxy that does TLS itself).
 */
export function exposureProblems(config: Config): readonly Problem[] {
  const problems: Problem[] = [];
  const hasTls = config.tlsCert !== '' && config.tlsKey !== '';
  if ((config.tlsCert === '') !== (config.tlsKey === '')) {
    problems.push({
      code: 'ECHOLINE_CONFIG_INVALID',
      message:
        'TLS needs a certificate and a key: ' +
        `${config.tlsCert === '' ? 'tlsCert' : 'tlsKey'} is empty. Give both or none.`,
    });
  }
  if (config.auth === 'tokens' && config.tokens === '') {
    problems.push({
      code: 'ECHOLINE_CONFIG_INVALID',
      message: 'auth is tokens, but tokens names no file. Give --tokens FILE.',
    });
  }
  if (isLoopback(config.host) || config.insecure) return problems;
  if (!hasTls) {
    problems.push({
      code: 'ECHOLINE_CONFIG_INSECURE_BIND',
      message:
        `host ${config.host} can be reached by other machines and needs TLS: give --tls-cert ` +
        'and --tls-key, or --insecure on a closed test network, or listen on 127.0.0.1.',
    });
  }
  if (config.auth === 'off') {
    problems.push({
      code: 'ECHOLINE_CONFIG_INSECURE_BIND',
      message:
        `host ${config.host} can be reached by other machines and auth is off: give --auth ` +
        'tokens with --tokens FILE, or --insecure on a closed test network.',
    });
  }
  return problems;
}
