import { WebSocket } from 'ws';
import { EcholineError, type ErrorCode } from '../domain/errors.js';
import { closeReason } from '../protocol/close-codes.js';
import { encodeControl } from '../protocol/control-codec.js';
import { errorMessageOf } from '../protocol/error-words.js';

/**
 * A server's socket that says why before `ws` itself closes it: a message above the limit never
 * reaches a handler, so without this the peer would only see a close code.
 */
class ExplainingSocket extends WebSocket {
  readonly tooLarge: ErrorCode = 'ECHOLINE_PROTOCOL_TOO_LARGE';

  override close(code?: number, reason?: string | Buffer): void {
    if (reason === undefined && code === 1009 && this.readyState === WebSocket.OPEN) {
      const error = new EcholineError(
        this.tooLarge,
        'The message is larger than the welcome allows; it was not read.',
      );
      this.send(encodeControl(errorMessageOf(error)));
      super.close(code, closeReason(error.message));
      return;
    }
    super.close(code, reason);
  }
}

/** For carts, whose large messages are frames. */
export class CartWebSocket extends ExplainingSocket {}

/** For displays, which only send control messages. */
export class DisplayWebSocket extends ExplainingSocket {
  override readonly tooLarge = 'ECHOLINE_PROTOCOL_CONTROL_TOO_LARGE';
}
