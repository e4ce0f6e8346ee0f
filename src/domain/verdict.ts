/** What became of one offered frame. Each offered frame gets exactly one. */
export type VerdictKind = 'ok' | 'superseded' | 'expired' | 'invalid' | 'failed';
export const VERDICT_KINDS: readonly VerdictKind[] = [
  'ok',
  'superseded',
  'expired',
  'invalid',
  'failed',
];

/** How many frames of a stream got which verdict. `offered` = their sum, always. */
export type VerdictCounts = Readonly<Record<VerdictKind, number>>;
