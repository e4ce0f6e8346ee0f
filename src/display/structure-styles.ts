import type { StructureClass, StructureRule } from '../domain/structure.js';

/**
 * How one class of structure is outlined. Colour, line pattern and letter each tell the classes
 * apart on their own, so that none has to be seen.
 */
export interface StructureStyle {
  readonly letter: string;
  readonly name: string;
  readonly colour: string;
  /** A second colour in the gaps of the pattern; null = the dark casing shows there. */
  readonly gapColour: string | null;
  /** CSS pixels. */
  readonly widthCssPx: number;
  /** Dash pattern, CSS pixels; empty = solid. */
  readonly dash: readonly number[];
  /** 0 to 1. */
  readonly opacity: number;
}

const FULL = { gapColour: null, widthCssPx: 2.25, opacity: 1 } as const;

/**
 * Hues of Okabe and Ito's palette, which stays distinguishable in the common colour-vision
 * deficiencies, after the anatomical convention (nerve yellow, artery red, vein blue). `vessel`
 * carries both vessel colours, because it is either and not decided.
 */
export const STRUCTURE_STYLES: Readonly<Record<StructureClass, StructureStyle>> = {
  nerve: { ...FULL, letter: 'N', name: 'nerve', colour: '#F0E442', dash: [] },
  artery: { ...FULL, letter: 'A', name: 'artery', colour: '#D55E00', dash: [], widthCssPx: 3 },
  vein: { ...FULL, letter: 'V', name: 'vein', colour: '#56B4E9', dash: [9, 5] },
  vessel: {
    ...FULL,
    letter: 'A/V',
    name: 'artery or vein',
    colour: '#D55E00',
    gapColour: '#56B4E9',
    dash: [7, 7],
  },
  bone: { ...FULL, letter: 'B', name: 'bone', colour: '#999999', dash: [14, 4] },
  fascia: { ...FULL, letter: 'Fa', name: 'fascia', colour: '#009E73', dash: [5, 3], widthCssPx: 2 },
  muscle: {
    ...FULL,
    letter: 'M',
    name: 'muscle',
    colour: '#C9C2B8',
    dash: [],
    widthCssPx: 1,
    opacity: 0.45,
  },
  tendon: { ...FULL, letter: 'T', name: 'tendon', colour: '#CC79A7', dash: [9, 3, 2, 3] },
  pleura: { ...FULL, letter: 'P', name: 'pleura', colour: '#CC79A7', dash: [], widthCssPx: 3 },
  fluid: { ...FULL, letter: 'Fl', name: 'fluid', colour: '#56B4E9', dash: [2, 4] },
  injectate: { ...FULL, letter: 'I', name: 'injectate', colour: '#E69F00', dash: [3, 3] },
};

/** A rule in words; null where there is nothing to say. */
export function ruleWords(rule: StructureRule, keepOffMm: number | null): string | null {
  switch (rule) {
    case 'none':
      return null;
    case 'beside':
      return 'stay beside';
    case 'do-not-enter':
      return 'keep out';
    case 'enter':
      return 'to enter';
    case 'contact':
      return 'to touch';
    case 'keep-off':
      return keepOffMm === null ? 'keep off' : `keep off ${keepOffMm} mm`;
  }
}
