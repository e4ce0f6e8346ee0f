import { existsSync } from 'node:fs';
import { type Config, ConfigSchema } from '../../src/config/schema.js';
import { assert } from '../../src/domain/assert.js';
import type { EnginePoolStatus } from '../../src/engine/engine-stream.js';
import { createEngines } from '../../src/server/engines.js';
import { createServer, type ServerDependencies } from '../../src/server/server.js';
import { createLogger } from '../../src/telemetry/logger.js';

/** A service in this process with real engine processes and real sockets. */
export interface TestService {
  readonly url: string;
  readonly wsUrl: string;
  readonly port: number;
  engines(): EnginePoolStatus;
  /** The process that serves the only stream slot. */
  servingPid(): number;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

/** The compiled engine; a fork cannot run TypeScript. */
export const ENGINE_ENTRY = new URL('../../dist/engine/engine-process.js', import.meta.url);

/** The default configuration on a free port, quiet, with changes. */
export function testConfig(changes: Partial<Config> = {}): Config {
  const defaults = Object.fromEntries(
    Object.entries(ConfigSchema.properties).map(([key, schema]) => [
      key,
      (schema as { default?: unknown }).default,
    ]),
  ) as Config;
  return { ...defaults, port: 0, logLevel: 'silent', ...changes };
}

/** Starts the real service on a free port. Close it. */
export async function startService(
  changes: Partial<Config> = {},
  {
    engineEntry = ENGINE_ENTRY,
    ...dependencies
  }: ServerDependencies & { readonly engineEntry?: URL } = {},
): Promise<TestService> {
  assert(existsSync(ENGINE_ENTRY), `${ENGINE_ENTRY.pathname} is missing: npm run build`);
  const config = testConfig(changes);
  const server = createServer(config, {
    engines: createEngines(config, engineEntry),
    log: createLogger(process.env.TEST_LOG ?? 'silent'),
    ...dependencies,
  });
  const { url, port } = await server.start();
  return {
    url,
    wsUrl: url.replace(/^http/, 'ws'),
    port,
    engines: () => server.engines(),
    servingPid() {
      const pid = server.engines().engines.find(({ role }) => role === 'serving')?.pid;
      assert(typeof pid === 'number', 'no engine serves');
      return pid;
    },
    get: (path, headers = {}) => fetch(`${url}${path}`, { headers }),
    close: () => server.close(),
  };
}

/** Waits until something is true; throws with `what` when it takes longer than `limitMs`. */
export async function until(isTrue: () => boolean, what: string, limitMs = 5000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!isTrue()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
}

/** Waits until the pool has a warm spare, so that a killed engine is replaced at once. */
export function untilSpareIsWarm(service: TestService): Promise<void> {
  return until(
    () => service.engines().engines.some((one) => one.role === 'spare' && one.state === 'ready'),
    'a warm spare',
    20_000,
  );
}
