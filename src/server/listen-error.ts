import { EcholineError } from '../domain/errors.js';

/** What is said when the system refuses to listen: the port is in use, or something else. */
export function listenError(cause: unknown, host: string, port: number): EcholineError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    const message =
      `Port ${port} on ${host} is in use. End what listens there, or choose another with ` +
      '--port (0 = any free one).';
    return new EcholineError('ECHOLINE_CONFIG_PORT_IN_USE', message, { port }, { cause });
  }
  const message = `Cannot listen on ${host}:${port} (${String(cause)}).`;
  return new EcholineError('ECHOLINE_CONFIG_INVALID', message, { port }, { cause });
}
