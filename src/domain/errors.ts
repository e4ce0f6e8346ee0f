/**
 * The catalogue of operating errors: expected, handled, tested. `docs/errors.md` describes each
 * code and `tests/tidy` proves that the two agree and that a test provokes every code.
 *
 * Programmer errors are not here; they assert and crash (see `assert.ts`).
 */
export interface ErrorEntry {
  /** Whose fault it is. */
  readonly fault: 'operator' | 'deployer' | 'cart' | 'display' | 'engine' | 'clip';
  /** What happens to the frame; `none` where no frame is concerned. */
  readonly frame: 'none' | 'invalid' | 'failed' | 'expired';
  /** What happens to the session, socket or process. */
  readonly effect: 'continues' | 'socket-closed' | 'refused' | 'exits';
  /** WebSocket close code where a socket closes, else null. */
  readonly closeCode: number | null;
}

export const ERROR_CATALOGUE = {
  ECHOLINE_CONFIG_INVALID: entry('operator', 'none', 'exits', null),
  ECHOLINE_CONFIG_UNKNOWN_KEY: entry('operator', 'none', 'exits', null),
  ECHOLINE_CONFIG_INSECURE_BIND: entry('operator', 'none', 'exits', null),
  ECHOLINE_CONFIG_USAGE: entry('operator', 'none', 'exits', null),
  ECHOLINE_CONFIG_PORT_IN_USE: entry('operator', 'none', 'exits', null),
  ECHOLINE_CONFIG_PROTOCOL_FILE: entry('operator', 'none', 'exits', null),

  ECHOLINE_MODEL_NOT_FOUND: entry('deployer', 'none', 'exits', null),
  ECHOLINE_MODEL_MANIFEST_INVALID: entry('deployer', 'none', 'exits', null),
  ECHOLINE_MODEL_HASH_MISMATCH: entry('deployer', 'none', 'exits', null),
  ECHOLINE_MODEL_CONTRACT_MISMATCH: entry('deployer', 'none', 'exits', null),
  ECHOLINE_MODEL_RUNTIME_MISSING: entry('deployer', 'none', 'exits', null),
  ECHOLINE_MODEL_PROVIDER_UNAVAILABLE: entry('deployer', 'none', 'exits', null),
  ECHOLINE_MODEL_OPERATOR_UNSUPPORTED: entry('deployer', 'none', 'continues', null),

  ECHOLINE_PROTOCOL_NOT_BINARY: entry('cart', 'invalid', 'socket-closed', 1002),
  ECHOLINE_PROTOCOL_TRUNCATED: entry('cart', 'invalid', 'socket-closed', 1002),
  ECHOLINE_PROTOCOL_BAD_MAGIC: entry('cart', 'invalid', 'socket-closed', 1002),
  ECHOLINE_PROTOCOL_VERSION: entry('cart', 'invalid', 'socket-closed', 4003),
  ECHOLINE_PROTOCOL_MESSAGE_TYPE: entry('cart', 'invalid', 'socket-closed', 1002),
  ECHOLINE_PROTOCOL_HEADER_LENGTH: entry('cart', 'invalid', 'socket-closed', 1002),
  ECHOLINE_PROTOCOL_PAYLOAD_LENGTH: entry('cart', 'invalid', 'socket-closed', 1002),
  ECHOLINE_PROTOCOL_TOO_LARGE: entry('cart', 'invalid', 'socket-closed', 1009),
  ECHOLINE_PROTOCOL_CONTROL_INVALID: entry('cart', 'none', 'socket-closed', 1002),
  ECHOLINE_PROTOCOL_CONTROL_TOO_LARGE: entry('cart', 'none', 'socket-closed', 1009),
  ECHOLINE_PROTOCOL_HELLO_REQUIRED: entry('cart', 'none', 'socket-closed', 1002),
  ECHOLINE_PROTOCOL_HELLO_TIMEOUT: entry('cart', 'none', 'socket-closed', 4002),
  ECHOLINE_PROTOCOL_SUBPROTOCOL: entry('cart', 'none', 'refused', null),
  ECHOLINE_PROTOCOL_RATE: entry('cart', 'none', 'socket-closed', 1008),

  ECHOLINE_FRAME_FORMAT: entry('cart', 'invalid', 'continues', null),
  ECHOLINE_FRAME_FIELD: entry('cart', 'invalid', 'continues', null),
  ECHOLINE_FRAME_SIZE: entry('cart', 'invalid', 'continues', null),
  ECHOLINE_FRAME_STRIDE: entry('cart', 'invalid', 'continues', null),
  ECHOLINE_FRAME_SPACING: entry('cart', 'invalid', 'continues', null),
  ECHOLINE_FRAME_EXTENSION: entry('cart', 'invalid', 'continues', null),
  ECHOLINE_FRAME_OUT_OF_ORDER: entry('cart', 'invalid', 'continues', null),
  ECHOLINE_FRAME_CAPTURE_TIME: entry('cart', 'invalid', 'continues', null),
  ECHOLINE_FRAME_EXPIRED: entry('cart', 'expired', 'continues', null),
  ECHOLINE_FRAME_DECODE: entry('cart', 'invalid', 'continues', null),

  ECHOLINE_INFERENCE_FAILED: entry('engine', 'failed', 'continues', null),
  ECHOLINE_INFERENCE_TIMEOUT: entry('engine', 'failed', 'continues', null),
  ECHOLINE_INFERENCE_ENGINE_DIED: entry('engine', 'failed', 'continues', null),
  ECHOLINE_INFERENCE_UNAVAILABLE: entry('engine', 'failed', 'continues', null),

  ECHOLINE_SESSION_STREAM_TAKEN: entry('cart', 'none', 'socket-closed', 4009),
  ECHOLINE_SESSION_LIMIT: entry('operator', 'none', 'socket-closed', 1013),
  ECHOLINE_SESSION_MEMORY: entry('cart', 'invalid', 'socket-closed', 1013),
  ECHOLINE_SESSION_NO_ACKNOWLEDGEMENT: entry('display', 'none', 'socket-closed', 4008),
  ECHOLINE_SESSION_STALLED: entry('cart', 'none', 'socket-closed', 1008),
  ECHOLINE_SESSION_STREAM_ID: entry('cart', 'none', 'refused', null),
  ECHOLINE_SESSION_UNREACHABLE: entry('deployer', 'none', 'refused', null),
  ECHOLINE_SESSION_ENDED: entry('operator', 'none', 'socket-closed', null),
  ECHOLINE_SESSION_GOING_AWAY: entry('operator', 'none', 'socket-closed', 1001),

  ECHOLINE_PROCEDURE_NOT_STARTED: entry('display', 'none', 'refused', null),
  ECHOLINE_PROCEDURE_RUNNING: entry('display', 'none', 'refused', null),
  ECHOLINE_PROCEDURE_PROTOCOL: entry('display', 'none', 'refused', null),
  ECHOLINE_PROCEDURE_OVERRIDE: entry('display', 'none', 'refused', null),
  ECHOLINE_PROCEDURE_SIDE: entry('display', 'none', 'refused', null),
  ECHOLINE_PROCEDURE_TARGET_SET: entry('display', 'none', 'refused', null),
  ECHOLINE_PROCEDURE_NO_TARGET: entry('display', 'none', 'refused', null),
  ECHOLINE_PROCEDURE_PLACE: entry('display', 'none', 'refused', null),
  ECHOLINE_PROCEDURE_INJECTION: entry('display', 'none', 'refused', null),
  ECHOLINE_PROCEDURE_TIME: entry('display', 'none', 'refused', null),
  ECHOLINE_PROCEDURE_LIMIT: entry('display', 'none', 'refused', null),
  ECHOLINE_PROCEDURE_UNKNOWN: entry('display', 'none', 'refused', null),

  ECHOLINE_AUTH_REQUIRED: entry('cart', 'none', 'refused', 4001),
  ECHOLINE_AUTH_REFUSED: entry('cart', 'none', 'refused', 4001),
  ECHOLINE_AUTH_ORIGIN: entry('display', 'none', 'refused', null),
  ECHOLINE_AUTH_NOT_OPERATOR: entry('display', 'none', 'refused', null),
  ECHOLINE_AUTH_OPERATOR_TAKEN: entry('display', 'none', 'socket-closed', 1008),

  ECHOLINE_CLIP_NOT_FOUND: entry('clip', 'none', 'exits', null),
  ECHOLINE_CLIP_UNKNOWN_FORMAT: entry('clip', 'none', 'exits', null),
  ECHOLINE_CLIP_EMPTY: entry('clip', 'none', 'exits', null),
  ECHOLINE_CLIP_HEADER: entry('clip', 'none', 'exits', null),
  ECHOLINE_CLIP_DATA: entry('clip', 'none', 'exits', null),
  ECHOLINE_CLIP_TIMESTAMPS: entry('clip', 'none', 'exits', null),
  ECHOLINE_CLIP_DECODER_MISSING: entry('deployer', 'none', 'exits', null),
  ECHOLINE_CLIP_LIMIT: entry('clip', 'none', 'exits', null),

  ECHOLINE_BENCH_RESULT: entry('operator', 'none', 'exits', null),
  ECHOLINE_BENCH_NOT_COMPARABLE: entry('operator', 'none', 'exits', null),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** Whether a text is the code of an operating error, e.g. one that another process printed. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CATALOGUE, text);
}

/** Numbers and names that belong to an error: ids, offsets, sizes. Never pixels or patient data. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/**
 * The one class of operating errors. The code carries the meaning, `details` the numbers, and the
 * message says what was expected, what came, where, and what to do.
 */
export class EcholineError extends Error {
  override readonly name = 'EcholineError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(
    code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** Whether something thrown is an operating error. */
export function isEcholineError(error: unknown): error is EcholineError {
  return error instanceof EcholineError;
}

function entry(
  fault: ErrorEntry['fault'],
  frame: ErrorEntry['frame'],
  effect: ErrorEntry['effect'],
  closeCode: number | null,
): ErrorEntry {
  return { fault, frame, effect, closeCode };
}
