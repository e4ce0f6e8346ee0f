import { describe, expect, it } from 'vitest';
import { EcholineError } from '../../src/domain/errors.js';
import { PeerChannel, type PeerSocket } from '../../src/session/peer-channel.js';

const SECOND_US = 1_000_000;

function createWorld() {
  const log: string[] = [];
  const errors: unknown[] = [];
  let bytesRead = 0;
  const socket: PeerSocket = {
    bufferedAmount: 0,
    send: (data) => log.push(`send ${String(data)}`),
    ping: () => log.push('ping'),
    close: (code) => log.push(`close ${code}`),
    terminate: () => log.push('terminate'),
  };
  const options = {
    helloTimeoutMs: 3000,
    heartbeatMs: 5000,
    controlMessagesPerSecondMax: 10,
    bytesRead: () => bytesRead,
    onError: (error: unknown) => errors.push(error),
  };
  const channel = new PeerChannel(socket, options, { onEnd: () => log.push('end') }, 0);
  return {
    channel,
    log,
    errors,
    receive() {
      bytesRead += 10;
    },
  };
}

describe('the manners of a connection', () => {
  it('ECHOLINE_PROTOCOL_HELLO_TIMEOUT: ends what says no hello', () => {
    const { channel, log } = createWorld();
    channel.tick(3 * SECOND_US);
    expect(log).toEqual([]);
    channel.tick(3 * SECOND_US + 1);
    expect(log[0]).toContain('ECHOLINE_PROTOCOL_HELLO_TIMEOUT');
    expect(log.slice(1)).toEqual(['close 4002', 'end']);
  });

  it('pings at the heartbeat and lives on any byte', () => {
    const { channel, log, receive } = createWorld();
    channel.helloAccepted();
    for (let second = 1; second <= 60; second += 1) {
      if (second % 9 === 0) receive();
      channel.tick(second * SECOND_US);
    }
    expect(log).toEqual(Array(12).fill('ping'));
  });

  it('ECHOLINE_SESSION_STALLED: ends a peer that misses two heartbeats', () => {
    const { channel, log, receive } = createWorld();
    channel.helloAccepted();
    receive();
    for (let second = 1; second <= 17; second += 1) channel.tick(second * SECOND_US);
    expect(log.filter((line) => line === 'ping')).toHaveLength(3);
    expect(log.at(-3)).toContain('ECHOLINE_SESSION_STALLED');
    expect(log.at(-2)).toBe('close 1008');
  });

  it('cuts a peer that does not answer the close', () => {
    const { channel, log } = createWorld();
    channel.close(1000, 'done');
    channel.tick(5 * SECOND_US);
    channel.tick(6 * SECOND_US);
    expect(log).toEqual(['close 1000', 'end']);
    channel.tick(6 * SECOND_US + 1);
    expect(log.at(-1)).toBe('terminate');
  });

  it('ECHOLINE_PROTOCOL_RATE: counts control messages', () => {
    const { channel } = createWorld();
    for (let index = 0; index < 10; index += 1) channel.countControlMessage(0);
    expect(() => channel.countControlMessage(0)).toThrow(
      expect.objectContaining({ code: 'ECHOLINE_PROTOCOL_RATE' }),
    );
  });

  it('turns an operating error into words and a close code, once', () => {
    const { channel, log, errors } = createWorld();
    const error = new EcholineError('ECHOLINE_SESSION_STREAM_TAKEN', 'taken');
    channel.guard(() => {
      throw error;
    });
    channel.refuse(error);
    channel.guard(() => log.push('handled'));
    channel.send({ type: 'bye', reason: 'x', reconnectAfterMs: null });
    channel.closed();

    expect(log).toEqual([
      expect.stringContaining('"code":"ECHOLINE_SESSION_STREAM_TAKEN"'),
      'close 4009',
      'end',
    ]);
    expect(errors).toEqual([error]);
  });

  it('cuts only this connection for a mistake of ours', () => {
    const { channel, log, errors } = createWorld();
    channel.guard(() => {
      throw new TypeError('bug');
    });
    expect(log).toEqual(['terminate']);
    expect(errors).toEqual([expect.any(TypeError)]);
  });

  it('tells its owner once when the connection just breaks', () => {
    const { channel, log } = createWorld();
    channel.closed();
    channel.closed();
    expect(log).toEqual(['end']);
  });
});
