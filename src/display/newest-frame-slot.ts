import type { Frame } from '../domain/frame.js';

/** Hands frames over one at a time; while one is being handled only the newest waits. */
export interface NewestFrameSlot {
  offer(frame: Frame, receivedAtUs: number): void;
  /** Forgets the waiting frame and stops telling about the one being handled. */
  close(): void;
}

/**
 * Makes a slot.
 *
 * @param handle - takes one frame; its promise may reject, which counts as handled
 * @param handled - called when a frame was handled; everything older is done with too
 */
export function createNewestFrameSlot(
  handle: (frame: Frame, receivedAtUs: number) => Promise<void>,
  handled: (frame: Frame) => void,
): NewestFrameSlot {
  let waiting: { frame: Frame; receivedAtUs: number } | null = null;
  let isBusy = false;
  let isClosed = false;

  async function drain(): Promise<void> {
    isBusy = true;
    while (waiting !== null && !isClosed) {
      const { frame, receivedAtUs } = waiting;
      waiting = null;
      await handle(frame, receivedAtUs).catch(() => undefined);
      if (!isClosed) handled(frame);
    }
    isBusy = false;
  }

  return {
    offer(frame, receivedAtUs) {
      if (isClosed) return;
      waiting = { frame, receivedAtUs };
      if (!isBusy) void drain();
    },
    close() {
      isClosed = true;
      waiting = null;
    },
  };
}
