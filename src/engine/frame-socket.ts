import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';
import { FRAME_SOCKET_DESCRIPTOR } from './engine-messages.js';
import { createRecordReader } from './record-stream.js';

/** As much as Node reads in one go by itself. */
const READ_BYTES = 64 * 1024;

/**
 * An engine's end of the socket for frames and results. What comes is read into one buffer for good
 * and copied out, a few hundred bytes: as a stream, Node makes 64 KiB of new memory for every event
 * and takes it through its stream machinery (docs/performance.md).
 *
 * @param onRecord - hears each record; the body is the caller's to keep
 * @param onError - the other end is gone
 */
export function openFrameSocket(
  onRecord: (head: unknown, body: Uint8Array) => void,
  onError: () => void,
): Socket {
  const read = createRecordReader(onRecord);
  const callback = (bytes: number, buffer: Uint8Array) => {
    read(Buffer.from(buffer.subarray(0, bytes)));
    return true;
  };
  const onread = { buffer: new Uint8Array(READ_BYTES), callback };
  const options: SocketConstructorOpts & ConnectOpts = {
    fd: FRAME_SOCKET_DESCRIPTOR,
    readable: true,
    writable: true,
    onread,
  };
  return new Socket(options).on('error', onError);
}
