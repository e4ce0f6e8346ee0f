import { closeSync } from 'node:fs';
import { loadNativeAddon } from '../kernels/native-addon.js';
import { createFrameSlots } from './frame-slots.js';

/** Where a payload lies in the memory of one engine. */
export interface PayloadPlace {
  readonly slot: number;
  readonly atBytes: number;
}

/** The service's side of the memory that it shares with one engine. */
export interface EngineMemory {
  readonly bytes: number;
  /** For the engine to inherit; `forget` closes ours once it has. */
  readonly descriptor: number;
  forgetDescriptor(): void;
  /** Copies a payload in; null when it is too large or everything is taken. */
  put(payload: Uint8Array): PayloadPlace | null;
  free(place: PayloadPlace): void;
  /** Unmaps the memory. Idempotent. */
  close(): void;
}

/** Slots start at multiples of this, a page. */
const ALIGN_BYTES = 4096;
/** Frames of so many streams fit beside one another; more go through the socket. */
const SLOTS_MAX = 8;
/** Bounds the address space, not the memory: pages that no frame has touched cost nothing. */
const SHARED_BYTES_MAX = 1024 * 1024 * 1024;

/**
 * Makes memory for one engine. It has no name in any file system, so nothing is left behind
 * whoever is killed and when.
 *
 * @param payloadBytesMax - the largest payload that has to fit
 * @returns null where the system has no more: frames then go through the socket
 */
export function createEngineMemory(payloadBytesMax: number): EngineMemory | null {
  const loaded = loadNativeAddon();
  if (loaded.kind === 'absent') return null;
  const { createSharedMemory, mapSharedMemory, unmapSharedMemory } = loaded.addon;
  if (createSharedMemory === undefined) return null;
  const slotBytes = Math.ceil(payloadBytesMax / ALIGN_BYTES) * ALIGN_BYTES;
  const count = Math.max(1, Math.min(SLOTS_MAX, Math.floor(SHARED_BYTES_MAX / slotBytes)));
  const bytes = count * slotBytes;
  let descriptor: number | null = null;
  let memory: Uint8Array;
  try {
    descriptor = createSharedMemory(bytes);
    memory = new Uint8Array(mapSharedMemory(descriptor, bytes, true));
  } catch {
    // Out of descriptors or address space: the socket needs neither.
    if (descriptor !== null) closeSync(descriptor);
    return null;
  }
  const slots = createFrameSlots(count);
  let isDescriptorOpen = true;
  let isOpen = true;
  return {
    bytes,
    descriptor,
    forgetDescriptor() {
      if (isDescriptorOpen) closeSync(descriptor);
      isDescriptorOpen = false;
    },
    put(payload) {
      if (!isOpen || payload.byteLength > slotBytes) return null;
      const slot = slots.take();
      if (slot === null) return null;
      const atBytes = slot * slotBytes;
      memory.set(payload, atBytes);
      return { slot, atBytes };
    },
    free: ({ slot }) => slots.free(slot),
    close() {
      if (isOpen) unmapSharedMemory(memory.buffer as ArrayBuffer);
      isOpen = false;
    },
  };
}
