import fc from 'fast-check';

/**
 * To shrink a counterexample of many numbers can take minutes. After this time a property fails
 * with the smallest one that was found until then.
 */
const LIMIT_MS = 15_000;

fc.configureGlobal({ interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: true });
