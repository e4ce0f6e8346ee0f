import { EcholineError } from '../domain/errors.js';
import { type LoadedAddon, loadNativeAddon } from '../kernels/native-addon.js';

/** What the configuration says: `auto` takes shared memory where the addon offers it. */
export type HopChoice = 'auto' | 'shared-memory' | 'socket';

/** How pixels get from the service to an engine, and why in this way. Never silent. */
export interface FrameHop {
  readonly kind: 'shared-memory' | 'socket';
  readonly reason: string;
}

/**
 * Chooses how frames hop to the engines; the only place that does.
 *
 * @param load - where the addon comes from; for tests
 * @throws EcholineError ECHOLINE_CONFIG_INVALID where shared memory is asked for and not there
 */
export function selectHop(wanted: HopChoice, load: () => LoadedAddon = loadNativeAddon): FrameHop {
  if (wanted === 'socket') return { kind: 'socket', reason: 'asked for' };
  const loaded = load();
  if (loaded.kind === 'loaded' && loaded.addon.createSharedMemory !== undefined) {
    return { kind: 'shared-memory', reason: 'the native addon is there' };
  }
  const reason =
    loaded.kind === 'absent' ? loaded.reason : `the native addon has none on ${process.platform}`;
  if (wanted === 'auto') return { kind: 'socket', reason };
  const message = `engineHop: expected shared-memory, but ${reason}. Use auto or socket.`;
  throw new EcholineError('ECHOLINE_CONFIG_INVALID', message, { key: 'engineHop' });
}
