import { EcholineError } from '../domain/errors.js';

/**
 * Whether a stream may hold one more frame.
 *
 * @param heldBytes - of the frames in flight and waiting, the new one included
 * @returns ECHOLINE_SESSION_MEMORY, or null
 */
export function memoryError(heldBytes: number, memoryBytesMax: number): EcholineError | null {
  if (heldBytes <= memoryBytesMax) return null;
  return new EcholineError(
    'ECHOLINE_SESSION_MEMORY',
    `Expected frames in flight and waiting of at most ${memoryBytesMax} bytes together, ` +
      `received ${heldBytes}. Send smaller frames or raise streamMemoryBytesMax.`,
    { heldBytes, memoryBytesMax },
  );
}
