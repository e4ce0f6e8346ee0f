import { timingSafeEqual } from 'node:crypto';
import { EcholineError } from '../domain/errors.js';
import { mayAct, type Principal, type Role } from './roles.js';
import { createTickets, TICKET_LIFE_MS } from './tickets.js';
import { digestOf, type KnownToken } from './tokens-file.js';

/** What a request carries to say who it is. */
export interface Credentials {
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
  /** The `ticket` of the query; only sockets and the report of a procedure take one. */
  readonly ticket: string | null;
}

export interface IssuedTicket {
  readonly ticket: string;
  readonly expiresInMs: number;
}

/** Decides who somebody is. With `auth: off` (loopback only) everybody may everything. */
export interface Authenticator {
  /** @throws EcholineError ECHOLINE_AUTH_REQUIRED, ECHOLINE_AUTH_REFUSED */
  authenticate(credentials: Credentials, nowUs: number): Principal;
  /** @throws EcholineError ECHOLINE_AUTH_REFUSED */
  check(principal: Principal, role: Role, streamId: string | null): void;
  /** A ticket for `role` on a stream, for a principal that has been checked. */
  issueTicket(principal: Principal, role: Role, streamId: string, nowUs: number): IssuedTicket;
}

const ANYBODY: Principal = { name: 'anybody', role: 'admin', streams: null };

/** @param tokens - null for `auth: off` */
export function createAuthenticator(tokens: readonly KnownToken[] | null): Authenticator {
  const tickets = createTickets();
  return {
    authenticate({ authorization, ticket }, nowUs) {
      if (tokens === null) return ANYBODY;
      if (ticket !== null) {
        const principal = tickets.redeem(ticket, nowUs);
        if (principal !== null) return principal;
        throw refused('the ticket is unknown, used or older than 30 s. Ask for a new one.');
      }
      const token = bearerToken(authorization);
      if (token === null) {
        throw new EcholineError(
          'ECHOLINE_AUTH_REQUIRED',
          'Expected "Authorization: Bearer TOKEN", or ?ticket= from POST /v1/tickets; ' +
            'received neither.',
        );
      }
      const known = findToken(tokens, token);
      if (known === null) throw refused('the token is not in the tokens file.');
      return known.principal;
    },
    check(principal, role, streamId) {
      if (mayAct(principal, role, streamId)) return;
      const where = streamId === null ? '' : ` on stream ${streamId}`;
      throw refused(`${principal.name} (${principal.role}) may not be ${role}${where}.`);
    },
    issueTicket(principal, role, streamId, nowUs) {
      const ticket = tickets.issue(role, streamId, principal.name, nowUs);
      return { ticket, expiresInMs: TICKET_LIFE_MS };
    },
  };
}

function bearerToken(authorization: string | undefined): string | null {
  const match = /^Bearer +(\S+)$/i.exec(authorization ?? '');
  return match?.[1] ?? null;
}

/** Compares with every token, so that the time taken says nothing about which one was close. */
function findToken(tokens: readonly KnownToken[], token: string): KnownToken | null {
  const digest = digestOf(token);
  let found: KnownToken | null = null;
  for (const known of tokens) {
    if (timingSafeEqual(known.digest, digest)) found = known;
  }
  return found;
}

function refused(why: string): EcholineError {
  return new EcholineError('ECHOLINE_AUTH_REFUSED', `Access refused: ${why}`);
}
