import type { Static, TSchema } from 'typebox';
import Value from 'typebox/value';
import { EcholineError } from '../domain/errors.js';
import { nearestName } from '../domain/nearest-name.js';
import type { Overlay } from '../domain/overlay.js';
import {
  Acknowledgement,
  Bye,
  CartHello,
  CartWelcome,
  ClockReply,
  ClockRequest,
  DisplayHello,
  DisplayWelcome,
  ErrorMessage,
  RateMessage,
  StreamMessage,
  VerdictMessage,
} from './control-messages.js';
import { DEFAULT_CONTROL_BYTES_MAX, SERVICE_MESSAGE_BYTES_MAX } from './limits.js';
import { findBadPoint, OverlayMessage } from './overlay-message.js';
import { PROCEDURE_COMMANDS } from './procedure-commands.js';
import { CommandRefused, ProcedureMessage } from './procedure-messages.js';
import { explainMismatch, show } from './schema-mismatch.js';
import { acceptingUnknownFields } from './tolerant-schema.js';
import { PROTOCOL_MAJOR, PROTOCOL_MINOR } from './version.js';

type MessageTable = Readonly<Record<string, TSchema>>;
type MessageOf<T extends MessageTable> = Static<T[keyof T]>;

/** What either client may say at any time after `hello`. */
const FROM_CLIENT = {
  ack: Acknowledgement,
  clock: ClockRequest,
  'clock-reply': ClockReply,
  bye: Bye,
};
/** What the service may say to either client at any time. */
const FROM_SERVICE = {
  clock: ClockRequest,
  'clock-reply': ClockReply,
  bye: Bye,
  error: ErrorMessage,
};

/** Messages by direction: the one list of what may be said where. */
const FROM_CART = { hello: CartHello, ...FROM_CLIENT };
const FROM_DISPLAY = { hello: DisplayHello, ...PROCEDURE_COMMANDS, ...FROM_CLIENT };
const TO_CART = {
  welcome: CartWelcome,
  verdict: VerdictMessage,
  rate: RateMessage,
  overlay: OverlayMessage,
  ...FROM_SERVICE,
};
const TO_DISPLAY = {
  welcome: DisplayWelcome,
  stream: StreamMessage,
  procedure: ProcedureMessage,
  'command-refused': CommandRefused,
  overlay: OverlayMessage,
  ...FROM_SERVICE,
};

export type MessageFromCart = MessageOf<typeof FROM_CART>;
export type MessageFromDisplay = MessageOf<typeof FROM_DISPLAY>;
export type MessageToCart = Exclude<MessageOf<typeof TO_CART>, OverlayMessage> | Overlay;
export type MessageToDisplay = Exclude<MessageOf<typeof TO_DISPLAY>, OverlayMessage> | Overlay;

/** Every control message of either direction; overlays have `encodeOverlay`. */
export type ControlMessage =
  | MessageFromCart
  | MessageFromDisplay
  | Exclude<MessageToCart | MessageToDisplay, Overlay>;

export interface ControlOptions {
  /** Largest message, bytes. */
  readonly controlBytesMax?: number;
  /** Minor the peer said in its hello: what a newer one adds is skipped instead of refused. */
  readonly peerMinor?: number;
}

/** The text of a control message. */
export function encodeControl(message: ControlMessage): string {
  return JSON.stringify(message);
}

/**
 * Reads a cart's control message. The service is strict: it refuses what it does not know.
 *
 * @param text - the text message, or its UTF-8 bytes
 * @throws EcholineError ECHOLINE_PROTOCOL_CONTROL_INVALID (details: `field`, `expected`,
 *   `received`, `suggestion`), ECHOLINE_PROTOCOL_CONTROL_TOO_LARGE, ECHOLINE_PROTOCOL_VERSION
 *   (another major)
 */
export function parseMessageFromCart(
  text: string | Uint8Array,
  options: ControlOptions = {},
): MessageFromCart {
  return parseStrict(text, FROM_CART, options);
}

/** Reads a display's control message; strict, errors as `parseMessageFromCart`. */
export function parseMessageFromDisplay(
  text: string | Uint8Array,
  options: ControlOptions = {},
): MessageFromDisplay {
  return parseStrict(text, FROM_DISPLAY, options);
}

/**
 * Reads what the service said to a cart. Clients are tolerant: unknown fields are ignored and an
 * unknown type is null, so that a newer minor of the service does not break them.
 *
 * @throws EcholineError ECHOLINE_PROTOCOL_CONTROL_INVALID, ECHOLINE_PROTOCOL_CONTROL_TOO_LARGE,
 *   ECHOLINE_PROTOCOL_VERSION
 */
export function parseMessageToCart(text: string | Uint8Array): MessageToCart | null {
  return parseTolerant(text, TO_CART);
}

/** Reads what the service said to a display; tolerant, as `parseMessageToCart`. */
export function parseMessageToDisplay(text: string | Uint8Array): MessageToDisplay | null {
  return parseTolerant(text, TO_DISPLAY);
}

function parseStrict<T extends MessageTable>(
  text: string | Uint8Array,
  table: T,
  options: ControlOptions,
): MessageOf<T> {
  const message = parseJson(text, options.controlBytesMax ?? DEFAULT_CONTROL_BYTES_MAX);
  const schema = Object.hasOwn(table, message.type) ? table[message.type] : undefined;
  if (schema === undefined) throw unknownType(message.type, Object.keys(table));
  const minor = checkVersion(message) ?? options.peerMinor ?? PROTOCOL_MINOR;
  check(message, minor > PROTOCOL_MINOR ? acceptingUnknownFields(schema) : schema);
  return message as MessageOf<T>;
}

function parseTolerant<T extends MessageTable>(
  text: string | Uint8Array,
  table: T,
): MessageOf<T> | null {
  const message = parseJson(text, SERVICE_MESSAGE_BYTES_MAX);
  const schema = Object.hasOwn(table, message.type) ? table[message.type] : undefined;
  if (schema === undefined) return null;
  checkVersion(message);
  check(message, acceptingUnknownFields(schema));
  if (message.type === 'overlay') checkContours(message as OverlayMessage & JsonMessage);
  return message as MessageOf<T>;
}

interface JsonMessage {
  readonly type: string;
  readonly [field: string]: unknown;
}

function parseJson(text: string | Uint8Array, bytesMax: number): JsonMessage {
  checkSize(text, bytesMax);
  let message: unknown;
  try {
    const json =
      typeof text === 'string' ? text : new TextDecoder('utf-8', { fatal: true }).decode(text);
    message = JSON.parse(json);
  } catch (cause) {
    throw invalid('', 'a JSON object', 'text that is not JSON', null, cause);
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    throw invalid('', 'a JSON object', show(message), null);
  }
  if (!('type' in message) || typeof message.type !== 'string') {
    const received = 'type' in message ? show(message.type) : 'nothing';
    throw invalid('type', 'the name of a message', received, null);
  }
  return message as JsonMessage;
}

function checkSize(text: string | Uint8Array, bytesMax: number): void {
  const bytes = typeof text === 'string' ? utf8Bytes(text, bytesMax) : text.byteLength;
  if (bytes <= bytesMax) return;
  const message = `Control message: expected at most ${bytesMax} bytes, received ${bytes}.`;
  throw new EcholineError('ECHOLINE_PROTOCOL_CONTROL_TOO_LARGE', message, {
    field: '',
    expected: `at most ${bytesMax} bytes`,
    received: `${bytes} bytes`,
  });
}

/** Bytes of `text` as UTF-8; only counted exactly where it could matter. */
function utf8Bytes(text: string, bytesMax: number): number {
  if (text.length > bytesMax || text.length * 3 <= bytesMax) return text.length;
  return new TextEncoder().encode(text).byteLength;
}

/** The peer's minor, where the message states a version; another major is refused first of all. */
function checkVersion(message: JsonMessage): number | null {
  const protocol = message.protocol;
  if (typeof protocol !== 'object' || protocol === null) return null;
  const { major, minor } = protocol as { readonly major?: unknown; readonly minor?: unknown };
  if (typeof major === 'number' && major !== PROTOCOL_MAJOR) {
    const words =
      `protocol.major: expected ${PROTOCOL_MAJOR}, received ${major}. ` +
      `Use a version of Echoline on both sides that speaks the same major version.`;
    throw new EcholineError('ECHOLINE_PROTOCOL_VERSION', words, {
      field: 'protocol.major',
      expected: String(PROTOCOL_MAJOR),
      received: String(major),
    });
  }
  return typeof minor === 'number' ? minor : null;
}

function check(message: JsonMessage, schema: TSchema): void {
  const isFitting: boolean = Value.Check(schema, message);
  if (isFitting) return;
  const { field, expected, received, suggestion } = explainMismatch(schema, message);
  throw invalid(`${message.type}: ${field}`, expected, received, suggestion, undefined, field);
}

function checkContours(overlay: OverlayMessage): void {
  const field = findBadPoint(overlay);
  if (field === null) return;
  const expected = 'a point of two finite numbers, xPx and yPx';
  throw invalid(`overlay: ${field}`, expected, 'something else', null, undefined, field);
}

function unknownType(type: string, known: readonly string[]): EcholineError {
  return invalid('type', known.join(', '), show(type), nearestName(type, known));
}

function invalid(
  where: string,
  expected: string,
  received: string,
  suggestion: string | null,
  cause?: unknown,
  field: string = where,
): EcholineError {
  const hint = suggestion === null ? '' : ` Did you mean ${show(suggestion)}?`;
  const subject = where === '' ? 'Control message' : where;
  const message = `${subject}: expected ${expected}, received ${received}.${hint}`;
  const details = { field, expected, received, suggestion };
  return new EcholineError('ECHOLINE_PROTOCOL_CONTROL_INVALID', message, details, { cause });
}
