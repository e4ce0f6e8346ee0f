import { randomUUID } from 'node:crypto';
import type { Config } from '../config/schema.js';
import type { FrameJourney } from '../domain/frame-journey.js';
import type { ModelIdentity } from '../domain/overlay.js';
import type { OpenRecording } from '../domain/recording.js';
import type { VerdictCounts } from '../domain/verdict.js';
import type { EnginePool } from '../engine/engine-pool.js';
import type { StreamInfo } from '../protocol/control-messages.js';
import { FanOut } from '../publish/fan-out.js';
import {
  createProcedureArchive,
  type ProcedureArchive,
} from '../session/procedure/procedure-archive.js';
import type { ProtocolLibrary } from '../session/procedure/protocol-library.js';
import type { Session } from '../session/session.js';
import type { CartClock } from '../session/session-listener.js';
import { SessionRegistry } from '../session/session-registry.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';

/** One entry of `GET /v1/streams`. */
export interface StreamReport extends StreamInfo {
  readonly displays: number;
  readonly trackEpoch: number;
  readonly offered: number;
  readonly pending: number;
  readonly verdicts: VerdictCounts;
  readonly clock: CartClock | null;
}

export interface StreamServiceOptions {
  readonly config: Config;
  readonly pool: EnginePool;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly openRecording: OpenRecording | null;
  readonly library: ProtocolLibrary;
  readonly onJourney: ((journey: FrameJourney) => void) | null;
  readonly readClockUs: () => number;
}

/** All streams with their way out: where sessions, engines and displays are put together. */
export interface StreamService {
  readonly registry: SessionRegistry;
  fanOutOf(session: Session): FanOut;
  /** What the engines run; empty strings until the first one is ready. */
  model(): ModelIdentity;
  reports(): readonly StreamReport[];
  /** Procedures under way and ended ones. */
  readonly procedures: ProcedureArchive;
}

const wallClock = () => new Date().toISOString();

const UNKNOWN_MODEL: ModelIdentity = { id: '', sha256: '' };

export function createStreamService(options: StreamServiceOptions): StreamService {
  const { config, pool, metrics, log, openRecording, onJourney, library, readClockUs } = options;
  const archive = createProcedureArchive();
  const fanOuts = new WeakMap<Session, FanOut>();
  const model = () => pool.identity?.model ?? UNKNOWN_MODEL;

  function makeFanOut(session: Session): FanOut {
    const fanOut = new FanOut({
      streamId: session.streamId,
      model,
      readClockUs,
      observer: metrics,
      onEncoderError: (error) => log.error({ err: error }, 'relay encoder failed'),
    });
    fanOuts.set(session, fanOut);
    return fanOut;
  }

  const registry = new SessionRegistry({
    streamsMax: config.streamsMax,
    frameAgeMaxMs: config.frameAgeMaxMs,
    cartStalledMs: config.cartStalledMs,
    memoryBytesMax: config.streamMemoryBytesMax,
    readClockUs,
    openEngineStream: (listener) => pool.openStream(listener),
    openRecording,
    observer: metrics,
    procedures: {
      library,
      archive,
      newId: randomUUID,
      wallClock,
      model,
      isResearch: config.research,
    },
    onJourney,
    createListener: makeFanOut,
  });

  const fanOutOf = (session: Session) => fanOuts.get(session) ?? makeFanOut(session);
  return {
    registry,
    fanOutOf,
    model,
    procedures: archive,
    reports() {
      const nowUs = readClockUs();
      return registry.all().map((session) => ({
        ...session.info(),
        displays: fanOutOf(session).displayCount,
        trackEpoch: session.trackEpoch,
        offered: session.ledger.offered,
        pending: session.ledger.pending,
        verdicts: session.ledger.counts,
        clock: session.cartClock(nowUs),
      }));
    },
  };
}
