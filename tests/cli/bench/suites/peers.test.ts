import { describe, expect, it } from 'vitest';
import { inTurn } from '../../../../src/cli/bench/suites/peers.js';

describe('the order of the targets', () => {
  it('is the same for all and begins with another one each repetition', () => {
    const orders = [0, 1, 2, 3].map((repetition) => inTurn(['a', 'b', 'c'], repetition).join(''));
    expect(orders).toEqual(['abc', 'bca', 'cab', 'abc']);
    expect(inTurn([], 3)).toEqual([]);
  });
});
