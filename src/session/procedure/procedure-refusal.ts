import { EcholineError, type ErrorCode } from '../../domain/errors.js';

/** A command that cannot be carried out as things are. */
export function refusal(
  code: Extract<ErrorCode, `ECHOLINE_PROCEDURE_${string}`>,
  message: string,
): EcholineError {
  return new EcholineError(code, message);
}
