import { describe, expect, it } from 'vitest';
import { createOperators } from '../../src/server/operators.js';

describe('operators', () => {
  it('ECHOLINE_AUTH_OPERATOR_TAKEN: one a stream, until it is given back', () => {
    const operators = createOperators();
    const giveBack = operators.claim('a');
    operators.claim('b');
    expect(() => operators.claim('a')).toThrow(
      expect.objectContaining({ code: 'ECHOLINE_AUTH_OPERATOR_TAKEN' }),
    );
    giveBack();
    operators.claim('a');
    giveBack();
    expect(() => operators.claim('a')).toThrow();
  });
});
