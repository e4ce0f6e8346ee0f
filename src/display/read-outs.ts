import type { TargetGuidance, TipPosition } from '../domain/guidance.js';
import type { NeedleState } from '../domain/needle.js';
import type { Overlay } from '../domain/overlay.js';
import type { Spread } from '../domain/spread.js';
import type { StructureClass } from '../domain/structure.js';
import { formatMm } from './millimetres.js';
import { GUIDANCE_REASON_WORDS } from './needle-words.js';
import { STRUCTURE_STYLES } from './structure-styles.js';

/** The words and numbers of one overlay, for reading at arm's length. */
export interface ReadOuts {
  /** What is seen of the needle where its marks alone might be mistaken; null = nothing to say. */
  readonly needle: string | null;
  /** Names of what must be seen and is not: then there is no distance. null = all is seen. */
  readonly unseen: string | null;
  /** Distance from the tip to the nearest protected structure, with its lower bound, or null. */
  readonly clearance: string | null;
  /** What the clearance is about: gives its words their colour. */
  readonly clearanceClass: StructureClass | null;
  /** State of the target, its distance with its upper bound, and the angle error; or null. */
  readonly target: string | null;
  /** Depth of the tip, and from what it counts; or null. */
  readonly depth: string | null;
  /** What is known of the injection that is watched: area, or that there is none; or null. */
  readonly spread: string | null;
}

/** No overlay says nothing. */
export const NO_READ_OUTS: ReadOuts = {
  needle: null,
  unseen: null,
  clearance: null,
  clearanceClass: null,
  target: null,
  depth: null,
  spread: null,
};

const NEEDLE_NOTICES: Readonly<Record<NeedleState, string | null>> = {
  absent: null,
  acquiring: null,
  'tip-visible': null,
  'tip-coasting': 'TIP PREDICTED, NOT SEEN',
  'shaft-only': 'TIP NOT VISIBLE',
  'out-of-plane': 'CROSS-SECTION, NOT THE TIP',
  lost: 'NEEDLE LOST',
};

/**
 * Says an overlay in words. Distances are whole millimetres, halves below 5 mm, and never without
 * the bound that is worse for the patient, rounded to its worse side.
 */
export function readOutsOf({ needle, guidance, spacing, spread }: Overlay): ReadOuts {
  const { nearest, unseen, target, tip } = guidance;
  const isMeasured = spacing !== null && nearest !== null && unseen.length === 0;
  return {
    needle: NEEDLE_NOTICES[needle.state],
    unseen: unseen.length === 0 ? null : `NOT SEEN: ${unseen.map(nameOf).join(', ')}`,
    clearance: isMeasured
      ? clearanceWords(nearest.structureClass, nearest.clearanceMm, nearest.lowerBoundMm)
      : null,
    clearanceClass: isMeasured ? nearest.structureClass : null,
    target: target === null ? null : targetWords(target),
    depth: tip === null || spacing === null ? null : depthWords(tip),
    spread: spread === undefined ? null : spreadWords(spread),
  };
}

function nameOf(structureClass: StructureClass): string {
  return STRUCTURE_STYLES[structureClass].name;
}

function clearanceWords(
  structureClass: StructureClass,
  clearanceMm: number,
  lowerBoundMm: number,
): string {
  const name = nameOf(structureClass);
  if (clearanceMm <= 0) return `TIP INSIDE ${name}`;
  if (lowerBoundMm <= 0) return `${name} ${formatMm(clearanceMm, 'nearest')} (may touch)`;
  const bound = formatMm(Math.min(lowerBoundMm, clearanceMm), 'down');
  return `${name} ${formatMm(clearanceMm, 'nearest')} (≥ ${bound})`;
}

function targetWords(target: TargetGuidance): string {
  const { state, distanceMm, upperBoundMm, angleErrorDeg } = target;
  if (state === 'moved') return 'TARGET MOVED: not confirmed';
  if (state === 'lost') return 'TARGET LOST';
  if (distanceMm === null || upperBoundMm === null) {
    const reason = target.reason === null ? null : GUIDANCE_REASON_WORDS[target.reason];
    return reason === null ? 'target held' : `target held · ${lowerFirst(reason)}`;
  }
  const bound = formatMm(Math.max(upperBoundMm, distanceMm), 'up');
  const distance = `target ${formatMm(distanceMm, 'nearest')} (≤ ${bound})`;
  return angleErrorDeg === null ? distance : `${distance} · ${Math.round(angleErrorDeg)}° off`;
}

function depthWords({ depthMm, depthFrom }: TipPosition): string {
  const depth = `tip ${formatMm(depthMm, 'nearest')} deep`;
  return depthFrom === 'image-edge' ? `${depth} from the image's edge` : depth;
}

/** Area in the image plane, whole square millimetres; never that nothing spreads elsewhere. */
function spreadWords({ state, areaMm2 }: Spread): string {
  switch (state) {
    case 'watching':
      return 'spread: watching';
    case 'seen':
      return areaMm2 === null ? 'spread seen' : `spread ${Math.round(areaMm2)} mm²`;
    case 'not-seen':
      return 'SPREAD NOT SEEN';
    case 'interrupted':
      return 'spread: picture changed';
  }
}

function lowerFirst(words: string): string {
  return words.slice(0, 1).toLowerCase() + words.slice(1);
}
