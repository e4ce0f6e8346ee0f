import type { Clearance } from '../../domain/guidance.js';
import type { Needle } from '../../domain/needle.js';
import type { Overlay } from '../../domain/overlay.js';
import type { Structure } from '../../domain/structure.js';
import { formatMm } from '../millimetres.js';
import { GUIDANCE_REASON_WORDS, NEEDLE_WORDS, TIP_REASON_WORDS } from '../needle-words.js';
import { NO_READ_OUTS, type ReadOuts, readOutsOf } from '../read-outs.js';
import type { DisplayState } from '../staleness.js';
import { ruleWords, STRUCTURE_STYLES } from '../structure-styles.js';
import { elementById, makeElement, setData, setText } from './element.js';
import { swatch } from './swatch.js';
import { WORDS } from './words.js';

/** Rows in the list of structures; more would not be read. */
const ROWS_MAX = 8;

/** The findings in words, beside the picture. */
export interface FindingsPanel {
  /** Needle state in words. */
  showNeedle(current: Overlay | null, state: DisplayState): void;
  /** Figures and lists: a few times a second, so that they can be read. */
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
    showNeedle(current, state) {
      if (current === null) {
        setText(headline, WORDS.needleUnknown);
        setText(meaning, WORDS.stateMeaning[state]);
        return;
      }
      const { needle } = current;
      const words = NEEDLE_WORDS[needle.state];
      setText(headline, words.headline);
      const reason = needle.tipReason === null ? null : TIP_REASON_WORDS[needle.tipReason];
      setText(meaning, needle.state === 'absent' ? (reason ?? words.meaning) : words.meaning);
    },
    showLists(current) {
      const said = current === null ? NO_READ_OUTS : readOutsOf(current);
      setText(figures, current === null ? '' : needleFigures(current.needle, said));
      setData('nearest', nearestKind(said));
      setText(nearest, said.unseen ?? said.clearance ?? WORDS.none);
      setText(target, said.target ?? '');
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

/** One row a class and rule, with the nearest clearance of that class. */
function rowsOf(overlay: Overlay): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const structure of overlay.structures) {
    const rule = ruleWords(structure.rule, structure.keepOffMm);
    const clearance = overlay.guidance.clearances.find(
      ({ structureId }) => structureId === structure.id,
    );
    const words = [rule, clearanceWords(clearance)].filter((part) => part !== null).join(' · ');
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
