import type { EcholineError } from '../domain/errors.js';
import type { ErrorMessage, VerdictReason } from './control-messages.js';

/** What a verdict says about an error: code, words, and where in the message. */
export function verdictReasonOf(error: EcholineError): VerdictReason {
  const { field, offsetBytes, expected, received } = error.details;
  return {
    code: error.code,
    message: error.message,
    ...(typeof field === 'string' && { field }),
    ...(typeof offsetBytes === 'number' && { offsetBytes }),
    ...(typeof expected === 'string' && { expected }),
    ...(typeof received === 'string' && { received }),
  };
}

/** The `error` message that goes before a socket closes because of an error. */
export function errorMessageOf(error: EcholineError): ErrorMessage {
  const { code, message, details } = error;
  return { type: 'error', code, message, details: { ...details } };
}
