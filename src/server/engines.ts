import type { Config } from '../config/schema.js';
import type { EngineIdentity } from '../engine/engine-messages.js';
import { EnginePool } from '../engine/engine-pool.js';
import type { EnginePoolEvent } from '../engine/engine-stream.js';
import { type FrameHop, selectHop } from '../engine/frame-hop.js';
import { readClockUs } from '../engine/read-clock.js';
import { engineOptionsOf } from './engine-options.js';

/** The engines of a service, and how frames get to them. */
export interface Engines {
  readonly hop: FrameHop;
  readonly pool: EnginePool;
  /** Starts them, once; see `EnginePool.start`. */
  start(): Promise<EngineIdentity>;
  /** Who hears the pool's events, those before included; called once. */
  hear(listener: (event: EnginePoolEvent) => void): void;
}

const ENTRY = new URL('../engine/engine-process.js', import.meta.url);

/**
 * Makes the engines that a configuration asks for. `serve` starts them first and loads the rest of
 * the service while they load the network, so this module imports little.
 *
 * @param entry - the engines' compiled entry; default: `engine-process.js` of this build
 * @throws EcholineError ECHOLINE_CONFIG_INVALID where shared memory is asked for and not there
 */
export function createEngines(config: Config, entry: URL = ENTRY): Engines {
  const hop = selectHop(config.engineHop);
  const early: EnginePoolEvent[] = [];
  let tell = (event: EnginePoolEvent): void => {
    early.push(event);
  };
  const pool = new EnginePool({
    engines: config.engines,
    entry,
    engine: engineOptionsOf(config),
    sharedPayloadBytesMax: hop.kind === 'socket' ? null : config.frameBytesMax,
    hangMs: config.engineHangMs,
    firstFrameMs: config.engineFirstFrameMs,
    startMs: config.engineStartMs,
    restartsPerMinuteMax: config.engineRestartsPerMinuteMax,
    readClockUs,
    onEvent: (event) => tell(event),
  });
  let started: Promise<EngineIdentity> | null = null;
  return {
    hop,
    pool,
    start() {
      started ??= pool.start();
      return started;
    },
    hear(listener) {
      tell = listener;
      for (const event of early.splice(0)) listener(event);
    },
  };
}
