import type { WebSocket } from 'ws';
import { EcholineError, isEcholineError } from '../domain/errors.js';
import type { ModelIdentity } from '../domain/overlay.js';
import { answerClock } from '../protocol/clock-sync.js';
import { CLOSE_CODES } from '../protocol/close-codes.js';
import { type MessageFromDisplay, parseMessageFromDisplay } from '../protocol/control-codec.js';
import type { Acknowledgement, StreamInfo } from '../protocol/control-messages.js';
import { isProcedureCommand, type ProcedureCommand } from '../protocol/procedure-commands.js';
import type { ProcedureMessage } from '../protocol/procedure-messages.js';
import { NOTICE, PROTOCOL_MAJOR, PROTOCOL_MINOR } from '../protocol/version.js';
import { type Peer, PeerChannel, type PeerChannelOptions } from '../session/peer-channel.js';
import type { Session } from '../session/session.js';
import type { SessionRegistry } from '../session/session-registry.js';
import type { DisplaySink, FanOut } from './fan-out.js';
import { createPacedSlot, type PacedItem, type PacedSlot } from './paced-slot.js';

/** Overlays on their way to a display that it has not acknowledged. */
export const UNACKNOWLEDGED_OVERLAYS_MAX = 2;
/** The same for relayed frames, once a display acknowledges frames at all. */
export const UNACKNOWLEDGED_FRAMES_MAX = 4;
/** Until then: frames wait while this much is buffered in this process. */
const FRAME_BACKLOG_MAX_BYTES = 1024 * 1024;

export type DisplayRole = 'observer' | 'operator';

export interface DisplaySocketOptions extends PeerChannelOptions {
  readonly streamId: string;
  readonly registry: SessionRegistry;
  readonly wantsFrames: boolean;
  readonly displaysMax: number;
  readonly controlBytesMax: number;
  readonly acknowledgeTimeoutMs: number;
  readonly model: () => ModelIdentity;
  readonly readClockUs: () => number;
  fanOutOf(session: Session): FanOut;
  /**
   * Claims a role; the returned function gives it back.
   *
   * @throws EcholineError ECHOLINE_AUTH_REFUSED, ECHOLINE_AUTH_OPERATOR_TAKEN
   */
  claimRole(role: DisplayRole): () => void;
}

/** One display's connection: its own newest-only slots, paced by its acknowledgements. */
export class DisplaySocket implements DisplaySink, Peer {
  readonly #options: DisplaySocketOptions;
  readonly #channel: PeerChannel;
  readonly #overlays: PacedSlot;
  readonly #frames: PacedSlot;
  readonly #undo: (() => void)[] = [];
  #session: Session | null = null;
  /** Its name as an operator; null for an observer. */
  #operator: string | null = null;
  #minor = PROTOCOL_MINOR;
  #predictAfterPublishMs: number | null = null;

  constructor(socket: WebSocket, options: DisplaySocketOptions) {
    this.#options = options;
    const owner = { onEnd: () => this.#end() };
    this.#channel = new PeerChannel(socket, options, owner, options.readClockUs());
    this.#overlays = createPacedSlot(UNACKNOWLEDGED_OVERLAYS_MAX, null);
    this.#frames = createPacedSlot(
      UNACKNOWLEDGED_FRAMES_MAX,
      () => this.#channel.bufferedBytes <= FRAME_BACKLOG_MAX_BYTES,
    );
    socket.on('message', (data, isBinary) => {
      this.#channel.guard(() => this.#receive(data as Buffer, isBinary));
    });
    socket.on('close', () => this.#channel.closed());
  }

  get wantsFrames(): boolean {
    return this.#options.wantsFrames;
  }

  get predictAfterPublishMs(): number | null {
    return this.#predictAfterPublishMs;
  }

  offerOverlay(item: PacedItem, nowUs: number): void {
    this.#sendOverlay(this.#overlays.offer(item, nowUs));
  }

  offerFrame(item: PacedItem, nowUs: number): void {
    this.#sendFrame(this.#frames.offer(item, nowUs));
  }

  onInfo(info: StreamInfo): void {
    this.#channel.send({ type: 'stream', info });
  }

  onProcedure(message: ProcedureMessage): void {
    this.#channel.send(message);
  }

  tick(nowUs: number): void {
    this.#channel.tick(nowUs);
    const timeoutUs = this.#options.acknowledgeTimeoutMs * 1000;
    for (const [what, slot] of [
      ['overlays', this.#overlays],
      ['frames', this.#frames],
    ] as const) {
      const owedSinceUs = slot.owedSinceUs();
      if (owedSinceUs === null || nowUs - owedSinceUs <= timeoutUs) continue;
      const message =
        `Expected ${what} to be acknowledged within ${this.#options.acknowledgeTimeoutMs} ms ` +
        '({"type":"ack","frameId":…}); nothing came.';
      this.refuse(new EcholineError('ECHOLINE_SESSION_NO_ACKNOWLEDGEMENT', message, { what }));
    }
  }

  bye(reason: string, reconnectAfterMs: number | null): void {
    this.#channel.bye(reason, reconnectAfterMs);
  }

  refuse(error: EcholineError): void {
    this.#channel.refuse(error);
  }

  #receive(data: Uint8Array, isBinary: boolean): void {
    const nowUs = this.#options.readClockUs();
    if (isBinary) {
      const message = 'Expected control messages as JSON text; a display sends no binary messages.';
      throw new EcholineError('ECHOLINE_PROTOCOL_CONTROL_INVALID', message, {});
    }
    this.#channel.countControlMessage(nowUs);
    const message = parseMessageFromDisplay(data, {
      controlBytesMax: this.#options.controlBytesMax,
      peerMinor: this.#minor,
    });
    if (this.#session === null) this.#receiveHello(message);
    else if (isProcedureCommand(message)) this.#receiveCommand(message, this.#session);
    else this.#receiveControl(message, nowUs);
  }

  #receiveHello(hello: MessageFromDisplay): void {
    if (hello.type !== 'hello') {
      const message = `Expected hello as the first message, received ${hello.type}.`;
      throw new EcholineError('ECHOLINE_PROTOCOL_HELLO_REQUIRED', message, {});
    }
    const { registry, streamId, displaysMax, fanOutOf, claimRole } = this.#options;
    const session = registry.open(streamId);
    const fanOut = fanOutOf(session);
    if (fanOut.displayCount >= displaysMax) {
      const message =
        `Expected at most ${displaysMax} displays of one stream ` +
        '(displaysPerStreamMax); try later.';
      throw new EcholineError('ECHOLINE_SESSION_LIMIT', message, { displaysMax });
    }
    const role = hello.role ?? 'observer';
    this.#undo.push(claimRole(role));
    if (role === 'operator') {
      this.#operator = hello.name ?? 'operator';
      this.#undo.push(session.desk.seat(this.#operator));
    }
    this.#minor = hello.protocol.minor;
    this.#predictAfterPublishMs = hello.predict?.afterPublishMs ?? null;
    this.#session = session;
    this.#channel.helloAccepted();
    this.#channel.send({
      type: 'welcome',
      protocol: { major: PROTOCOL_MAJOR, minor: PROTOCOL_MINOR },
      role,
      info: session.info(),
      unacknowledgedOverlaysMax: UNACKNOWLEDGED_OVERLAYS_MAX,
      unacknowledgedFramesMax: UNACKNOWLEDGED_FRAMES_MAX,
      acknowledgeTimeoutMs: this.#options.acknowledgeTimeoutMs,
      model: { ...this.#options.model() },
      clock: { nowUs: this.#options.readClockUs() },
      notice: NOTICE,
    });
    this.#undo.push(session.hold(), fanOut.addDisplay(this));
    if (session.desk.isRunning) this.#channel.send(session.desk.message());
  }

  /** A command that cannot be carried out is answered; the operator keeps the connection. */
  #receiveCommand(command: ProcedureCommand, session: Session): void {
    try {
      if (this.#operator === null) {
        const message = `${command.type}: expected the stream's operator, this is an observer.`;
        throw new EcholineError('ECHOLINE_AUTH_NOT_OPERATOR', message);
      }
      session.desk.receive(command, this.#operator);
    } catch (error) {
      if (!isEcholineError(error)) throw error;
      const { code, message } = error;
      const { commandId } = command;
      this.#channel.send({ type: 'command-refused', commandId, code, message });
    }
  }

  #receiveControl(message: Exclude<MessageFromDisplay, ProcedureCommand>, nowUs: number): void {
    switch (message.type) {
      case 'ack':
        this.#acknowledge(message, nowUs);
        return;
      case 'clock':
        this.#channel.send(answerClock(message, nowUs, this.#options.readClockUs()));
        return;
      case 'clock-reply':
        // The service asks displays for nothing, so there is nothing to answer.
        return;
      case 'bye':
        this.#channel.close(CLOSE_CODES.normal, message.reason);
        return;
      case 'hello':
        throw new EcholineError(
          'ECHOLINE_PROTOCOL_CONTROL_INVALID',
          'Expected one hello per connection, received a second one.',
          { field: 'type', received: 'hello' },
        );
    }
  }

  #acknowledge(message: Acknowledgement, nowUs: number): void {
    if (message.what === 'frame') this.#sendFrame(this.#frames.acknowledge(message, nowUs));
    else this.#sendOverlay(this.#overlays.acknowledge(message, nowUs));
  }

  #sendOverlay(item: PacedItem | null): void {
    if (item !== null) this.#channel.sendBytes(item.bytes, false);
  }

  /** A display that acknowledges no frames is paced by its own connection instead. */
  #sendFrame(item: PacedItem | null): void {
    if (item === null) return;
    this.#channel.sendBytes(item.bytes, true, () => {
      this.#sendFrame(this.#frames.flush(this.#options.readClockUs()));
    });
  }

  #end(): void {
    for (const undo of this.#undo.splice(0).reverse()) undo();
    if (this.#session !== null) this.#options.registry.release(this.#session);
  }
}
