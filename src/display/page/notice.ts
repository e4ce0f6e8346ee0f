import type { ConnectionState } from '../display-events.js';
import type { DisplayState } from '../staleness.js';
import type { StreamFault } from '../stream-fault.js';

/** A sheet in the middle of the picture: only where there is no live picture to cover. */
export interface Notice {
  readonly title: string;
  readonly text: string;
  /** Commands that would help; null where none would. */
  readonly command: string | null;
}

/** What the notices depend on. */
export interface NoticeInput {
  readonly state: DisplayState;
  readonly connection: ConnectionState;
  /** null while no stream was chosen. */
  readonly stream: string | null;
  readonly sinceFrameMs: number | null;
  /** Words of the last failure to list the streams; null when that went well. */
  readonly listFault: string | null;
  /** Origin of the service, for the commands. */
  readonly origin: string;
}

/** Words for the middle of the picture; null while a picture is there. */
export function noticeFor(input: NoticeInput): Notice | null {
  const { state, connection, stream } = input;
  if (state !== 'WAITING' && state !== 'LOST') return null;
  if (connection.phase === 'ended') {
    const text = `${sentence(connection.reason)} Reload the page to try again.`;
    return { title: 'Connection ended', text, command: null };
  }
  if (input.listFault !== null) {
    return { title: 'Service not reached', text: sentence(input.listFault), command: null };
  }
  if (connection.reason !== null) {
    const seconds = connection.retryInMs === null ? null : Math.ceil(connection.retryInMs / 1000);
    const again = seconds === null ? 'Trying again now.' : `Trying again within ${seconds} s.`;
    const text = `${sentence(connection.reason)} ${again}${ageWords(input)}`;
    return { title: 'No connection', text, command: null };
  }
  if (state === 'LOST') {
    const text = `No image has come.${ageWords(input)} Check the cart and its network.`;
    return { title: 'Image lost', text, command: null };
  }
  if (stream !== null && connection.phase === 'connecting') {
    return { title: 'Connecting', text: `Opening the stream "${stream}".`, command: null };
  }
  const url = `${input.origin.replace(/^http/, 'ws')}/v1/streams/${stream ?? 'cart'}/frames`;
  return {
    title: 'Waiting for a cart',
    text:
      stream === null
        ? 'No cart streams to this service yet. Start one, for example:'
        : `No cart streams as "${stream}" yet. Start one, for example:`,
    command: `npm run demo\necholine replay CLIP --to ${url}`,
  };
}

/** Words below the picture: it is live, but something about the overlay has to be said. */
export function ribbonFor(
  state: DisplayState,
  fault: StreamFault | null,
  isHidden: boolean,
): string | null {
  if (fault === 'overlay-invalid') return 'OVERLAY INVALID: refused, not shown.';
  if (fault === 'overlays-without-frames') return 'Overlays come, but no picture.';
  switch (state) {
    case 'STALE':
      return 'Overlay hidden: too old. The picture is live.';
    case 'UNAVAILABLE':
      return 'No guidance: no engine looks at this picture. The picture is live.';
    case 'FROZEN':
      return isHidden ? 'FROZEN image. Overlay hidden.' : 'FROZEN image, with its own overlay.';
    case 'LIVE':
      return isHidden ? 'Overlay hidden by the operator.' : null;
    case 'WAITING':
    case 'LOST':
      return null;
  }
}

function ageWords(input: NoticeInput): string {
  if (input.state !== 'LOST' || input.sinceFrameMs === null) return '';
  return ` The last image is ${Math.floor(input.sinceFrameMs / 1000)} s old.`;
}

function sentence(words: string | null): string {
  const text = words ?? 'No reason was given';
  const capital = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
