import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EcholineError } from '../../src/domain/errors.js';
import type { Frame } from '../../src/domain/frame.js';
import {
  type ControlMessage,
  encodeControl,
  parseMessageFromCart,
  parseMessageFromDisplay,
} from '../../src/protocol/control-codec.js';
import { decodeFrameMessage, encodeFrameMessage } from '../../src/protocol/frame-message.js';
import { DEFAULT_FRAME_LIMITS } from '../../src/protocol/limits.js';

/** docs/protocol-vectors/README.md describes the files. */
const FOLDER = new URL('../../docs/protocol-vectors/', import.meta.url);

interface Vector {
  readonly name: string;
  readonly kind: 'frame' | 'from-cart' | 'from-display';
  readonly hex: string;
  readonly text?: string;
  readonly decoded?: Record<string, unknown>;
  readonly isCanonical?: boolean;
  readonly errorCode?: string;
  readonly field?: string;
  readonly offsetBytes?: number;
}

function read(file: string): Vector {
  return JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
}

function decode(vector: Vector): unknown {
  const bytes = Uint8Array.from(Buffer.from(vector.hex, 'hex'));
  switch (vector.kind) {
    case 'frame': {
      const { payload, ...rest } = decodeFrameMessage(bytes, DEFAULT_FRAME_LIMITS);
      return { ...rest, payloadHex: Buffer.from(payload).toString('hex') };
    }
    case 'from-cart':
      return parseMessageFromCart(bytes);
    case 'from-display':
      return parseMessageFromDisplay(bytes);
  }
}

function encode(vector: Vector): string {
  if (vector.kind !== 'frame') {
    return Buffer.from(encodeControl(vector.decoded as ControlMessage)).toString('hex');
  }
  const { payloadHex, ...rest } = vector.decoded as { payloadHex: string };
  const payload = Uint8Array.from(Buffer.from(payloadHex, 'hex'));
  return Buffer.from(encodeFrameMessage({ ...rest, payload } as Frame)).toString('hex');
}

const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
const valid = files.filter((file) => read(file).errorCode === undefined);
const invalid = files.filter((file) => read(file).errorCode !== undefined);

describe('the published vectors', () => {
  it('are many, of both kinds', () => {
    expect(valid.length).toBeGreaterThanOrEqual(20);
    expect(invalid.length).toBeGreaterThanOrEqual(30);
    expect(new Set(files.map((file) => read(file).name)).size).toBe(files.length);
  });

  it.each(valid)('%s decodes to what it says, and encodes to the same bytes', (file) => {
    const vector = read(file);
    expect(decode(vector)).toEqual(vector.decoded);
    if (vector.text !== undefined) {
      expect(Buffer.from(vector.text).toString('hex')).toBe(vector.hex);
    }
    expect(encode(vector) === vector.hex).toBe(vector.isCanonical);
  });

  it.each(invalid)('%s is refused as it says', (file) => {
    const { errorCode, field, offsetBytes, ...vector } = read(file);
    let thrown: unknown = null;
    try {
      decode(vector);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(EcholineError);
    const { code, details } = thrown as EcholineError;
    expect({ code, field: details.field }).toEqual({ code: errorCode, field });
    expect(details.offsetBytes).toBe(offsetBytes);
  });
});
