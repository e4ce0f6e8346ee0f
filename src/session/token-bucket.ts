/** A rate with a burst of one second. Pure: the caller reads the clock. */
export interface TokenBucket {
  readonly perSecond: number;
  readonly tokens: number;
  readonly atUs: number;
}

/** A full bucket. */
export function createTokenBucket(perSecond: number, nowUs: number): TokenBucket {
  return { perSecond, tokens: perSecond, atUs: nowUs };
}

/** Takes one token if there is one. */
export function takeToken(
  bucket: TokenBucket,
  nowUs: number,
): { readonly bucket: TokenBucket; readonly isGranted: boolean } {
  const { perSecond } = bucket;
  const gained = ((nowUs - bucket.atUs) / 1e6) * perSecond;
  const tokens = Math.min(perSecond, bucket.tokens + gained);
  const isGranted = tokens >= 1;
  return {
    bucket: { perSecond, tokens: isGranted ? tokens - 1 : tokens, atUs: nowUs },
    isGranted,
  };
}
