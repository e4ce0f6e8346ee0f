import type { Clearance } from '../../domain/guidance.js';
import type { Overlay } from '../../domain/overlay.js';
import type { Structure } from '../../domain/structure.js';
import { formatMm } from '../millimetres.js';
import { GUIDANCE_REASON_WORDS, NEEDLE_WORDS, TIP_REASON_WORDS } from '../needle-words.js';
import type { DisplayState } from '../staleness.js';
import { ruleWords, STRUCTURE_STYLES } from '../structure-styles.js';
import { elementById, setText } from './element.js';

/** Rows in the list of structures; more would not be read. */
const ROWS_MAX = 8;
const SVG = 'http://www.w3.org/2000/svg';

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
  const structures = elementById('structures', HTMLUListElement);
  const none = elementById('structures-none', HTMLElement);
  const guidance = elementById('guidance', HTMLElement);
  const guidanceLabel = elementById('guidance-label', HTMLElement);
  const reasons = elementById('guidance-reasons', HTMLUListElement);
  let listed = '';

  return {
    showNeedle(current, state) {
      if (current === null) {
        setText(headline, 'Not known');
        setText(meaning, unknownWords(state));
        return;
      }
      const { needle } = current;
      const words = NEEDLE_WORDS[needle.state];
      setText(headline, words.headline);
      const reason = needle.tipReason === null ? null : TIP_REASON_WORDS[needle.tipReason];
      setText(meaning, needle.state === 'absent' ? (reason ?? words.meaning) : words.meaning);
    },
    showLists(current) {
      setText(figures, current === null ? '' : needleFigures(current));
      const rows = current === null ? [] : rowsOf(current);
      none.hidden = rows.length > 0;
      setText(none, current === null ? 'Not known.' : 'None outlined.');
      const key = JSON.stringify(rows);
      if (key !== listed) {
        listed = key;
        structures.replaceChildren(...rows.map(rowElement));
      }
      const limits =
        current?.guidance.validity === 'valid' ? [] : (current?.guidance.reasons ?? []);
      guidance.hidden = limits.length === 0;
      const isGone = current?.guidance.validity === 'unavailable';
      setText(guidanceLabel, isGone ? 'No guidance, because' : 'Limited, because');
      const words = limits.map((reason) => GUIDANCE_REASON_WORDS[reason]);
      if (reasons.textContent !== words.join('')) reasons.replaceChildren(...words.map(item));
    },
  };
}

function unknownWords(state: DisplayState): string {
  switch (state) {
    case 'STALE':
      return 'The newest overlay is too old.';
    case 'UNAVAILABLE':
      return 'No engine looks at this picture.';
    case 'LOST':
      return 'There is no current picture.';
    case 'WAITING':
      return 'No picture has come yet.';
    case 'FROZEN':
      return 'No overlay belongs to this frozen image.';
    case 'LIVE':
      return '';
  }
}

/** Uncertainty and angle; millimetres only where the spacing is known. */
function needleFigures(overlay: Overlay): string {
  const { needle } = overlay;
  const parts: string[] = [];
  if (needle.tip !== null && needle.radius90Mm !== null) {
    parts.push(`Tip within ${formatMm(needle.radius90Mm, 'up')} (90 %)`);
  }
  if (needle.angleDeg !== null) parts.push(`Shaft angle ${Math.round(needle.angleDeg)}°`);
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
  return `tip at ${formatMm(clearanceMm, 'nearest')} (≥ ${formatMm(lowerBoundMm, 'down')})`;
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

/** A piece of the outline as it is drawn on the picture. */
function swatch(structureClass: Structure['class']): SVGElement {
  const style = STRUCTURE_STYLES[structureClass];
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 36 12');
  svg.setAttribute('aria-hidden', 'true');
  const stroke = (colour: string, dash: readonly number[]): void => {
    const line = document.createElementNS(SVG, 'line');
    line.setAttribute('x1', '0');
    line.setAttribute('x2', '36');
    line.setAttribute('y1', '6');
    line.setAttribute('y2', '6');
    line.setAttribute('stroke', colour);
    line.setAttribute('stroke-width', String(Math.max(2, style.widthCssPx)));
    if (dash.length > 0) line.setAttribute('stroke-dasharray', dash.join(' '));
    svg.append(line);
  };
  if (style.gapColour !== null) stroke(style.gapColour, []);
  stroke(style.colour, style.dash);
  return svg;
}

function item(text: string): HTMLLIElement {
  const element = document.createElement('li');
  element.textContent = text;
  return element;
}
