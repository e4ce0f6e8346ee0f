import { describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../src/server/auth.js';
import { mayAct, type Principal, ROLES } from '../../src/server/roles.js';
import { digestOf } from '../../src/server/tokens-file.js';

const OBSERVER: Principal = { name: 'bed 3', role: 'observer', streams: ['bed-3'] };
const tokens = [
  { digest: digestOf('one'), principal: OBSERVER },
  { digest: digestOf('two'), principal: { name: 'c', role: 'cart', streams: null } as const },
];

describe('authentication', () => {
  it('lets everybody be anything when it is off', () => {
    const off = createAuthenticator(null);
    const principal = off.authenticate({ authorization: undefined, ticket: null }, 0);
    for (const role of ROLES) expect(() => off.check(principal, role, 'any')).not.toThrow();
  });

  it('knows a bearer token', () => {
    const auth = createAuthenticator(tokens);
    expect(auth.authenticate({ authorization: 'Bearer one', ticket: null }, 0)).toBe(OBSERVER);
    expect(auth.authenticate({ authorization: 'bearer two', ticket: null }, 0).role).toBe('cart');
  });

  it.each([
    [undefined, 'ECHOLINE_AUTH_REQUIRED'],
    ['Basic b25lOm9uZQ==', 'ECHOLINE_AUTH_REQUIRED'],
    ['Bearer three', 'ECHOLINE_AUTH_REFUSED'],
    ['Bearer on', 'ECHOLINE_AUTH_REFUSED'],
  ])('answers %s with %s', (authorization, code) => {
    const auth = createAuthenticator(tokens);
    expect(() => auth.authenticate({ authorization, ticket: null }, 0)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('redeems a ticket once, for its role and stream, for 30 s', () => {
    const auth = createAuthenticator(tokens);
    const issue = () => auth.issueTicket(OBSERVER, 'observer', 'bed-3', 0).ticket;
    const redeem = (ticket: string, nowUs: number) =>
      auth.authenticate({ authorization: undefined, ticket }, nowUs);
    const [first, late, inTime] = [issue(), issue(), issue()];

    expect(redeem(first, 1)).toEqual({ name: 'bed 3', role: 'observer', streams: ['bed-3'] });
    for (const [ticket, nowUs] of [
      [first, 2],
      [late, 30_000_000],
      ['made up', 0],
    ] as const) {
      expect(() => redeem(ticket, nowUs)).toThrow(
        expect.objectContaining({ code: 'ECHOLINE_AUTH_REFUSED' }),
      );
    }
    expect(redeem(inTime, 29_999_999).role).toBe('observer');
  });
});

describe('what a role may', () => {
  it.each([
    ['cart', ['cart']],
    ['observer', ['observer']],
    ['operator', ['observer', 'operator']],
    ['admin', ['cart', 'observer', 'operator', 'admin']],
  ] as const)('%s may act as %s', (role, allowed) => {
    const principal: Principal = { name: 'x', role, streams: null };
    expect(ROLES.filter((one) => mayAct(principal, one, 's'))).toEqual(allowed);
  });

  it('ends at the streams of the principal', () => {
    expect(mayAct(OBSERVER, 'observer', 'bed-3')).toBe(true);
    expect(mayAct(OBSERVER, 'observer', 'bed-4')).toBe(false);
    expect(mayAct(OBSERVER, 'observer', null)).toBe(true);
  });
});
