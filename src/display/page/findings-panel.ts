import type { Clearance } from '../../domain/guidance.js';
import type { Needle } from '../../domain/needle.js';
import type { Overlay } from '../../domain/overlay.js';
import type { Structure } from '../../domain/structure.js';
import { formatMm } from '../millimetres.js';
import { GUIDANCE_REASON_WORDS, NEEDLE_WORDS, TIP_REASON_WORDS } from '../needle-words.js';
import type { ReadOuts } from '../read-outs.js';
import type { DisplayState } from '../staleness.js';
import { ruleWords, STRUCTURE_STYLES } from '../structure-styles.js';
import { elementById, makeElement, setData, setText } from './element.js';
import { swatch } from './swatch.js';
import { WORDS } from './words.js';

/** Rows in the list of structures; more would not be read. */
const ROWS_MAX = 8;

/** The findings in words, beside the picture. */
export interface FindingsPanel {
  /**
   * Needle, nearest protected structure and target, at once.
   *
   * @param said - the same words and numbers as on the picture
   */
  showNeedle(current: Overlay | null, state: DisplayState, said: ReadOuts): void;
  /** Lists: a few times a second, so that they can be read. */
  showLists(current: Overlay | null): void;
}

/** Makes the panel on the elements of `index.html`. All text is set as text, never as markup. */
export function createFindingsPanel(): FindingsPanel {
  const headline = elementById('needle-headline', HTMLElement);
  const meaning = elementById('needle-meaning', HTMLElement);
  const figures = elementById('needle-figures', HTMLElement);
  const nearest = elementById('nearest', HTMLElement);
  const target = elementById('nearest-target', HTMLElement);
  const structures = elementById('structures', HTMLUListElement);
  const none = elementById('structures-none', HTMLElement);
  const guidance = elementById('guidance', HTMLElement);
  const guidanceLabel = elementById('guidance-label', HTMLElement);
  const reasons = elementById('guidance-reasons', HTMLUListElement);

  return {
    showNeedle(current, state, said) {
      const words = current === null ? null : NEEDLE_WORDS[current.needle.state];
      setText(headline, words?.headline ?? WORDS.needleUnknown);
      setText(meaning, current === null ? WORDS.stateMeaning[state] : meaningOf(current.needle));
      setText(figures, current === null ? '' : needleFigures(current.needle, said));
      setData('nearest', nearestKind(said));
      setText(nearest, said.unseen ?? said.clearance ?? noDistanceWords(current));
      setText(target, said.target ?? '');
    },
    showLists(current) {
      const rows = current === null ? [] : rowsOf(current);
      none.hidden = rows.length > 0;
      setText(none, current === null ? WORDS.notKnown : WORDS.noneOutlined);
      const key = JSON.stringify(rows);
      if (key !== structures.dataset.listed) {
        structures.dataset.listed = key;
        structures.replaceChildren(...rows.map(rowElement));
      }
      const limits =
        current?.guidance.validity === 'valid' ? [] : (current?.guidance.reasons ?? []);
      guidance.hidden = limits.length === 0;
      const isGone = current?.guidance.validity === 'unavailable';
      setText(guidanceLabel, isGone ? WORDS.noGuidance : WORDS.limited);
      const words = limits.map((reason) => GUIDANCE_REASON_WORDS[reason]);
      if (reasons.textContent !== words.join('')) reasons.replaceChildren(...words.map(item));
    },
  };
}

function meaningOf({ state, tipReason }: Needle): string {
  const reason = tipReason === null ? null : TIP_REASON_WORDS[tipReason];
  const { meaning } = NEEDLE_WORDS[state];
  return state === 'absent' ? (reason ?? meaning) : meaning;
}

/** Why there is no distance: a dash says nothing to somebody who sees it for the first time. */
function noDistanceWords(current: Overlay | null): string {
  if (current === null) return WORDS.none;
  if (current.needle.state !== 'tip-visible') return WORDS.noDistance.tip;
  return current.spacing === null ? WORDS.noDistance.scale : WORDS.noDistance.structure;
}

/** Whether there is a distance, what must be seen is not, or nothing can be said. */
function nearestKind({ unseen, clearance }: ReadOuts): 'unseen' | 'seen' | 'none' {
  if (unseen !== null) return 'unseen';
  return clearance === null ? 'none' : 'seen';
}

/** Uncertainty and angle; millimetres only where the spacing is known. */
function needleFigures(needle: Needle, { depth }: ReadOuts): string {
  const parts: string[] = [];
  if (needle.tip !== null && needle.radius90Mm !== null) {
    parts.push(WORDS.tipWithin(formatMm(needle.radius90Mm, 'up')));
  }
  if (depth !== null) parts.push(depth.slice(0, 1).toUpperCase() + depth.slice(1));
  if (needle.angleDeg !== null) parts.push(WORDS.shaftAngle(Math.round(needle.angleDeg)));
  return parts.join('\n');
}

interface Row {
  readonly class: Structure['class'];
  readonly count: number;
  readonly words: string | null;
}

/** One row a class and rule, those with a rule first; the nearest one's distance stands above. */
function rowsOf(overlay: Overlay): readonly Row[] {
  const rows = new Map<string, Row>();
  const isRuled = ({ rule }: Structure) => rule !== 'none';
  const ordered = [
    ...overlay.structures.filter(isRuled),
    ...overlay.structures.filter((structure) => !isRuled(structure)),
  ];
  const { clearances, nearest } = overlay.guidance;
  for (const structure of ordered) {
    const rule = ruleWords(structure.rule, structure.keepOffMm);
    const clearance = clearances.find(({ structureId }) => structureId === structure.id);
    const distance = structure.id === nearest?.structureId ? null : clearanceWords(clearance);
    const words = [rule, distance].filter((part) => part !== null).join(' · ');
    const key = `${structure.class} ${words}`;
    const count = (rows.get(key)?.count ?? 0) + 1;
    rows.set(key, { class: structure.class, count, words: words === '' ? null : words });
  }
  return [...rows.values()].slice(0, ROWS_MAX);
}

/** A distance is never said without its lower bound. */
function clearanceWords(clearance: Clearance | undefined): string | null {
  if (clearance === undefined) return null;
  const { clearanceMm, lowerBoundMm } = clearance;
  if (clearanceMm === null || lowerBoundMm === null) return null;
  return WORDS.tipAt(formatMm(clearanceMm, 'nearest'), formatMm(lowerBoundMm, 'down'));
}

function rowElement(row: Row): HTMLLIElement {
  const style = STRUCTURE_STYLES[row.class];
  const element = document.createElement('li');
  const letter = document.createElement('b');
  letter.textContent = style.letter;
  const name = document.createElement('span');
  name.append(row.count > 1 ? `${style.name} × ${row.count}` : style.name);
  if (row.words !== null) {
    const words = document.createElement('span');
    words.className = 'rule';
    words.textContent = row.words;
    name.append(' ', words);
  }
  element.append(swatch(row.class), letter, name);
  return element;
}

function item(text: string): HTMLLIElement {
  return makeElement('li', '', text);
}
