import type { StructureClass } from '../../domain/structure.js';
import type { ConnectionState } from '../display-events.js';
import type { DisplayState } from '../staleness.js';
import type { StreamFault } from '../stream-fault.js';
import { STRUCTURE_STYLES } from '../structure-styles.js';
import { NOTICE_WORDS, RIBBON_WORDS } from './words.js';

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
    const text = `${sentence(connection.reason)} ${NOTICE_WORDS.reload}`;
    return { title: NOTICE_WORDS.ended, text, command: null };
  }
  if (input.listFault !== null) {
    return { title: NOTICE_WORDS.notReached, text: sentence(input.listFault), command: null };
  }
  if (connection.reason !== null) {
    const seconds = connection.retryInMs === null ? null : Math.ceil(connection.retryInMs / 1000);
    const again = seconds === null ? NOTICE_WORDS.againNow : NOTICE_WORDS.againIn(seconds);
    const text = `${sentence(connection.reason)} ${again}${ageWords(input)}`;
    return { title: NOTICE_WORDS.noConnection, text, command: null };
  }
  if (state === 'LOST') {
    const text = `${NOTICE_WORDS.noImage}${ageWords(input)} ${NOTICE_WORDS.checkCart}`;
    return { title: NOTICE_WORDS.lost, text, command: null };
  }
  if (stream !== null && connection.phase === 'connecting') {
    return { title: NOTICE_WORDS.connecting, text: NOTICE_WORDS.opening(stream), command: null };
  }
  const url = `${input.origin.replace(/^http/, 'ws')}/v1/streams/${stream ?? 'cart'}/frames`;
  return {
    title: NOTICE_WORDS.waiting,
    text: stream === null ? NOTICE_WORDS.noCart : NOTICE_WORDS.noCartAs(stream),
    command: `npm run demo\necholine replay CLIP --to ${url}`,
  };
}

/**
 * Words on the picture beside the overlay's own: that it is frozen, and what of it the operator
 * chose not to see; null = nothing.
 */
export function pictureNotice(
  isFrozen: boolean,
  hidden: ReadonlySet<StructureClass>,
): string | null {
  const names = [...hidden].map((one) => STRUCTURE_STYLES[one].name);
  const notDrawn = names.length === 0 ? [] : [RIBBON_WORDS.notDrawn(names)];
  const words = [...(isFrozen ? [RIBBON_WORDS.frozen] : []), ...notDrawn];
  return words.length === 0 ? null : words.join(' · ');
}

/** Words below the picture: it is live, but something about the overlay has to be said. */
export function ribbonFor(
  state: DisplayState,
  fault: StreamFault | null,
  isHidden: boolean,
): string | null {
  if (fault !== null) return RIBBON_WORDS[fault];
  switch (state) {
    case 'STALE':
      return RIBBON_WORDS.stale;
    case 'UNAVAILABLE':
      return RIBBON_WORDS.unavailable;
    case 'FROZEN':
      return isHidden ? RIBBON_WORDS.frozenHidden : null;
    case 'LIVE':
      return isHidden ? RIBBON_WORDS.hidden : null;
    case 'WAITING':
    case 'LOST':
      return null;
  }
}

function ageWords(input: NoticeInput): string {
  if (input.state !== 'LOST' || input.sinceFrameMs === null) return '';
  return ` ${NOTICE_WORDS.lastImage(Math.floor(input.sinceFrameMs / 1000))}`;
}

function sentence(words: string | null): string {
  const text = words ?? NOTICE_WORDS.noReason;
  const capital = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
