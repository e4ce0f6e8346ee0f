import { type Logger, pino } from 'pino';

/** The logger of the service. Messages are static; what varies goes into fields. */
export type { Logger };

/**
 * A logger that writes JSON lines to standard error; standard output belongs to the command line.
 * Never pass pixels, patient data, tokens or tickets.
 *
 * @param level - a pino level, `silent` for none
 */
export function createLogger(level: string): Logger {
  const redact = ['authorization', 'ticket', 'token'];
  return pino({ level, redact, base: null }, pino.destination({ dest: 2, sync: true }));
}
