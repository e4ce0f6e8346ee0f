import type { EcholineError } from '../domain/errors.js';
import type { FrameIdentity } from '../domain/frame.js';
import type { VerdictKind } from '../domain/verdict.js';
import type { VerdictMessage } from '../protocol/control-messages.js';
import { verdictReasonOf } from '../protocol/error-words.js';

/** Credits a verdict gives back: the frame left the service, so one more may come. */
const CREDITS = 1;

/**
 * The verdict as the cart gets it.
 *
 * @param identity - null where the header could not be read
 * @param cause - why the frame is not `ok`; null for `ok` and `superseded`
 */
export function verdictMessage(
  identity: FrameIdentity | null,
  verdict: VerdictKind,
  cause: EcholineError | null,
): VerdictMessage {
  const message: VerdictMessage = {
    type: 'verdict',
    epoch: identity?.epoch ?? null,
    frameId: identity?.frameId ?? null,
    verdict,
    credits: CREDITS,
  };
  if (cause !== null) message.reason = verdictReasonOf(cause);
  return message;
}
