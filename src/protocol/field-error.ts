import { EcholineError, type ErrorCode } from '../domain/errors.js';

/** Where a message is wrong, and how. */
export interface FieldFault {
  readonly field: string;
  readonly offsetBytes: number;
  readonly expected: string;
  readonly received: string | number;
}

/**
 * The error of one wrong field of a binary message. `details` carries `field`, `offsetBytes` (from
 * the start of the message), `expected` and `received`, so that a verdict can repeat them.
 */
export function fieldError(code: ErrorCode, fault: FieldFault): EcholineError {
  const received = String(fault.received);
  const message =
    `${fault.field} at byte ${fault.offsetBytes}: ` +
    `expected ${fault.expected}, received ${received}.`;
  return new EcholineError(code, message, { ...fault, received });
}
