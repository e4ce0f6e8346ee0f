import { describe, expect, it } from 'vitest';
import { createTickets } from '../../src/server/tickets.js';

describe('tickets', () => {
  it('are long, random and never the same', () => {
    const tickets = createTickets();
    const all = Array.from({ length: 100 }, () => tickets.issue('observer', 's', 'x', 0));
    expect(new Set(all).size).toBe(100);
    expect(all.every((ticket) => /^[\w-]{43}$/.test(ticket))).toBe(true);
  });

  it('ECHOLINE_SESSION_LIMIT: so many may be unused, and old ones make room', () => {
    const tickets = createTickets();
    for (let index = 0; index < 10_000; index += 1) tickets.issue('observer', 's', 'x', 0);
    expect(() => tickets.issue('observer', 's', 'x', 29_999_999)).toThrow(
      expect.objectContaining({ code: 'ECHOLINE_SESSION_LIMIT' }),
    );
    expect(() => tickets.issue('observer', 's', 'x', 30_000_000)).not.toThrow();
  });
});
