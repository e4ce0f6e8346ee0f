/** Who wants to connect to what. */
export interface TicketWish {
  /** The service: `http://HOST:8787`, or `https:`. */
  readonly service: string | URL;
  readonly token: string;
  readonly role: 'observer' | 'operator';
  readonly streamId: string;
}

/**
 * Buys a ticket, good for one connection within 30 s: browsers cannot send a token with a socket.
 *
 * @throws Error (rejects) with words for the operator: the token is refused or expired, or the
 *   service is not reached
 */
export async function requestTicket(wish: TicketWish): Promise<string> {
  const url = new URL('/v1/tickets', wish.service);
  url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'https:' : 'http:';
  const response = await fetch(url, {
    method: 'POST',
    cache: 'no-store',
    headers: { authorization: `Bearer ${wish.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ role: wish.role, streamId: wish.streamId }),
  });
  if (response.status === 401 || response.status === 403) {
    throw new Error('The service refuses the token: it is wrong, has expired, or may not do this.');
  }
  if (!response.ok) throw new Error(`The service gave no ticket (HTTP ${response.status}).`);
  const answer: unknown = await response.json();
  const isTicket = typeof answer === 'object' && answer !== null && 'ticket' in answer;
  if (!isTicket || typeof answer.ticket !== 'string') {
    throw new Error('The service gave no ticket.');
  }
  return answer.ticket;
}
