import type { ErrorCode } from '../../../domain/errors.js';

/** Displays of a load that share a thread. */
export interface DisplayGroup {
  readonly url: string;
  readonly token: string | undefined;
  /** One display of each, or `each` of each. */
  readonly streamIds: readonly string[];
  readonly each: number;
  /** How many of each (the last ones) read nothing from the socket after their welcome. */
  readonly stalled: number;
  /**
   * One a stream (`FrameLedger.memory`) where overlays are read and noted; null where they are only
   * acknowledged.
   */
  readonly ledgers: readonly SharedArrayBuffer[] | null;
  /** Says each overlay that it took, for whom waits for it. */
  readonly isTelling: boolean;
}

/** Load → displays: asks for their findings, or ends the connections and the thread. */
export type DisplayRequest = 'read' | 'close';

/** What the displays of a group know at the end. */
export interface DisplayFindings {
  /** One a stream (`meaning.ts`). */
  readonly meanings: readonly string[];
  /** Of the first display's mapping to the target's clock, ±; null while unknown. */
  readonly clockUncertaintyUs: number | null;
}

/** Displays → load. */
export type DisplayReply =
  | { readonly kind: 'open' }
  | { readonly kind: 'took' }
  | { readonly kind: 'findings'; readonly findings: DisplayFindings }
  | { readonly kind: 'lost'; readonly code: ErrorCode; readonly message: string };
