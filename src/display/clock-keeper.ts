import { type ClockEstimate, type ClockSync, createClockSync } from '../protocol/clock-sync.js';
import type { ClockReply, ClockRequest } from '../protocol/control-messages.js';

/** Pause between clock requests, ms; the first few come quickly. */
const INTERVAL_MS = 2000;
const FIRST_INTERVAL_MS = 200;
const FIRST_REQUESTS = 5;

/** Keeps one connection's clocks related: asks the service again and again. */
export interface ClockKeeper {
  /** Begins anew: another connection may lead to another service. */
  start(): void;
  /** Takes a reply; the estimate, or null when the reply answers nothing that was asked. */
  receive(reply: ClockReply, nowUs: number): ClockEstimate | null;
  stop(): void;
}

/** What a keeper works with. */
export interface ClockKeeperOptions {
  /** Own monotonic clock, µs. */
  nowUs(): number;
  schedule(callback: () => void, delayMs: number): () => void;
  /** Sends a request; false ends the asking, because the connection is dead. */
  ask(makeRequest: (nowUs: number) => ClockRequest): boolean;
}

/** Makes a keeper that does not ask yet. */
export function createClockKeeper(options: ClockKeeperOptions): ClockKeeper {
  let sync: ClockSync = createClockSync();
  let requests = 0;
  let cancel: () => void = () => {};

  function ask(): void {
    if (!options.ask((nowUs) => sync.request(nowUs))) return;
    requests += 1;
    const delayMs = requests < FIRST_REQUESTS ? FIRST_INTERVAL_MS : INTERVAL_MS;
    cancel = options.schedule(ask, delayMs);
  }

  return {
    start() {
      cancel();
      sync = createClockSync();
      requests = 0;
      ask();
    },
    receive(reply, nowUs) {
      return sync.receive(reply, nowUs) ? sync.estimate(nowUs) : null;
    },
    stop: () => cancel(),
  };
}
