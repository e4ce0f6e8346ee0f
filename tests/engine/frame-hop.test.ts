import { describe, expect, it } from 'vitest';
import { selectHop } from '../../src/engine/frame-hop.js';
import type { LoadedAddon, NativeAddon } from '../../src/kernels/native-addon.js';

const absent = (): LoadedAddon => ({ kind: 'absent', reason: 'native kernels are not built' });
const loaded = (addon: Partial<NativeAddon>) => (): LoadedAddon => ({
  kind: 'loaded',
  addon: addon as NativeAddon,
});

describe('how frames hop to the engines', () => {
  it('is shared memory where the addon has it', () => {
    const hop = selectHop('auto', loaded({ createSharedMemory: () => 7 }));
    expect(hop.kind).toBe('shared-memory');
  });

  it('is the socket without the addon, with the reason', () => {
    const reason = 'native kernels are not built';
    expect(selectHop('auto', absent)).toEqual({ kind: 'socket', reason });
  });

  it('is the socket where the system has no such memory', () => {
    const { kind, reason } = selectHop('auto', loaded({}));
    expect(kind).toBe('socket');
    expect(reason).toContain(process.platform);
  });

  it('is the socket when asked for, whatever is there', () => {
    const hop = selectHop('socket', loaded({ createSharedMemory: () => 7 }));
    expect(hop).toEqual({ kind: 'socket', reason: 'asked for' });
  });

  it('ECHOLINE_CONFIG_INVALID: shared memory is asked for and not there', () => {
    expect(() => selectHop('shared-memory', absent)).toThrow(/Use auto or socket/);
  });
});
