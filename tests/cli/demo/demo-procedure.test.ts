import { describe, expect, it } from 'vitest';
import { createDemoOperator } from '../../../src/cli/demo/demo-procedure.js';
import type { ProcedureCommand } from '../../../src/protocol/procedure-commands.js';
import { sampleOverlay } from '../../protocol/sample-overlay.js';

describe("the demo's operator", () => {
  it('starts a procedure, sets a target, opens the plane, injects and ends it, in this order', () => {
    const given: ProcedureCommand[] = [];
    const operator = createDemoOperator((command) => given.push(command));
    operator.advance(500_000, null);
    expect(given).toEqual([]);
    const seen = sampleOverlay();
    for (let atUs = 0; atUs < 15_400_000; atUs += 33_333) operator.advance(atUs, seen);
    expect(given.map(({ type }) => type)).toEqual([
      'start-procedure',
      'set-target',
      'start-injection',
      'stop-injection',
      'start-injection',
      'stop-injection',
      'end-procedure',
    ]);
    expect(new Set(given.map(({ commandId }) => commandId)).size).toBe(given.length);
    const steps = given.flatMap((one) => (one.type === 'start-injection' ? [one.step] : []));
    expect(steps).toEqual(['hydrodissection', 'injection']);
  });
});
