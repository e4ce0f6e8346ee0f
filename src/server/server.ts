import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { exposureProblems } from '../config/check-exposure.js';
import { problemsError } from '../config/problem.js';
import type { Config } from '../config/schema.js';
import { EcholineError } from '../domain/errors.js';
import type { FrameJourney } from '../domain/frame-journey.js';
import type { OpenRecording } from '../domain/recording.js';
import type { EngineIdentity } from '../engine/engine-messages.js';
import type { EnginePoolEvent, EnginePoolStatus } from '../engine/engine-stream.js';
import { readClockUs } from '../engine/read-clock.js';
import { readProtocolLibrary } from '../session/procedure/protocol-library.js';
import { createLogger, type Logger } from '../telemetry/logger.js';
import { createMetrics, type Metrics } from '../telemetry/metrics.js';
import { createAuthenticator } from './auth.js';
import { createEngines, type Engines } from './engines.js';
import { createHttp, type ReportProcedure } from './http.js';
import { listenError } from './listen-error.js';
import { packageVersion } from './package-version.js';
import { createSecondOpinions, type SecondOpinions } from './second-opinions.js';
import { createStreamService, type StreamService } from './stream-service.js';
import { readTlsFiles } from './tls-files.js';
import { readTokensFile } from './tokens-file.js';
import { until } from './until.js';
import { Upgrades } from './upgrade.js';

/** How often peers and streams notice what did not happen. */
const TICK_MS = 100;
/** Age of an engine's heartbeat above which the service is not ready, ms. */
const HEARTBEAT_AGE_MAX_MS = 1000;
/** When a peer that was told `bye` should come back. */
const RECONNECT_AFTER_MS = 2000;
/** Shares of `drainMs`: frames get their verdict, then sockets close; engines take the rest. */
const VERDICTS_SHARE = 0.05;
const SOCKETS_SHARE = 0.15;

export interface ServerDependencies {
  /** Engines, which may be starting already; default: what the configuration asks for. */
  readonly engines?: Engines;
  /** Directory of the built display page. */
  readonly pageDirectory?: string;
  /** null or absent: nothing is recorded. */
  readonly openRecording?: OpenRecording | null;
  /** Hears when each frame was where; null or absent: nothing is traced. */
  readonly onJourney?: ((journey: FrameJourney) => void) | null;
  /** null or absent: `GET /v1/procedures/:id/report` is not served. */
  readonly reportProcedure?: ReportProcedure | null;
  /** Default: JSON lines on standard error at `config.logLevel`. */
  readonly log?: Logger;
}

export interface ServerAddress {
  /** e.g. `http://127.0.0.1:8787` */
  readonly url: string;
  readonly port: number;
}

const PAGE_DIRECTORY = fileURLToPath(new URL('../../dist/display/page', import.meta.url));
const SHIPPED_PROTOCOLS = fileURLToPath(new URL('../../protocols', import.meta.url));

/**
 * Makes the service; `start` opens it.
 *
 * @throws EcholineError ECHOLINE_CONFIG_INSECURE_BIND, ECHOLINE_CONFIG_INVALID,
 *   ECHOLINE_CONFIG_PROTOCOL_FILE
 */
export function createServer(
  config: Config,
  dependencies: ServerDependencies = {},
): EcholineServer {
  const problems = exposureProblems(config);
  if (problems.length > 0) throw problemsError(problems);
  return new EcholineServer(config, dependencies);
}

/** The service: engines, streams, HTTP and sockets, with one life. */
export class EcholineServer {
  readonly #config: Config;
  readonly #log: Logger;
  readonly #engines: Engines;
  readonly #metrics: Metrics;
  readonly #secondOpinions: SecondOpinions;
  readonly #streams: StreamService;
  readonly #http: FastifyInstance;
  readonly #upgrades: Upgrades;
  #state: 'starting' | 'open' | 'closing' = 'starting';
  #ticker: NodeJS.Timeout | null = null;
  #closed: Promise<void> | null = null;

  constructor(config: Config, dependencies: ServerDependencies) {
    this.#config = config;
    this.#log = dependencies.log ?? createLogger(config.logLevel);
    const tokens = config.auth === 'tokens' ? readTokensFile(config.tokens) : null;
    const authenticator = createAuthenticator(tokens);
    const origins = { origins: config.origins, host: config.host };
    this.#engines = dependencies.engines ?? createEngines(config);
    const library = readProtocolLibrary(
      config.protocols === '' ? SHIPPED_PROTOCOLS : config.protocols,
    );
    this.#metrics = createMetrics(() => this.#gauges());
    this.#secondOpinions = createSecondOpinions(config.secondOpinion, this.#metrics, this.#log);
    this.#streams = createStreamService({
      config,
      pool: this.#engines.pool,
      metrics: this.#metrics,
      log: this.#log,
      openRecording: dependencies.openRecording ?? null,
      library,
      onJourney: dependencies.onJourney ?? null,
      readClockUs,
    });
    this.#http = createHttp({
      version: packageVersion(),
      pageDirectory: dependencies.pageDirectory ?? PAGE_DIRECTORY,
      tls: readTlsFiles(config),
      origins,
      authenticator,
      readClockUs,
      reportProcedure: dependencies.reportProcedure ?? null,
      facts: {
        notReady: () => this.#notReady(),
        streams: () => this.#streams.reports(),
        receiveToPublishMs: () => this.#metrics.receiveToPublishMs(),
        metrics: () => this.#metrics.read(),
        engine: () => this.#engines.pool.identity,
        secondOpinion: () => this.#secondOpinions.status(),
        engines: () => this.#engines.pool.status(),
        protocols: () => [...library.values()],
        procedure: (id) => this.#streams.procedures.find(id),
        hop: () => this.#engines.hop,
      },
    });
    this.#upgrades = new Upgrades(this.#http.server, {
      config,
      origins,
      authenticator,
      streams: this.#streams,
      metrics: this.#metrics,
      log: this.#log,
      readClockUs,
      refusal: () => this.#refusal(),
    });
    this.#engines.hear((event) => this.#onPoolEvent(event));
  }

  /** Process ids and states of the engines. */
  engines(): EnginePoolStatus {
    return this.#engines.pool.status();
  }

  /**
   * Listens, then starts the engines if nobody has; resolves when both are there.
   *
   * @throws EcholineError ECHOLINE_CONFIG_PORT_IN_USE, ECHOLINE_MODEL_*,
   *   ECHOLINE_INFERENCE_ENGINE_DIED; nothing is left behind
   */
  async start(): Promise<ServerAddress> {
    try {
      await this.#listen();
      const identity = await this.#engines.start();
      this.#logIdentity(identity);
    } catch (error) {
      await this.close('start failed');
      throw error;
    }
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    this.#state = 'open';
    const { port } = this.#http.server.address() as AddressInfo;
    const { host, tlsCert } = this.#config;
    const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
    const url = `${tlsCert === '' ? 'http' : 'https'}://${name}:${port}`;
    this.#log.info({ url }, 'listening');
    return { url, port };
  }

  /** Says once what runs, and in a line of its own what runs slower than it could. */
  #logIdentity({ kernels, ...rest }: EngineIdentity): void {
    this.#log.info({ ...rest, hop: this.#engines.hop }, 'engines ready');
    const { name, reason } = rest.inference.executionProvider;
    if (name !== this.#config.executionProvider) this.#log.warn({ reason }, 'runs on the CPU');
    if (kernels.origin === 'native') this.#log.info({ kernels }, 'native kernels');
    else this.#log.warn({ kernels }, 'slower kernels: a frame takes about 1 ms more to prepare');
  }

  /**
   * Ends in order: not ready, `bye`, verdicts for what is in flight, sockets, engines. Takes less
   * than `drainMs`. Idempotent.
   *
   * @param reason - said to the peers
   */
  close(reason = 'the service is shutting down'): Promise<void> {
    this.#closed ??= this.#close(reason);
    return this.#closed;
  }

  async #close(reason: string): Promise<void> {
    this.#state = 'closing';
    const { peers } = this.#upgrades;
    const { drainMs } = this.#config;
    for (const peer of peers) peer.bye(reason, RECONNECT_AFTER_MS);
    const isQuiet = () => this.#streams.registry.all().every(({ ledger }) => ledger.pending === 0);
    await until(isQuiet, drainMs * VERDICTS_SHARE);
    const away = new EcholineError('ECHOLINE_SESSION_GOING_AWAY', `Going away: ${reason}.`);
    for (const peer of peers) peer.refuse(away);
    await until(() => peers.size === 0, drainMs * SOCKETS_SHARE);
    if (this.#ticker !== null) clearInterval(this.#ticker);
    await this.#engines.pool.close();
    await this.#http.close();
    this.#metrics.close();
  }

  async #listen(): Promise<void> {
    const { host, port } = this.#config;
    try {
      await this.#http.listen({ host: host.replace(/^\[(.*)\]$/, '$1'), port });
    } catch (error) {
      throw listenError(error, host, port);
    }
  }

  /**
   * When engines die too often the peers are told that elsewhere is better, but their sockets stay
   * open: the picture never depends on the AI.
   */
  #onPoolEvent(event: EnginePoolEvent): void {
    const { kind, ...fields } = event;
    if (kind === 'engine-ready') {
      this.#log.info(fields, 'engine ready');
      return;
    }
    if (kind === 'engine-died') {
      this.#metrics.onEngineDied();
      this.#log.warn(fields, 'engine died');
      return;
    }
    if (kind === 'second-opinion') {
      this.#secondOpinions.hear(event.report);
      return;
    }
    this.#log.error(fields, 'engine restarts exhausted');
    for (const peer of this.#upgrades.peers) {
      peer.bye('guidance is unavailable: engines died too often', RECONNECT_AFTER_MS);
    }
  }

  #tick(): void {
    const nowUs = readClockUs();
    for (const peer of this.#upgrades.peers) peer.tick(nowUs);
    this.#streams.registry.tick(nowUs);
  }

  #refusal(): EcholineError | null {
    if (this.#state === 'open') return null;
    const what = this.#state === 'starting' ? 'starting' : 'going away';
    return new EcholineError('ECHOLINE_SESSION_GOING_AWAY', `The service is ${what}; try later.`);
  }

  #notReady(): readonly string[] {
    const reasons: string[] = [];
    if (this.#state !== 'open') reasons.push(`the service is ${this.#state}`);
    const { pool } = this.#engines;
    if (pool.status().isExhausted) reasons.push('engines died too often');
    else if (!pool.isReady(HEARTBEAT_AGE_MAX_MS)) reasons.push('an engine is not ready');
    return reasons;
  }

  #gauges() {
    const reports = this.#streams.reports();
    const { engines } = this.#engines.pool.status();
    return {
      streams: reports.length,
      carts: this.#streams.registry.all().filter(({ hasCart }) => hasCart).length,
      displays: reports.reduce((sum, { displays }) => sum + displays, 0),
      enginesReady: engines.filter(({ state }) => state === 'ready').length,
    };
  }
}
