import { EcholineError } from '../domain/errors.js';
import { Session, type SessionOptions } from './session.js';

/** What a stream may be called: it is part of a path, a log line and a file name. */
const STREAM_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export interface SessionRegistryOptions extends Omit<SessionOptions, 'streamId'> {
  /** Streams with a cart at a time. Streams that are only watched cost next to nothing. */
  readonly streamsMax: number;
}

/** All streams of the service. A stream lives while it has a cart or a display. */
export class SessionRegistry {
  readonly #options: SessionRegistryOptions;
  readonly #sessions = new Map<string, Session>();

  constructor(options: SessionRegistryOptions) {
    this.#options = options;
  }

  /** Open streams, oldest first. */
  all(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  /** The stream of that name; it is made when it does not exist. */
  open(streamId: string): Session {
    const known = this.#sessions.get(streamId);
    if (known !== undefined) return known;
    const session = new Session({ ...this.#options, streamId });
    this.#sessions.set(streamId, session);
    return session;
  }

  /**
   * Makes sure that one more stream may have a cart.
   *
   * @throws EcholineError ECHOLINE_SESSION_LIMIT
   */
  checkRoomForCart(): void {
    const carts = this.all().filter((session) => session.hasCart).length;
    const { streamsMax } = this.#options;
    if (carts < streamsMax) return;
    const message = `Expected at most ${streamsMax} streams at a time (streamsMax); try later.`;
    throw new EcholineError('ECHOLINE_SESSION_LIMIT', message, { streamsMax });
  }

  /** Forgets the stream unless it has a cart, a display or a frame without a verdict. */
  release(session: Session): void {
    if (session.isInUse) return;
    if (this.#sessions.get(session.streamId) === session) this.#sessions.delete(session.streamId);
  }

  /** Lets every stream notice silence and forgets those nobody uses. */
  tick(nowUs: number): void {
    for (const session of this.#sessions.values()) {
      session.tick(nowUs);
      this.release(session);
    }
  }
}

/**
 * Checks the name of a stream.
 *
 * @throws EcholineError ECHOLINE_SESSION_STREAM_ID
 */
export function checkStreamId(streamId: string): void {
  if (STREAM_ID.test(streamId)) return;
  const message =
    'Stream name: expected 1 to 64 letters, digits, dots, dashes or underscores, starting with a ' +
    `letter or digit; received ${JSON.stringify(streamId.slice(0, 80))}.`;
  throw new EcholineError('ECHOLINE_SESSION_STREAM_ID', message, {});
}
