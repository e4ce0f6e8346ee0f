// As much of docs/protocol.md as a peer needs.

const FORMATS = new Map([
  [0, 'gray8'],
  [3, 'jpeg'],
]);
const PROTOCOL = { major: 1, minor: 0 };
/** Credits without end: nothing tells the cart to slow down. */
const UNLIMITED = 1_000_000;
const NOTICE = 'a peer of the benchmark';

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
  const limits = {
    frameBytesMax: 16 * 1024 * 1024,
    widthMaxPx: 4096,
    heightMaxPx: 4096,
    pixelsMax: 4096 * 4096,
    controlBytesMax: 16384,
    frameAgeMaxMs: 1e6,
  };
  return {
    type: 'welcome',
    protocol: PROTOCOL,
    stream,
    limits,
    formats: [...FORMATS.values()],
    inFlightFramesMax: UNLIMITED,
    clock: { nowUs: nowUs() },
    notice: NOTICE,
  };
}

/** The answer to a display's hello. */
export function displayWelcome(stream, model) {
  return {
    type: 'welcome',
    protocol: PROTOCOL,
    role: 'observer',
    info: { stream, state: 'streaming', isSimulated: true, cartName: null, engine: 'ready' },
    unacknowledgedOverlaysMax: UNLIMITED,
    unacknowledgedFramesMax: UNLIMITED,
    acknowledgeTimeoutMs: 1e6,
    model,
    clock: { nowUs: nowUs() },
    notice: NOTICE,
  };
}

/** The answer to a question for the time. */
export function clockReply({ t0Us }) {
  return { type: 'clock-reply', t0Us, t1Us: nowUs(), t2Us: nowUs() };
}
