import { EcholineError } from '../domain/errors.js';

/** Who operates which stream: at most one display at a time (interfaces.md section 3). */
export interface Operators {
  /**
   * Claims a stream; the returned function gives it back, once.
   *
   * @throws EcholineError ECHOLINE_AUTH_OPERATOR_TAKEN
   */
  claim(streamId: string): () => void;
}

export function createOperators(): Operators {
  const holders = new Map<string, symbol>();
  return {
    claim(streamId) {
      if (holders.has(streamId)) {
        throw new EcholineError(
          'ECHOLINE_AUTH_OPERATOR_TAKEN',
          `Stream ${streamId} has an operator already; expected one at a time. ` +
            'Connect as observer, or end the other operator.',
          { stream: streamId },
        );
      }
      const holder = Symbol(streamId);
      holders.set(streamId, holder);
      return () => {
        if (holders.get(streamId) === holder) holders.delete(streamId);
      };
    },
  };
}
