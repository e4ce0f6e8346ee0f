import { describe, expect, it } from 'vitest';
import { EcholineError, type ErrorCode } from '../../src/domain/errors.js';
import { decodeFrameMessage, encodeFrameMessage } from '../../src/protocol/frame-message.js';
import { DEFAULT_FRAME_LIMITS, type FrameLimits } from '../../src/protocol/limits.js';
import { grayFrame, richFrame } from './arbitrary-frame.js';

type Change = (view: DataView, bytes: Uint8Array) => Uint8Array | undefined;
type Rule = readonly [ErrorCode, string, number, string, Change];

const JPEG = grayFrame({ format: 'jpeg', strideBytes: 0, payload: new Uint8Array(20).fill(1) });

function u8(offset: number, value: number): Change {
  return (view) => {
    view.setUint8(offset, value);
    return undefined;
  };
}
function u16(offset: number, value: number): Change {
  return (view) => {
    view.setUint16(offset, value, true);
    return undefined;
  };
}
function u32(offset: number, value: number): Change {
  return (view) => {
    view.setUint32(offset, value, true);
    return undefined;
  };
}
function f32(offset: number, value: number): Change {
  return (view) => {
    view.setFloat32(offset, value, true);
    return undefined;
  };
}

function refuse(message: Uint8Array, limits: FrameLimits = DEFAULT_FRAME_LIMITS): EcholineError {
  let thrown: unknown = null;
  try {
    decodeFrameMessage(message, limits);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(EcholineError);
  return thrown as EcholineError;
}

function apply(change: Change, message: Uint8Array<ArrayBuffer>): Uint8Array {
  return change(new DataView(message.buffer), message) ?? message;
}

const RULES: readonly Rule[] = [
  ['ECHOLINE_PROTOCOL_BAD_MAGIC', 'magic', 0, 'a wrong first byte', u8(0, 0x65)],
  ['ECHOLINE_PROTOCOL_VERSION', 'major', 4, 'major 0', u8(4, 0)],
  ['ECHOLINE_PROTOCOL_VERSION', 'major', 4, 'major 2', u8(4, 2)],
  ['ECHOLINE_PROTOCOL_MESSAGE_TYPE', 'type', 6, 'type 0', u8(6, 0)],
  ['ECHOLINE_PROTOCOL_MESSAGE_TYPE', 'type', 6, 'type 2', u8(6, 2)],
  ['ECHOLINE_FRAME_FIELD', 'flags', 7, 'an unknown flag', u8(7, 0x08)],
  ['ECHOLINE_PROTOCOL_HEADER_LENGTH', 'headerLength', 8, 'a header of 63', u16(8, 63)],
  ['ECHOLINE_PROTOCOL_HEADER_LENGTH', 'headerLength', 8, 'a header of 0', u16(8, 0)],
  ['ECHOLINE_PROTOCOL_HEADER_LENGTH', 'headerLength', 8, 'a header beyond the end', u16(8, 77)],
  [
    'ECHOLINE_PROTOCOL_PAYLOAD_LENGTH',
    'payloadLength',
    52,
    'a header that eats pixels',
    u16(8, 68),
  ],
  ['ECHOLINE_FRAME_FORMAT', 'format', 10, 'a format code that is not taken', u8(10, 5)],
  ['ECHOLINE_FRAME_FORMAT', 'format', 10, 'the reserved h264', u8(10, 16)],
  ['ECHOLINE_FRAME_FIELD', 'probeGeometry', 11, 'an unknown probe geometry', u8(11, 4)],
  ['ECHOLINE_FRAME_FIELD', 'frameId', 16, 'a frameId of 2^53', u8(22, 0x20)],
  ['ECHOLINE_FRAME_FIELD', 'captureTimeUs', 24, 'a capture time of 2^63', u8(31, 0x80)],
  ['ECHOLINE_FRAME_SIZE', 'widthPx', 32, 'zero width', u16(32, 0)],
  ['ECHOLINE_FRAME_SIZE', 'widthPx', 32, 'a huge width', u16(32, 4097)],
  ['ECHOLINE_FRAME_SIZE', 'heightPx', 34, 'zero height', u16(34, 0)],
  ['ECHOLINE_FRAME_SIZE', 'heightPx', 34, 'a huge height', u16(34, 65_535)],
  ['ECHOLINE_FRAME_STRIDE', 'strideBytes', 36, 'a stride below the width', u32(36, 3)],
  ['ECHOLINE_FRAME_STRIDE', 'strideBytes', 36, 'no stride for raw pixels', u32(36, 0)],
  ['ECHOLINE_FRAME_SIZE', 'payloadLength', 52, 'a stride that lies', u32(36, 0xffff_ffff)],
  ['ECHOLINE_FRAME_SIZE', 'payloadLength', 52, 'a height that lies', u16(34, 2)],
  ['ECHOLINE_FRAME_SPACING', 'spacing.xMm', 40, 'NaN on the x axis only', f32(40, Number.NaN)],
  ['ECHOLINE_FRAME_SPACING', 'spacing.yMm', 44, 'NaN on the y axis only', f32(44, Number.NaN)],
  ['ECHOLINE_FRAME_SPACING', 'spacing.xMm', 40, 'negative spacing', f32(40, -0.1)],
  ['ECHOLINE_FRAME_SPACING', 'spacing.yMm', 44, 'zero spacing', f32(44, 0)],
  ['ECHOLINE_FRAME_SPACING', 'spacing.xMm', 40, 'infinite spacing', f32(40, Infinity)],
  ['ECHOLINE_FRAME_FIELD', 'orientation', 48, 'an unknown orientation', u8(48, 5)],
  ['ECHOLINE_FRAME_FIELD', 'reserved', 49, 'byte 49 set', u8(49, 1)],
  ['ECHOLINE_FRAME_FIELD', 'reserved', 51, 'byte 51 set', u8(51, 1)],
  [
    'ECHOLINE_PROTOCOL_PAYLOAD_LENGTH',
    'payloadLength',
    52,
    'a payload length too short',
    u32(52, 11),
  ],
  [
    'ECHOLINE_PROTOCOL_PAYLOAD_LENGTH',
    'payloadLength',
    52,
    'a payload length too long',
    u32(52, 13),
  ],
  [
    'ECHOLINE_PROTOCOL_PAYLOAD_LENGTH',
    'payloadLength',
    52,
    '4 GiB announced',
    u32(52, 0xffff_ffff),
  ],
  ['ECHOLINE_FRAME_FIELD', 'reserved', 56, 'byte 56 set', u8(56, 1)],
  ['ECHOLINE_FRAME_FIELD', 'reserved', 63, 'byte 63 set', u8(63, 255)],
];

describe('a frame message with', () => {
  it.each(RULES)('%s: field %s at %i: %s', (code, field, offsetBytes, _name, change) => {
    const error = refuse(apply(change, encodeFrameMessage(grayFrame())));
    expect(error.code).toBe(code);
    expect(error.details).toEqual({
      field,
      offsetBytes,
      expected: expect.any(String),
      received: expect.any(String),
    });
    expect(error.message).toContain(field);
    expect(error.message).toContain(String(error.details.received));
  });

  it('a stride for a compressed format is refused', () => {
    const error = refuse(apply(u32(36, 4), encodeFrameMessage(JPEG)));
    expect(error.code).toBe('ECHOLINE_FRAME_STRIDE');
    expect(error.details.offsetBytes).toBe(36);
  });

  it('an empty compressed payload is refused', () => {
    const message = encodeFrameMessage(JPEG).slice(0, 64);
    const error = refuse(apply(u32(52, 0), message));
    expect(error.code).toBe('ECHOLINE_FRAME_SIZE');
    expect(error.details.field).toBe('payloadLength');
  });

  it('more bytes than the limit is refused before anything is read', () => {
    const limits = { ...DEFAULT_FRAME_LIMITS, frameBytesMax: 75 };
    const error = refuse(apply(u8(0, 0), encodeFrameMessage(grayFrame())), limits);
    expect(error.code).toBe('ECHOLINE_PROTOCOL_TOO_LARGE');
  });

  it('NaN on both axes has unknown spacing', () => {
    const message = encodeFrameMessage(grayFrame({ spacing: null }));
    expect(decodeFrameMessage(message, DEFAULT_FRAME_LIMITS).spacing).toBeNull();
  });

  it('padded rows is accepted', () => {
    const frame = grayFrame({ strideBytes: 10 });
    expect(decodeFrameMessage(encodeFrameMessage(frame), DEFAULT_FRAME_LIMITS)).toEqual(frame);
  });

  it('a newer minor is read, and what it put into reserved places is skipped', () => {
    const message = encodeFrameMessage(grayFrame());
    message.set([1], 5);
    message.set([0x80], 7);
    message.set([1, 2, 3], 49);
    message.set([9], 60);
    expect(decodeFrameMessage(message, DEFAULT_FRAME_LIMITS)).toEqual(grayFrame());
  });
});

/** Offsets of the values in `richFrame`: TLVs in the order of their types, from byte 64. */
const AT = { pose: 68, depth: 136, gain: 144, mode: 152, panes: 157, latency: 193, sector: 205 };
const EXTENSION_RULES: readonly Rule[] = [
  ['ECHOLINE_FRAME_EXTENSION', 'extensions.probePose', 72, 'a pose with NaN', f32(72, Number.NaN)],
  ['ECHOLINE_FRAME_EXTENSION', 'extensions.length', 66, 'a TLV beyond the header', u16(66, 9999)],
  ['ECHOLINE_FRAME_EXTENSION', 'extensions.depthMm', AT.depth, 'no depth', f32(AT.depth, 0)],
  [
    'ECHOLINE_FRAME_EXTENSION',
    'extensions.gainDb',
    AT.gain,
    'infinite gain',
    f32(AT.gain, -Infinity),
  ],
  [
    'ECHOLINE_FRAME_EXTENSION',
    'extensions.imagingMode',
    AT.mode,
    'an unknown mode',
    u8(AT.mode, 6),
  ],
  [
    'ECHOLINE_FRAME_EXTENSION',
    'extensions.panes.0.rect.widthPx',
    AT.panes + 4,
    'an empty pane',
    u16(AT.panes + 4, 0),
  ],
  [
    'ECHOLINE_FRAME_EXTENSION',
    'extensions.panes.1.rect.heightPx',
    AT.panes + 22,
    'a pane below the image',
    u16(AT.panes + 22, 3),
  ],
  [
    'ECHOLINE_FRAME_SPACING',
    'extensions.panes.1.spacing.yMm',
    AT.panes + 28,
    'a pane with half a spacing',
    f32(AT.panes + 24, 1),
  ],
  [
    'ECHOLINE_FRAME_EXTENSION',
    'extensions.sourceLatency.uncertaintyMs',
    AT.latency + 4,
    'a negative uncertainty',
    f32(AT.latency + 4, -1),
  ],
  [
    'ECHOLINE_FRAME_EXTENSION',
    'extensions.sector.radiusMinPx',
    AT.sector + 8,
    'a negative radius',
    f32(AT.sector + 8, -1),
  ],
  [
    'ECHOLINE_FRAME_EXTENSION',
    'extensions.sector.radiusMaxPx',
    AT.sector + 12,
    'an inverted sector',
    f32(AT.sector + 12, 1),
  ],
  [
    'ECHOLINE_FRAME_EXTENSION',
    'extensions.sector.angleMinDeg',
    AT.sector + 16,
    'an angle below -180',
    f32(AT.sector + 16, -181),
  ],
  [
    'ECHOLINE_FRAME_EXTENSION',
    'extensions.sector.angleMaxDeg',
    AT.sector + 20,
    'inverted angles',
    f32(AT.sector + 20, -31),
  ],
  [
    'ECHOLINE_FRAME_EXTENSION',
    'extensions.deviceText',
    233,
    'text that is not UTF-8',
    u8(233, 0xff),
  ],
  ['ECHOLINE_FRAME_EXTENSION', 'extensions.type', 132, 'a repeated type', u16(132, 1)],
];

describe('an extension with', () => {
  it.each(EXTENSION_RULES)('%s: %s at %i: %s', (code, field, offsetBytes, _name, change) => {
    const error = refuse(apply(change, encodeFrameMessage(richFrame())));
    expect({ code: error.code, ...error.details }).toMatchObject({ code, field, offsetBytes });
  });

  /** A gray frame with raw extension bytes. */
  function withExtensions(...tlv: readonly number[]): Uint8Array {
    const message = encodeFrameMessage(grayFrame());
    const longer = new Uint8Array(message.byteLength + tlv.length);
    longer.set(message.subarray(0, 64));
    longer.set(tlv, 64);
    longer.set(message.subarray(64), 64 + tlv.length);
    new DataView(longer.buffer).setUint16(8, 64 + tlv.length, true);
    return longer;
  }

  it('an unknown type is skipped, and so is padding however often', () => {
    const message = withExtensions(
      0,
      0,
      1,
      0,
      7,
      0,
      0,
      0,
      0,
      0x34,
      0x12,
      2,
      0,
      1,
      2,
      4,
      0,
      1,
      0,
      1,
    );
    const { extensions } = decodeFrameMessage(message, DEFAULT_FRAME_LIMITS);
    expect(extensions.imagingMode).toBe('colour');
  });

  it.each([
    ['cut type and length', [2, 0, 4], 'extensions', 64],
    ['a wrong length', [2, 0, 2, 0, 1, 1], 'extensions.depthMm', 66],
    ['an empty imaging mode', [4, 0, 0, 0], 'extensions.imagingMode', 66],
    ['no panes', [5, 0, 0, 0], 'extensions.panes', 66],
    ['half a pane', [5, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0], 'extensions.panes', 66],
    ['17 panes', [5, 0, 16, 1, ...new Array(272).fill(1)], 'extensions.panes', 66],
    ['65 bytes of text', [8, 0, 65, 0, ...new Array(65).fill(65)], 'extensions.deviceText', 66],
  ] as const)('%s costs the frame only', (_name, tlv, field, offsetBytes) => {
    const error = refuse(withExtensions(...tlv));
    expect(error.code).toBe('ECHOLINE_FRAME_EXTENSION');
    expect(error.details).toMatchObject({ field, offsetBytes });
  });

  it.each([
    ['a pose of 15 numbers', { probePose: new Array<number>(15).fill(0) }],
    ['text of 65 bytes', { deviceText: 'é'.repeat(33) }],
    ['an unknown mode', { imagingMode: 'x-ray' as 'b' }],
    ['depth NaN', { depthMm: Number.NaN }],
    [
      'a pane beyond u16',
      { panes: [{ rect: { xPx: 65_536, yPx: 0, widthPx: 1, heightPx: 1 }, spacing: null }] },
    ],
  ])('%s never leaves the encoder', (_name, changes) => {
    const frame = grayFrame();
    const broken = { ...frame, extensions: { ...frame.extensions, ...changes } };
    expect(() => encodeFrameMessage(broken)).toThrow(EcholineError);
  });
});
