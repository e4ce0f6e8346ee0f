/**
 * What happens in a scripted procedure: the tip stops close to a structure that must not be
 * entered · is inside a vessel · leaves the image plane while the needle advances · fluid is
 * injected · an injection of which nothing comes into the image · the probe slides · the image is
 * frozen · the imaging depth is changed.
 */
export type ProcedureEventKind =
  | 'near-miss'
  | 'vessel-entry'
  | 'tip-out-of-plane'
  | 'injection'
  | 'unseen-injection'
  | 'probe-slide'
  | 'freeze'
  | 'depth-change';

/** One event with its time in the clip, s. */
export interface ProcedureEvent {
  readonly kind: ProcedureEventKind;
  readonly fromS: number;
  readonly toS: number;
  /** The structure that a near miss or an entry is about; null for the others. */
  readonly structure: 'nerve' | 'artery' | 'vein' | null;
}

/** Whether an operator injects, whatever the image shows of it. */
export function isInjection({ kind }: ProcedureEvent): boolean {
  return kind === 'injection' || kind === 'unseen-injection';
}
