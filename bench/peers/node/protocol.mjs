// As much of docs/protocol.md as a peer needs.

import { readFileSync } from 'node:fs';

/** What peers say that is always the same: credits without end, no guidance. */
export const ANSWERS = JSON.parse(
  readFileSync(new URL('../answers.json', import.meta.url), 'utf8'),
);

const FORMATS = new Map([
  [0, 'gray8'],
  [3, 'jpeg'],
]);

/** This process's monotonic clock, µs. */
export function nowUs() {
  return Number(process.hrtime.bigint() / 1000n);
}

/** The fields of a frame message that matter here; the payload is a view into the message. */
export function readFrame(message) {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const format = FORMATS.get(view.getUint8(10));
  const payload = message.subarray(view.getUint16(8, true));
  const isFrame = message.toString('latin1', 0, 4) === 'ECHO' && view.getUint8(6) === 1;
  if (!isFrame || format === undefined || payload.length !== view.getUint32(52, true)) {
    throw new Error('expected a frame message with gray8 or jpeg');
  }
  const [xMm, yMm] = [view.getFloat32(40, true), view.getFloat32(44, true)];
  return {
    epoch: view.getUint32(12, true),
    frameId: Number(view.getBigUint64(16, true)),
    captureTimeUs: Number(view.getBigUint64(24, true)),
    widthPx: view.getUint16(32, true),
    heightPx: view.getUint16(34, true),
    strideBytes: view.getUint32(36, true),
    spacing: Number.isNaN(xMm) ? null : { xMm, yMm },
    format,
    payload,
  };
}

/** The answer to a cart's hello. */
export function cartWelcome(stream) {
  return { ...ANSWERS.cartWelcome, stream, clock: { nowUs: nowUs() } };
}

/** The answer to a display's hello. */
export function displayWelcome(stream, model) {
  const info = { ...ANSWERS.streamInfo, stream };
  return { ...ANSWERS.displayWelcome, info, model, clock: { nowUs: nowUs() } };
}

/** The answer to a question for the time. */
export function clockReply({ t0Us }) {
  return { type: 'clock-reply', t0Us, t1Us: nowUs(), t2Us: nowUs() };
}
