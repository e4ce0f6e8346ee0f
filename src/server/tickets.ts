import { randomBytes } from 'node:crypto';
import { EcholineError } from '../domain/errors.js';
import type { Principal, Role } from './roles.js';

/** Life of a ticket, ms. */
export const TICKET_LIFE_MS = 30_000;
/** Tickets that may be outstanding. */
const OUTSTANDING_MAX = 10_000;

interface Outstanding {
  readonly principal: Principal;
  readonly expiresAtUs: number;
}

/**
 * One-use tickets for browsers, which cannot send an `Authorization` header with a WebSocket. A
 * ticket is for one role on one stream and may end up in a log, so it dies at its first use.
 */
export interface Tickets {
  /** @throws EcholineError ECHOLINE_SESSION_LIMIT when too many are outstanding */
  issue(role: Role, streamId: string, name: string, nowUs: number): string;
  /** Who the ticket stands for; null for one that is unknown, used or too old. */
  redeem(ticket: string, nowUs: number): Principal | null;
}

/** Tickets of one service; they do not survive it. */
export function createTickets(): Tickets {
  const outstanding = new Map<string, Outstanding>();

  /** Insertion order is age order, since all live equally long. */
  function forgetExpired(nowUs: number): void {
    for (const [ticket, { expiresAtUs }] of outstanding) {
      if (expiresAtUs > nowUs) return;
      outstanding.delete(ticket);
    }
  }

  return {
    issue(role, streamId, name, nowUs) {
      forgetExpired(nowUs);
      if (outstanding.size >= OUTSTANDING_MAX) {
        const message = `Expected at most ${OUTSTANDING_MAX} unused tickets; try later.`;
        throw new EcholineError('ECHOLINE_SESSION_LIMIT', message, {});
      }
      const ticket = randomBytes(32).toString('base64url');
      const principal: Principal = { name, role, streams: [streamId] };
      outstanding.set(ticket, { principal, expiresAtUs: nowUs + TICKET_LIFE_MS * 1000 });
      return ticket;
    },
    redeem(ticket, nowUs) {
      const found = outstanding.get(ticket);
      outstanding.delete(ticket);
      return found !== undefined && found.expiresAtUs > nowUs ? found.principal : null;
    },
  };
}
