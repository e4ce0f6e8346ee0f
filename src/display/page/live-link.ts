import type { ProcedureCommand } from '../../protocol/procedure-commands.js';
import type { CommandRefused, ProcedureMessage } from '../../protocol/procedure-messages.js';
import { connectDisplay } from '../connect-display.js';
import type { DisplayClient } from '../display-client.js';
import type { ConnectionState, DisplayEvents } from '../display-events.js';
import { createDisplaySession, type DisplaySession } from '../display-session.js';
import type { Picture, PictureMaker } from '../frame-picture.js';
import { sessionEvents } from '../session-events.js';

export type LinkRole = 'observer' | 'operator';

/** Where the page stands with its stream. */
export interface LinkStatus {
  /** null while none was chosen. */
  readonly stream: string | null;
  readonly connection: ConnectionState;
  /** Whether the service lets this display give commands. */
  readonly isOperator: boolean;
  /** Why it may not, though it was asked for; null otherwise. */
  readonly controlRefusal: string | null;
  readonly modelId: string | null;
  /** Messages and pictures that were refused. */
  readonly refusedCount: number;
  /** Display clock, µs; null before the first. */
  readonly lastFrameAtUs: number | null;
  /** What the service said last about the procedure; null before it said anything. */
  readonly procedure: ProcedureMessage | null;
}

export interface LiveLinkOptions {
  readonly role: LinkRole;
  readonly token: string | null;
  readonly pictures: PictureMaker;
  nowUs(): number;
  onProcedure(message: ProcedureMessage): void;
  onCommandRefused(refusal: CommandRefused): void;
}

const CONNECTING: ConnectionState = { phase: 'connecting', reason: null, retryInMs: null };
const NO_STREAM: LinkStatus = {
  stream: null,
  connection: CONNECTING,
  isOperator: false,
  controlRefusal: null,
  modelId: null,
  refusedCount: 0,
  lastFrameAtUs: null,
  procedure: null,
};

/**
 * The page's connection to one stream at a time. Where control is refused (one operator a stream)
 * it goes on looking, and says why: the picture matters more than the commands.
 */
export class LiveLink {
  readonly #options: LiveLinkOptions;
  #role: LinkRole;
  #status = NO_STREAM;
  #session = newSession();
  #client: DisplayClient | null = null;
  #wasOperator = false;
  /** Rises with every connection: what an earlier one still says is not heard. */
  #generation = 0;

  constructor(options: LiveLinkOptions) {
    this.#options = options;
    this.#role = options.role;
  }

  status(): LinkStatus {
    return this.#status;
  }

  session(): DisplaySession<Picture> {
    return this.#session;
  }

  /** Opens a stream; what was known of another one is forgotten. */
  open(stream: string): void {
    this.#session = newSession();
    this.#change({ ...NO_STREAM, stream });
    this.#connect();
  }

  /** Asks for control, or gives it back: connects anew. */
  setRole(role: LinkRole): void {
    if (this.#role === role) return;
    this.#role = role;
    this.#change({ controlRefusal: null });
    this.#connect();
  }

  /** False while there is no connection. */
  send(command: ProcedureCommand): boolean {
    return this.#client?.send(command) ?? false;
  }

  #change(changes: Partial<LinkStatus>): void {
    this.#status = { ...this.#status, ...changes };
  }

  #connect(): void {
    const { stream } = this.#status;
    if (stream === null) return;
    this.#generation += 1;
    this.#client?.close();
    this.#wasOperator = false;
    this.#change({ connection: CONNECTING, isOperator: false });
    this.#client = connectDisplay({
      service: location.origin,
      streamId: stream,
      name: this.#role === 'operator' ? 'display page (operator)' : 'display page',
      role: this.#role,
      token: this.#options.token,
      wantFrames: true,
      events: onlyWhile(this.#generation, () => this.#generation, this.#listen(this.#session)),
    });
  }

  #listen(session: DisplaySession<Picture>): DisplayEvents {
    const { pictures, nowUs, onProcedure, onCommandRefused } = this.#options;
    const feed = sessionEvents(this.#counting(session), pictures, nowUs);
    return {
      ...feed,
      connection: (state) => {
        feed.connection(state);
        this.#hearConnection(state);
      },
      welcome: ({ role, model }) => {
        this.#wasOperator = role === 'operator';
        this.#change({ modelId: model.id, isOperator: this.#wasOperator });
        if (this.#wasOperator) this.#change({ controlRefusal: null });
      },
      frame: (frame, receivedAtUs) => {
        this.#change({ lastFrameAtUs: receivedAtUs });
        return feed.frame(frame, receivedAtUs);
      },
      overlay: (overlay, receivedAtUs) => {
        this.#change({ modelId: overlay.model.id });
        feed.overlay(overlay, receivedAtUs);
      },
      procedure: (message) => {
        this.#change({ procedure: message });
        onProcedure(message);
      },
      commandRefused: onCommandRefused,
    };
  }

  /** The session, with what is refused counted where the operator sees it. */
  #counting(session: DisplaySession<Picture>): DisplaySession<Picture> {
    return {
      ...session,
      noteRefused: (message, nowUs) => {
        this.#change({ refusedCount: this.#status.refusedCount + 1 });
        session.noteRefused(message, nowUs);
      },
    };
  }

  #hearConnection(connection: ConnectionState): void {
    const isConnected = connection.phase === 'connected';
    this.#change({ connection, ...(!isConnected && { isOperator: false }) });
    const isLost = connection.phase === 'waiting' || connection.phase === 'ended';
    const reason = connection.reason ?? '';
    if (!isLost || this.#role !== 'operator') return;
    if (this.#wasOperator && !/operator/i.test(reason)) return;
    this.#role = 'observer';
    this.#change({ controlRefusal: reason });
    // Not from within the client's own call.
    queueMicrotask(() => this.#connect());
  }
}

function newSession(): DisplaySession<Picture> {
  return createDisplaySession<Picture>((frame) => frame.picture.release());
}

/** Events that count only while their connection is the current one. */
function onlyWhile(mine: number, current: () => number, events: DisplayEvents): DisplayEvents {
  const isMine = () => mine === current();
  return {
    connection: (state) => isMine() && events.connection(state),
    welcome: (welcome) => isMine() && events.welcome(welcome),
    stream: (info) => isMine() && events.stream(info),
    clock: (estimate) => isMine() && events.clock(estimate),
    frame: async (frame, atUs) => (isMine() ? events.frame(frame, atUs) : undefined),
    overlay: (overlay, atUs) => isMine() && events.overlay(overlay, atUs),
    procedure: (message) => isMine() && events.procedure(message),
    commandRefused: (refusal) => isMine() && events.commandRefused(refusal),
    refused: (message) => isMine() && events.refused(message),
  };
}
