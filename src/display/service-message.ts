import type { FrameIdentity } from '../domain/frame.js';
import { type MessageToDisplay, parseMessageToDisplay } from '../protocol/control-codec.js';
import type { RefusedMessage } from './display-events.js';
import { findOverlayFault } from './overlay-check.js';

/** A message, nothing (a type this version does not know), or why it was refused. */
export type ServiceReading =
  | { readonly kind: 'message'; readonly message: MessageToDisplay }
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'refused';
      readonly refused: RefusedMessage;
      /** The overlay's identity where it could be read, so that it can be acknowledged. */
      readonly identity: FrameIdentity | null;
    };

/**
 * Reads a text message of the service. Never throws: a display outlives what it refuses.
 *
 * @param stream - the stream whose overlays are expected; null before the welcome
 */
export function readServiceMessage(text: string, stream: string | null): ServiceReading {
  try {
    const message = parseMessageToDisplay(text);
    if (message === null) return { kind: 'unknown' };
    const fault = message.type === 'overlay' ? findOverlayFault(message, stream) : null;
    if (message.type !== 'overlay' || fault === null) return { kind: 'message', message };
    const { epoch, frameId } = message;
    const reason = `overlay of frame ${frameId}: ${fault}`;
    return {
      kind: 'refused',
      refused: { what: 'overlay', reason },
      identity: { epoch, frameId },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const identity = readOverlayIdentity(text);
    const what = identity === null ? 'control' : 'overlay';
    return { kind: 'refused', refused: { what, reason }, identity };
  }
}

function readOverlayIdentity(text: string): FrameIdentity | null {
  const found = /^\s*\{\s*"type"\s*:\s*"overlay"/.test(text);
  const epoch = /"epoch"\s*:\s*(\d{1,10})\b/.exec(text)?.[1];
  const frameId = /"frameId"\s*:\s*(\d{1,16})\b/.exec(text)?.[1];
  if (!found || epoch === undefined || frameId === undefined) return null;
  const identity = { epoch: Number(epoch), frameId: Number(frameId) };
  return Number.isSafeInteger(identity.frameId) ? identity : null;
}
