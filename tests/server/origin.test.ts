import { describe, expect, it } from 'vitest';
import { checkOrigin } from '../../src/server/origin.js';

const LOOPBACK = { origins: ['http://localhost:9000'], host: '127.0.0.1' };
const NETWORK = { origins: [], host: '0.0.0.0' };

describe('the origin of a request', () => {
  it.each([
    [undefined, '127.0.0.1:8787', LOOPBACK],
    ['http://127.0.0.1:8787', '127.0.0.1:8787', LOOPBACK],
    ['http://localhost:8787', 'localhost:8787', LOOPBACK],
    ['http://[::1]:8787', '[::1]:8787', LOOPBACK],
    ['http://localhost:9000', '127.0.0.1:8787', LOOPBACK],
    ['https://echoline.ward.example', 'echoline.ward.example', NETWORK],
  ])('lets %s asking for %s in', (origin, host, rules) => {
    expect(() => checkOrigin(origin, host, rules)).not.toThrow();
  });

  it.each([
    ['http://evil.example', '127.0.0.1:8787', LOOPBACK],
    ['http://evil.example:8787', 'evil.example:8787', LOOPBACK],
    ['http://127.0.0.1:9999', '127.0.0.1:8787', LOOPBACK],
    ['null', '127.0.0.1:8787', LOOPBACK],
    ['http://localhost:9001', 'localhost:8787', LOOPBACK],
    ['http://127.0.0.1:8787', undefined, LOOPBACK],
    ['https://evil.example', 'echoline.ward.example', NETWORK],
  ])('ECHOLINE_AUTH_ORIGIN: keeps %s asking for %s out', (origin, host, rules) => {
    expect(() => checkOrigin(origin, host, rules)).toThrow(
      expect.objectContaining({ code: 'ECHOLINE_AUTH_ORIGIN' }),
    );
  });
});
