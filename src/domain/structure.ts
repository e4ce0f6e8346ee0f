import type { PointPx } from './geometry.js';

/** Every class a model's manifest may name. `vessel` = artery or vein, not decided. */
export type StructureClass =
  | 'nerve'
  | 'artery'
  | 'vein'
  | 'vessel'
  | 'bone'
  | 'fascia'
  | 'muscle'
  | 'tendon'
  | 'pleura'
  | 'fluid'
  | 'injectate';
export const STRUCTURE_CLASSES: readonly StructureClass[] = [
  'nerve',
  'artery',
  'vein',
  'vessel',
  'bone',
  'fascia',
  'muscle',
  'tendon',
  'pleura',
  'fluid',
  'injectate',
];

/** Whether a class is a blood vessel, decided or not. */
export function isVessel(name: StructureClass): boolean {
  return name === 'artery' || name === 'vein' || name === 'vessel';
}

/** What the protocol says about a structure. `keep-off` comes with a distance. */
export type StructureRule = 'none' | 'beside' | 'do-not-enter' | 'enter' | 'contact' | 'keep-off';

/** A labelled anatomical region in image pixels. */
export interface Structure {
  /** Names it within a track epoch; the same from frame to frame. */
  readonly id: number;
  readonly class: StructureClass;
  readonly rule: StructureRule;
  /** mm; null unless `rule` is `keep-off`. */
  readonly keepOffMm: number | null;
  /** 0 to 1. */
  readonly confidence: number;
  /** A closed polygon of at least three points; the last joins the first. */
  readonly contour: readonly PointPx[];
  /** null when the spacing is unknown. */
  readonly areaMm2: number | null;
  /**
   * True where it was not outlined in this frame: the contour is the last one, moved along with the
   * tissue for a moment so that the picture does not flicker. Nothing is measured from it.
   */
  readonly isCoasting?: boolean;
}

/** The rule without a protocol: nerves and vessels are not to be entered, the rest is free. */
export function defaultRule(structureClass: StructureClass): StructureRule {
  switch (structureClass) {
    case 'nerve':
    case 'artery':
    case 'vein':
    case 'vessel':
      return 'do-not-enter';
    default:
      return 'none';
  }
}
