import { describe, expect, it } from 'vitest';
import { createTokenBucket, takeToken } from '../../src/session/token-bucket.js';

describe('a token bucket', () => {
  it('grants a burst of one second, then the rate', () => {
    let bucket = createTokenBucket(10, 0);
    const take = (nowUs: number) => {
      const taken = takeToken(bucket, nowUs);
      bucket = taken.bucket;
      return taken.isGranted;
    };
    expect(Array.from({ length: 11 }, () => take(0)).filter(Boolean)).toHaveLength(10);
    expect(take(99_999)).toBe(false);
    expect(take(100_000)).toBe(true);
    expect(take(100_000)).toBe(false);
    expect(Array.from({ length: 20 }, () => take(9e6)).filter(Boolean)).toHaveLength(10);
  });
});
