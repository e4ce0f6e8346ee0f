import { existsSync, fstatSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { createEngineMemory, type EngineMemory } from '../../src/engine/engine-memory.js';
import { selectHop } from '../../src/engine/frame-hop.js';
import { loadNativeAddon, type NativeAddon } from '../../src/kernels/native-addon.js';

const hasMemory = selectHop('auto').kind === 'shared-memory';

function create(payloadBytesMax: number): EngineMemory {
  const memory = createEngineMemory(payloadBytesMax);
  if (memory === null) throw new Error('no shared memory');
  return memory;
}

function addon(): NativeAddon {
  const found = loadNativeAddon();
  if (found.kind === 'absent') throw new Error(found.reason);
  return found.addon;
}

/** Mappings of such memory in this process. */
function mappings(): number {
  const lines = readFileSync('/proc/self/maps', 'utf8').split('\n');
  return lines.filter((line) => line.includes('echoline-frames')).length;
}

describe.runIf(hasMemory)('the memory that service and engine share', () => {
  it('shows the engine, which may only read, what the service puts in', () => {
    const memory = create(5000);
    const engine = addon().mapSharedMemory(memory.descriptor, memory.bytes, false);
    const first = memory.put(new Uint8Array([1, 2, 3]));
    const second = memory.put(new Uint8Array([4]));
    expect([...new Uint8Array(engine, first?.atBytes, 3)]).toEqual([1, 2, 3]);
    expect([...new Uint8Array(engine, second?.atBytes, 1)]).toEqual([4]);
    expect(second?.atBytes).toBe(8192);
    addon().unmapSharedMemory(engine);
    memory.forgetDescriptor();
    memory.close();
  });

  it('takes no payload that is too large, and none when it is full or closed', () => {
    const memory = create(4096);
    memory.forgetDescriptor();
    expect(memory.put(new Uint8Array(4097))).toBeNull();
    const places = Array.from({ length: 9 }, () => memory.put(new Uint8Array(1)));
    expect(places.filter((place) => place === null)).toHaveLength(1);
    const [first] = places;
    if (first === null || first === undefined) throw new Error('no place');
    memory.free(first);
    expect(memory.put(new Uint8Array(1))).toEqual(first);
    memory.close();
    memory.close();
    expect(memory.put(new Uint8Array(1))).toBeNull();
  });

  it('has no name in any file system, and its descriptor is closed once', () => {
    const memory = create(4096);
    expect(fstatSync(memory.descriptor).nlink).toBe(0);
    if (existsSync('/dev/shm')) {
      const names = readdirSync('/dev/shm').filter((name) => name.startsWith('echoline'));
      expect(names).toEqual([]);
    }
    memory.forgetDescriptor();
    memory.forgetDescriptor();
    expect(() => fstatSync(memory.descriptor)).toThrow('EBADF');
    memory.close();
  });

  it.runIf(process.platform === 'linux')('is given back when it is closed', async () => {
    await vi.waitFor(() => expect(mappings()).toBe(0));
    const memory = create(4096);
    memory.forgetDescriptor();
    expect(mappings()).toBe(1);
    memory.close();
    await vi.waitFor(() => expect(mappings()).toBe(0));
  });
});

describe.runIf(hasMemory)('the native functions of shared memory', () => {
  it('refuse what is no memory', () => {
    const { createSharedMemory, mapSharedMemory, unmapSharedMemory } = addon();
    expect(() => createSharedMemory?.(0)).toThrow('from 1 to 2^32');
    expect(() => mapSharedMemory(9999, 4096, true)).toThrow('mmap');
    expect(() => unmapSharedMemory('x' as unknown as ArrayBuffer)).toThrow(TypeError);
  });
});
