import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EcholineError } from '../../src/domain/errors.js';
import {
  type ControlMessage,
  encodeControl,
  parseMessageFromCart,
  parseMessageFromDisplay,
  parseMessageToCart,
  parseMessageToDisplay,
} from '../../src/protocol/control-codec.js';
import { errorMessageOf, verdictReasonOf } from '../../src/protocol/error-words.js';
import { decodeFrameMessage } from '../../src/protocol/frame-message.js';
import { DEFAULT_FRAME_LIMITS } from '../../src/protocol/limits.js';
import { NOTICE } from '../../src/protocol/version.js';

const protocol = { major: 1, minor: 0 };
const hello = { type: 'hello', role: 'cart', protocol } as const;
const info = {
  stream: 'demo',
  state: 'streaming',
  isSimulated: true,
  cartName: null,
  operatorName: null,
  engine: 'ready',
} as const;
const limits = {
  frameBytesMax: 9_437_184,
  widthMaxPx: 4096,
  heightMaxPx: 4096,
  pixelsMax: 4_194_304,
  controlBytesMax: 16_384,
  frameAgeMaxMs: 200,
};

const FROM_CLIENT: ControlMessage[] = [
  { type: 'ack', frameId: 3, epoch: 0, what: 'frame' },
  { type: 'clock', t0Us: 5 },
  { type: 'clock-reply', t0Us: 5, t1Us: 6, t2Us: 7 },
  { type: 'bye', reason: 'done', reconnectAfterMs: null },
];
const FROM_SERVICE: ControlMessage[] = [
  { type: 'clock', t0Us: 5 },
  { type: 'clock-reply', t0Us: 5, t1Us: 6, t2Us: 7 },
  { type: 'bye', reason: 'restart', reconnectAfterMs: 500 },
  { type: 'error', code: 'ECHOLINE_X', message: 'words', details: { a: 1, b: null, c: true } },
];
const MESSAGES: ReadonlyArray<readonly [string, (text: string) => unknown, ControlMessage[]]> = [
  [
    'a cart',
    parseMessageFromCart,
    [
      hello,
      {
        ...hello,
        name: 'Cart 3',
        formats: ['gray8', 'jpeg'],
        frameRateHz: 29.97,
        clock: { nowUs: 1 },
        wantOverlays: true,
        isSimulated: false,
      },
      ...FROM_CLIENT,
    ],
  ],
  [
    'a display',
    parseMessageFromDisplay,
    [{ type: 'hello', protocol }, { type: 'hello', role: 'operator', protocol }, ...FROM_CLIENT],
  ],
  [
    'the service to a cart',
    parseMessageToCart,
    [
      {
        type: 'welcome',
        protocol,
        stream: 'demo',
        limits,
        formats: ['gray8'],
        inFlightFramesMax: 3,
        clock: { nowUs: 1 },
        notice: NOTICE,
      },
      { type: 'verdict', epoch: 0, frameId: 7, verdict: 'ok', credits: 1 },
      {
        type: 'verdict',
        epoch: null,
        frameId: null,
        verdict: 'invalid',
        credits: 1,
        reason: {
          code: 'ECHOLINE_FRAME_SIZE',
          message: 'words',
          field: 'widthPx',
          offsetBytes: 32,
          expected: 'from 1 to 4096',
          received: '0',
        },
      },
      { type: 'rate', suggestedFps: 15, maxWidthPx: 512, formats: ['jpeg'], reason: 'slow' },
      ...FROM_SERVICE,
    ],
  ],
  [
    'the service to a display',
    parseMessageToDisplay,
    [
      {
        type: 'welcome',
        protocol,
        role: 'observer',
        info,
        unacknowledgedOverlaysMax: 2,
        unacknowledgedFramesMax: 2,
        acknowledgeTimeoutMs: 5000,
        model: { id: 'guidenet', sha256: 'ab' },
        clock: { nowUs: 1 },
        notice: NOTICE,
      },
      { type: 'stream', info },
      ...FROM_SERVICE,
    ],
  ],
];

/** The error of a cart's message. */
function refuse(text: string | Uint8Array, options = {}): EcholineError {
  let thrown: unknown = null;
  try {
    parseMessageFromCart(text, options);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(EcholineError);
  return thrown as EcholineError;
}

describe('control messages', () => {
  it.each(MESSAGES)('from %s come back as they were sent', (_who, parse, messages) => {
    for (const message of messages) {
      expect(parse(encodeControl(message))).toEqual(message);
    }
  });

  it('are read from UTF-8 bytes too', () => {
    const bytes = new TextEncoder().encode(encodeControl({ ...hello, name: 'Wagen ü' }));
    expect(parseMessageFromCart(bytes)).toEqual({ ...hello, name: 'Wagen ü' });
  });

  it('of one direction are refused in the other', () => {
    const text = JSON.stringify({
      type: 'verdict',
      epoch: 0,
      frameId: 1,
      verdict: 'ok',
      credits: 1,
    });
    expect(refuse(text).details.field).toBe('type');
  });
});

describe('a wrong control message', () => {
  it.each([
    ['not JSON', '{"type":', '', 'not JSON', null],
    ['a list', '[1,2]', '', 'an array of 2', null],
    ['a number', '5', '', '5', null],
    ['null', 'null', '', 'null', null],
    ['without a type', '{}', 'type', 'nothing', null],
    ['with a type that is no text', '{"type":7}', 'type', '7', null],
    ['of a misspelt type', '{"type":"helo"}', 'type', 'helo', 'hello'],
    ['of an unknown type', '{"type":"telemetry"}', 'type', 'telemetry', null],
    ['of a type that every object has', '{"type":"constructor"}', 'type', 'constructor', null],
    ['with a missing field', '{"type":"clock"}', 't0Us', 'nothing', null],
    ['with a wrong value', '{"type":"clock","t0Us":-1}', 't0Us', '-1', null],
    ['with a fraction of a µs', '{"type":"clock","t0Us":1.5}', 't0Us', '1.5', null],
    ['with a misspelt field', '{"type":"ack","frameId":1,"epok":0}', 'epok', 'epok', 'epoch'],
    ['with a field far from all', '{"type":"ack","frameId":1,"zzz":0}', 'zzz', 'zzz', null],
    [
      'with an unknown field inside',
      '{"type":"hello","role":"cart","protocol":{"major":1,"minor":0,"mino":0}}',
      'protocol.mino',
      'mino',
      'minor',
    ],
    [
      'with a wrong item in a list',
      '{"type":"hello","role":"cart","protocol":{"major":1,"minor":0},"formats":["png","gif"]}',
      'formats.1',
      'gif',
      null,
    ],
    [
      'that reaches for the prototype',
      '{"type":"clock","t0Us":1,"__proto__":{}}',
      '__proto__',
      '__proto__',
      null,
    ],
  ])('%s names field, expectation and what came', (_name, text, field, received, suggestion) => {
    const error = refuse(text);
    expect(error.code).toBe('ECHOLINE_PROTOCOL_CONTROL_INVALID');
    expect(error.details).toMatchObject({ field, suggestion });
    expect(error.details.expected).toEqual(expect.stringMatching(/./));
    expect(error.details.received).toContain(received);
    if (suggestion !== null) expect(error.message).toContain(`Did you mean "${suggestion}"?`);
  });

  it('that is not UTF-8 is refused', () => {
    expect(refuse(Uint8Array.of(0x22, 0xff, 0x22)).code).toBe('ECHOLINE_PROTOCOL_CONTROL_INVALID');
  });

  it('that is too large is refused before it is read, counted in bytes', () => {
    const options = { controlBytesMax: 100 };
    const error = refuse(`{"type":"${'x'.repeat(200)}"}`, options);
    expect(error.code).toBe('ECHOLINE_PROTOCOL_CONTROL_TOO_LARGE');
    expect(error.details.expected).toBe('at most 100 bytes');
    expect(refuse(`"${'é'.repeat(60)}"`, options).code).toBe('ECHOLINE_PROTOCOL_CONTROL_TOO_LARGE');
    expect(refuse(`"${'é'.repeat(49)}"`, options).code).toBe('ECHOLINE_PROTOCOL_CONTROL_INVALID');
    expect(refuse(new Uint8Array(101), options).code).toBe('ECHOLINE_PROTOCOL_CONTROL_TOO_LARGE');
  });

  it('never puts more than a line of the message into the error', () => {
    const long = 'x'.repeat(10_000);
    for (const text of [
      `"${long}"`,
      `{"type":"${long}"}`,
      `{"type":"clock","t0Us":1,"${long}":1}`,
    ]) {
      expect(refuse(text).message.length).toBeLessThan(600);
      expect(String(refuse(text).details.field).length).toBeLessThan(100);
    }
  });

  it('of whatever JSON never throws anything but an EcholineError', () => {
    const words = fc.constantFrom('hello', 'ack', 'clock', 'bye', 'type', 'protocol', 'cart');
    const key = fc.oneof(words, fc.string());
    const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), words, fc.constant(protocol));
    const message = fc.record({ type: fc.oneof(words, value), rest: fc.dictionary(key, value) });
    fc.assert(
      fc.property(message, ({ type, rest }) => {
        const text = JSON.stringify({ ...rest, type });
        for (const parse of [
          parseMessageFromCart,
          parseMessageFromDisplay,
          parseMessageToCart,
          parseMessageToDisplay,
        ]) {
          try {
            parse(text);
          } catch (error) {
            expect(error).toBeInstanceOf(EcholineError);
          }
        }
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it('of whatever text never throws anything but an EcholineError', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        expect(refuse(text).code).toBe('ECHOLINE_PROTOCOL_CONTROL_INVALID');
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('nested eight thousand deep is refused, not a crash', () => {
    const text = `{"type":"clock","t0Us":${'['.repeat(8000)}${']'.repeat(8000)}}`;
    expect(refuse(text, { controlBytesMax: 100_000 }).details.field).toBe('t0Us');
  });
});

describe('versions', () => {
  it('of another major are refused before anything else is judged', () => {
    const error = refuse('{"type":"hello","protocol":{"major":2,"minor":0},"shape":"new"}');
    expect(error.code).toBe('ECHOLINE_PROTOCOL_VERSION');
    expect(error.details).toMatchObject({ field: 'protocol.major', expected: '1', received: '2' });
  });

  it('of a newer minor may add fields to hello', () => {
    const text = JSON.stringify({ ...hello, protocol: { major: 1, minor: 3 }, probe: 'L38' });
    expect(parseMessageFromCart(text)).toMatchObject({ role: 'cart', probe: 'L38' });
  });

  it('of a newer minor may add fields to later messages, when hello said so', () => {
    const text = '{"type":"clock","t0Us":1,"hint":"x"}';
    expect(parseMessageFromCart(text, { peerMinor: 1 })).toMatchObject({ t0Us: 1 });
    expect(refuse(text, { peerMinor: 0 }).details.field).toBe('hint');
  });

  it('of a newer service may bring messages and fields a client skips', () => {
    expect(parseMessageToCart('{"type":"weather"}')).toBeNull();
    expect(parseMessageToDisplay('{"type":"toString"}')).toBeNull();
    const text = '{"type":"bye","reason":"x","reconnectAfterMs":1,"because":{}}';
    expect(parseMessageToCart(text)).toMatchObject({ reason: 'x' });
  });
});

describe('the words of an error', () => {
  it('in a verdict name code, field and offset', () => {
    let reason = null;
    try {
      decodeFrameMessage(new Uint8Array(3), DEFAULT_FRAME_LIMITS);
    } catch (error) {
      reason = verdictReasonOf(error as EcholineError);
    }
    expect(reason).toEqual({
      code: 'ECHOLINE_PROTOCOL_TRUNCATED',
      message: expect.stringContaining('expected at least the 64 bytes'),
      field: 'message',
      offsetBytes: 3,
      expected: expect.any(String),
      received: '3 bytes',
    });
  });

  it('without a field are code and message', () => {
    const error = new EcholineError('ECHOLINE_FRAME_EXPIRED', 'Too old.', { ageMs: 300 });
    expect(verdictReasonOf(error)).toEqual({ code: 'ECHOLINE_FRAME_EXPIRED', message: 'Too old.' });
  });

  it('travel as an error message', () => {
    const error = new EcholineError('ECHOLINE_SESSION_STREAM_TAKEN', 'Taken.', { stream: 'demo' });
    expect(parseMessageToCart(encodeControl(errorMessageOf(error)))).toEqual({
      type: 'error',
      code: 'ECHOLINE_SESSION_STREAM_TAKEN',
      message: 'Taken.',
      details: { stream: 'demo' },
    });
  });
});
