import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Config } from '../config/schema.js';
import { EcholineError, isEcholineError } from '../domain/errors.js';
import { CartSocket } from '../ingest/cart-socket.js';
import { closeCodeOf, closeReason } from '../protocol/close-codes.js';
import { encodeControl } from '../protocol/control-codec.js';
import { errorMessageOf } from '../protocol/error-words.js';
import { SUBPROTOCOL_JSON } from '../protocol/version.js';
import { DisplaySocket } from '../publish/display-socket.js';
import type { Peer, PeerChannelOptions } from '../session/peer-channel.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { Authenticator } from './auth.js';
import { CartWebSocket, DisplayWebSocket } from './explaining-socket.js';
import { bodyOf, refuseUpgrade, statusOf } from './http-errors.js';
import { createOperators } from './operators.js';
import { checkOrigin, type OriginRules } from './origin.js';
import type { Principal } from './roles.js';
import type { StreamService } from './stream-service.js';
import { checkSubprotocol, readUpgradeTarget, type UpgradeTarget } from './upgrade-target.js';

/** Room above `frameBytesMax` in which an oversized frame is still read, to be told exactly why. */
const OVERSIZE_SLACK_BYTES = 64 * 1024;
/** Pieces of one message: a cart has no reason to send many. */
const FRAGMENTS_MAX = 64;
/** Chunks of one message in memory: 9 MiB in the smallest TCP segments, and some. */
const BUFFERED_CHUNKS_MAX = 16 * 1024;

export interface UpgradeOptions {
  readonly config: Config;
  readonly origins: OriginRules;
  readonly authenticator: Authenticator;
  readonly streams: StreamService;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly readClockUs: () => number;
  /** Why no socket is accepted at the moment; null when they are. */
  refusal(): EcholineError | null;
}

/** The service's sockets: takes over upgrades and keeps every peer until its socket is gone. */
export class Upgrades {
  readonly #options: UpgradeOptions;
  readonly #peers = new Set<Peer>();
  readonly #operators = createOperators();
  readonly #carts: WebSocketServer;
  readonly #displays: WebSocketServer;

  constructor(server: Server, options: UpgradeOptions) {
    this.#options = options;
    const { frameBytesMax, controlBytesMax } = options.config;
    const common = {
      noServer: true,
      perMessageDeflate: false,
      maxFragments: FRAGMENTS_MAX,
      maxBufferedChunks: BUFFERED_CHUNKS_MAX,
      autoPong: true,
      clientTracking: false,
      handleProtocols: () => SUBPROTOCOL_JSON,
    };
    this.#carts = new WebSocketServer({
      ...common,
      maxPayload: frameBytesMax + OVERSIZE_SLACK_BYTES,
      WebSocket: CartWebSocket,
    });
    this.#displays = new WebSocketServer({
      ...common,
      maxPayload: controlBytesMax * 2,
      WebSocket: DisplayWebSocket,
    });
    server.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket as Socket, head);
    });
  }

  get peers(): ReadonlySet<Peer> {
    return this.#peers;
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', (error) => this.#options.log.debug({ err: error }, 'socket error'));
    try {
      this.#accept(request, socket, head);
    } catch (error) {
      if (!isEcholineError(error)) throw error;
      this.#count(error);
      refuseUpgrade(socket, statusOf(error.code), bodyOf(error));
    }
  }

  #accept(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const { origins, config, refusal } = this.#options;
    const target = readUpgradeTarget(request);
    checkOrigin(request.headers.origin, request.headers.host, origins);
    checkSubprotocol(request);
    const refused = refusal();
    if (refused !== null) throw refused;
    if (this.#peers.size >= config.connectionsMax) {
      const message = `Expected at most ${config.connectionsMax} connections; try later.`;
      throw new EcholineError('ECHOLINE_SESSION_LIMIT', message);
    }
    const who = this.#authenticate(request, target);
    const server = target.kind === 'frames' ? this.#carts : this.#displays;
    server.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', (error) => this.#options.log.info({ err: error }, 'peer error'));
      if (isEcholineError(who)) this.#closeUnauthenticated(webSocket, who);
      else this.#add(webSocket, this.#serve(webSocket, socket, target, who));
    });
  }

  /** A browser cannot read the status of a refused upgrade, so authentication fails with words. */
  #authenticate(request: IncomingMessage, target: UpgradeTarget): Principal | EcholineError {
    const { authenticator, readClockUs } = this.#options;
    const { authorization } = request.headers;
    try {
      const credentials = { authorization, ticket: target.ticket };
      const principal = authenticator.authenticate(credentials, readClockUs());
      const role = target.kind === 'frames' ? 'cart' : 'observer';
      authenticator.check(principal, role, target.streamId);
      return principal;
    } catch (error) {
      if (isEcholineError(error)) return error;
      throw error;
    }
  }

  #closeUnauthenticated(socket: WebSocket, error: EcholineError): void {
    this.#count(error);
    socket.send(encodeControl(errorMessageOf(error)));
    socket.close(closeCodeOf(error.code) ?? 4001, closeReason(error.message));
    const cut = setTimeout(() => socket.terminate(), 1000);
    socket.once('close', () => clearTimeout(cut));
  }

  #add(socket: WebSocket, peer: Peer): void {
    this.#peers.add(peer);
    socket.once('close', () => this.#peers.delete(peer));
  }

  #serve(webSocket: WebSocket, socket: Socket, target: UpgradeTarget, principal: Principal): Peer {
    const { config, streams, readClockUs } = this.#options;
    const { streamId } = target;
    const common = {
      ...this.#channelOptions(socket, target),
      streamId,
      registry: streams.registry,
      controlBytesMax: config.controlBytesMax,
      readClockUs,
    };
    if (target.kind === 'frames') {
      return new CartSocket(webSocket, {
        ...common,
        frameLimits: {
          frameBytesMax: config.frameBytesMax,
          widthMaxPx: config.frameWidthMaxPx,
          heightMaxPx: config.frameHeightMaxPx,
          pixelsMax: config.framePixelsMax,
        },
        frameAgeMaxMs: config.frameAgeMaxMs,
        subscribeOverlays: (session, listener) =>
          streams.fanOutOf(session).addOverlayListener(listener),
      });
    }
    return new DisplaySocket(webSocket, {
      ...common,
      wantsFrames: target.wantsFrames,
      displaysMax: config.displaysPerStreamMax,
      acknowledgeTimeoutMs: config.acknowledgeTimeoutMs,
      model: streams.model,
      fanOutOf: streams.fanOutOf,
      claimRole: (role) => {
        this.#options.authenticator.check(principal, role, streamId);
        return role === 'operator' ? this.#operators.claim(streamId) : () => {};
      },
    });
  }

  #channelOptions(socket: Socket, target: UpgradeTarget): PeerChannelOptions {
    const { helloTimeoutMs, heartbeatMs, controlMessagesPerSecondMax } = this.#options.config;
    const { log } = this.#options;
    return {
      helloTimeoutMs,
      heartbeatMs,
      controlMessagesPerSecondMax,
      bytesRead: () => socket.bytesRead,
      onError: (error) => {
        const { streamId, kind } = target;
        if (!isEcholineError(error)) {
          log.error({ err: error, streamId, kind }, 'serving a peer failed');
          return;
        }
        this.#count(error);
        log.info({ code: error.code, streamId, kind }, 'peer refused');
      },
    };
  }

  #count(error: EcholineError): void {
    this.#options.metrics.onRefused(error.code);
  }
}
