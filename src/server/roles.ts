/** What a peer may be. `admin` may everything; `operator` may also observe. */
export type Role = 'cart' | 'observer' | 'operator' | 'admin';
export const ROLES: readonly Role[] = ['cart', 'observer', 'operator', 'admin'];

/** Who somebody is, once authenticated. */
export interface Principal {
  /** For logs; never a token. */
  readonly name: string;
  readonly role: Role;
  /** Streams it may touch; null = all. */
  readonly streams: readonly string[] | null;
}

/** Whether `principal` may act as `role` on a stream (null: not about one stream). */
export function mayAct(principal: Principal, role: Role, streamId: string | null): boolean {
  if (streamId !== null && !mayTouch(principal, streamId)) return false;
  if (principal.role === 'admin' || principal.role === role) return true;
  return principal.role === 'operator' && role === 'observer';
}

/** Whether a stream is one of those `principal` may touch. */
export function mayTouch({ streams }: Principal, streamId: string): boolean {
  return streams === null || streams.includes(streamId);
}
