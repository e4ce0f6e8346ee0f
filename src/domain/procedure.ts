/** Which side of the patient. Confirmed at the start of a procedure and shown on every display. */
export const SIDES = ['left', 'right', 'midline'] as const;
export type Side = (typeof SIDES)[number];

/**
 * What goes through the needle: `aspirate` draws back, `test-bolus` shows where the tip is,
 * `hydrodissection` opens a plane and may be repeated (the spread stage takes its background anew
 * each time), `injection` is what the procedure is for.
 */
export const INJECTION_STEPS = ['aspirate', 'test-bolus', 'hydrodissection', 'injection'] as const;
export type InjectionStep = (typeof INJECTION_STEPS)[number];
